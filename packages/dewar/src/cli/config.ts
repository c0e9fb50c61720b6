/**
 * `dewar config`: every variable of the application, its value, where that comes from and what it hides.
 * @module
 */
import { configReport } from '@dewar/core/config';
import type { ConfigEntry, ConfigReport } from '@dewar/core/config';
import { ask, CONTROL_OPTION } from './control.ts';
import { BrokenError, describeFaults } from './failure.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { jsonText, pairs } from './layout.ts';
import { CONFIG_OPTION, loadDewar } from './load.ts';
import type { Command } from './usage.ts';

export const config: Command = {
  name: 'config',
  summary: 'shows the effective configuration and where it comes from',
  about: `Shows every variable that readConfig reads: its value, where it comes from,
where else it stands to no effect, files that were read, and names that nothing
reads. Secrets are never shown. Reads the environment as this command has it;
with --control the running process tells what it has.

Ends with 0 when all is well, 1 when something is wrong, 2 when the command line
is wrong, 3 when there is no configuration to show.`,
  options: {
    config: CONFIG_OPTION,
    control: { ...CONTROL_OPTION, help: 'asks the running process by this socket' },
    json: { type: 'boolean', help: 'prints JSON' },
  },
  async run(values, io) {
    const { control } = values;
    const told =
      typeof control === 'string' ? await ask(control, { ask: 'config' }, io) : await reportHere(values['config'], io);
    if (told === undefined || told === null) {
      throw new BrokenError('there is no configuration to show; write defineDewar({ config: readConfig({ … }), … })');
    }
    // The process answers with what `configReport` made there.
    const report = told as ConfigReport;
    io.out(values['json'] === true ? jsonText(report) : configText(report, io));
    const { faults, warnings } = report;
    if (faults.length > 0) io.note(`dewar: the application does not start with this\n${describeFaults(faults)}`);
    if (warnings.length > 0) io.note(`dewar: warnings\n${describeFaults(warnings)}`);
    return faults.length > 0 ? EXIT.found : EXIT.ok;
  },
};

/** Also of a configuration that was refused while the definition was imported. */
async function reportHere(file: unknown, io: Io): Promise<ConfigReport | undefined> {
  try {
    return configReport((await loadDewar(file, io)).config);
  } catch (error) {
    const report = configReport(error instanceof BrokenError ? error.cause : undefined);
    if (report === undefined) throw error;
    return report;
  }
}

/** The report as text. */
function configText(report: ConfigReport, { width, paint }: Pick<Io, 'width' | 'paint'>): string {
  const { entries, files, unused } = report;
  const missing = entries.filter(({ value }) => value === null);
  const text = [
    pairs(
      entries.map((entry) => [entry.name, entryText(entry)]),
      width,
    ),
  ];
  if (files.length > 0)
    text.push(
      '\nfiles\n',
      pairs(
        files.map(({ file, state }) => [file, state]),
        width,
      ),
    );
  if (unused.length > 0)
    text.push(
      '\nread by nothing\n',
      pairs(
        unused.map(({ name, origin }) => [name, origin]),
        width,
      ),
    );
  const total = `${entries.length} variables${missing.length === 0 ? '' : `, ${missing.length} missing or wrong`}`;
  return `${text.join('')}\n${paint(missing.length === 0 ? 'strong' : 'bad', total)}\n`;
}

function entryText({ value, origin, shadowed, kind }: ConfigEntry): string {
  const said = value ?? (origin === null ? `MISSING, ${kind}` : `WRONG, must be ${kind}`);
  const from = origin === null ? '' : ` (${origin})`;
  return `${said}${from}${shadowed.length === 0 ? '' : `; hides ${shadowed.join(', ')}`}`;
}
