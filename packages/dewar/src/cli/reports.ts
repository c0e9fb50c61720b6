/**
 * Commands that show what a part of the running process reports, each by a renderer of its own where it has one.
 * @module
 */
import { askRunning, CONTROL_OPTION, RefusedError } from './control.ts';
import { cspReport } from './csp.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { jsonText } from './layout.ts';
import { limitsTable } from './limits.ts';
import { CONFIG_OPTION } from './load.ts';
import type { Command } from './usage.ts';

/** What a renderer knows of the terminal. */
type Look = Pick<Io, 'width' | 'paint'>;

/** Shows a report as text. A report is plain data; as JSON it is printed as it is, without one. */
type Renderer = (report: never, look: Look) => string;

/** Renderers by the name of the part. What has none is shown as JSON. */
const RENDERERS: ReadonlyMap<string, Renderer> = new Map<string, Renderer>([
  ['limits', limitsTable],
  ['csp', cspReport],
]);

/** A command that shows the report of the part it is named after. */
export function reportCommand(name: string, summary: string, tells: string): Command {
  return {
    name,
    summary,
    about: `${tells}
Asks the running process, by its control socket.

Ends with 0 when it was told, 1 when the process has no such figures, 2 when the
command line is wrong, 3 when no process can be asked.`,
    options: {
      control: CONTROL_OPTION,
      config: CONFIG_OPTION,
      json: { type: 'boolean', help: 'prints JSON' },
    },
    async run(values, io) {
      let report: unknown;
      try {
        report = await askRunning({ ask: 'report', part: name }, values, io);
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        io.note(`dewar: ${error.message}\n`);
        return EXIT.found;
      }
      io.out(render(name, report, values['json'] === true, io));
      return EXIT.ok;
    },
  };
}

/** A report as text: by its renderer, else as JSON. */
export function render(
  name: string,
  report: unknown,
  json: boolean,
  look: Look,
  renderers: ReadonlyMap<string, Renderer> = RENDERERS,
): string {
  const renderer = json ? undefined : renderers.get(name);
  // What a part reports is what the renderer of its name was written for.
  return renderer === undefined ? jsonText(report) : renderer(report as never, look);
}
