/**
 * `dewar explain ID`: why a request was refused, from the running process or from a log.
 * @module
 */
import type { Denial, Explanation, OptionView, PolicyView } from '@dewar/core';
import { ask, CONTROL_OPTION, controlPath } from './control.ts';
import { BrokenError } from './failure.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { jsonText, pairs, visible } from './layout.ts';
import { CONFIG_OPTION } from './load.ts';
import { eventsOf, explanationIn } from './log-search.ts';
import type { LoggedEvent } from './log-search.ts';
import { UsageError } from './usage.ts';
import type { Command, Values } from './usage.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'tells why a request was refused',
  about: `Tells why a request was refused: the protection, the option that decided with
its value and who set it, the rule, the class of the input, the route. The id
stands in the problem that the client was sent, and in every event of the
request. The running process knows its last 1,000 refusals; --log finds older
ones.

Ends with 0 when it is told, 1 when nothing is known of that id, 2 when the
command line is wrong, 3 when no process can be asked and no log was given.`,
  argument: { value: 'ID', help: 'of the request, as its answer and the log name it' },
  options: {
    control: CONTROL_OPTION,
    config: CONFIG_OPTION,
    log: { type: 'string', value: 'FILE', help: 'searches JSON lines of events as well; - is standard input' },
    json: { type: 'boolean', help: 'prints JSON' },
  },
  async run(values, io) {
    const { argument: id = '', log } = values;
    if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,64}$/.test(id)) {
      throw new UsageError('an id has letters, digits, - and _, such as fV7fRk2lUq0d3w1N');
    }
    const known = await fromProcess(id, values, io);
    const events = known === undefined && typeof log === 'string' ? await eventsOf(id, log) : [];
    const why = known?.why ?? explanationIn(events);
    if (why === undefined && events.length === 0) {
      io.note(
        `dewar: nothing is known of ${id}${typeof log === 'string' ? '' : '; an older one may stand in a log: --log FILE'}\n`,
      );
      return EXIT.found;
    }
    if (values['json'] === true) io.out(jsonText({ explanation: why ?? null, events }));
    else io.out(why === undefined ? eventsText(events, io) : explanationText(why, io, known?.decided));
    return EXIT.ok;
  },
};

/** An option with its value, and who set it: the default, the policy, or the route. */
interface Decided {
  readonly value: unknown;
  readonly set: string;
}

interface Known {
  readonly why: Explanation;
  /** The option that decided, as it is in force. */
  readonly decided: Decided | undefined;
}

/** `undefined` where the process does not know it. Without a process that is an error, unless there is a log. */
async function fromProcess(id: string, values: Values, io: Io): Promise<Known | undefined> {
  try {
    const path = await controlPath(values, io);
    if (path === undefined) throw new BrokenError(`no running process can be asked; name a socket, or --log FILE`);
    // The process answers with what `kernel.explain` and `policyView` made there.
    const why = (await ask(path, { ask: 'explain', id }, io)) as Explanation | null;
    if (why === null) return undefined;
    return { why, decided: decidedBy(why, (await ask(path, { ask: 'policy' }, io)) as PolicyView) };
  } catch (error) {
    const nobody = error instanceof BrokenError || error instanceof UsageError;
    if (nobody && typeof values['log'] === 'string') return undefined;
    throw error;
  }
}

/** The option that decided, `csrf.trustedOrigins`, by the route where that sets it. */
function decidedBy({ denial, method, route }: Explanation, view: PolicyView): Decided | undefined {
  const { option } = denial;
  const [protection, name] = option.split(/[.[]/);
  const here = view.routes.find((one) => one.protection === protection && one.route === `${method} ${route}`);
  const ofRoute = here?.options.find((one) => one.name === name);
  if (ofRoute !== undefined) return { value: ofRoute.value, set: 'route' };
  const optionsOf = (owner: string | undefined): readonly OptionView[] =>
    view.protections.find((one) => one.name === owner)?.options ?? [];
  // The facts' options are named without the facts.
  return (
    optionsOf(protection).find((one) => one.name === name) ?? optionsOf('facts').find((one) => one.name === option)
  );
}

/** An explanation as text. */
function explanationText(why: Explanation, { width, paint }: Pick<Io, 'width' | 'paint'>, decided?: Decided): string {
  const { method, path, at, denial, route, declaredAt, client, account, notes } = why;
  const { code, status, by, option, rule, input } = denial;
  const when = Number.isNaN(at) ? '' : ` at ${new Date(at).toISOString()}`;
  const value = decided === undefined ? '' : ` = ${JSON.stringify(decided.value)} (${decided.set})`;
  const rows: (readonly [string, string])[] = [
    ['code', code],
    ['protection', by],
    ['decided by', `${option}${value}`],
    ['rule', rule ?? ''],
    ['input', input ?? ''],
    ['route', route === '' ? 'none matched' : `${method} ${route}${declaredAt === '' ? '' : ` (${declaredAt})`}`],
    ['client', client],
    ['account', account ?? ''],
    ...notes.map((note: Denial) => ['would refuse', `${note.code}, decided by ${note.option}`] as const),
  ];
  const head = visible(`${method} ${path} was refused with ${status}${when}`.trim());
  return `${paint('strong', head)}\n${pairs(
    rows.filter(([, text]) => text !== ''),
    width,
  )}`;
}

/** Events of a request that was not refused. */
function eventsText(events: readonly LoggedEvent[], { width, paint }: Pick<Io, 'width' | 'paint'>): string {
  const rows = events.map(({ time, event, level: _level, request: _request, ...fields }) => {
    const told = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return [String(time), `${String(event)} ${told.join(' ')}`] as const;
  });
  return `${paint('strong', 'It was not refused.')}\n${pairs(rows, width)}`;
}
