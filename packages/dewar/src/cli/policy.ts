/**
 * `dewar policy`: every option of every protection, and all that is weakened, with the reasons.
 * @module
 */
import { inspect, memoryStores } from '@dewar/core';
import type { ConfigFault, OptionView, PolicyView, ProtectionView, RouteSettingView, Weakening } from '@dewar/core';
import { ask, CONTROL_OPTION } from './control.ts';
import { describeFaults } from './failure.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import { jsonText, pairs, wrap } from './layout.ts';
import { CONFIG_OPTION, loadDewar } from './load.ts';
import { spareSecret } from './spare-secret.ts';
import type { Command } from './usage.ts';

export const policy: Command = {
  name: 'policy',
  summary: 'shows every option of every protection, and what is weakened',
  about: `Shows what is in force: each option of each protection, whether the policy set
it or it is the default, what routes set for themselves, and everything that is
off, only observes or is weaker than its default, with the owner's reason. The
application is built in the production profile but never listens; with --control
the running process tells what it runs with.

Ends with 0 when the application would start, 1 when it would not, 2 when the
command line is wrong, 3 when it could not be built, or no process can be asked.`,
  options: {
    config: CONFIG_OPTION,
    control: { ...CONTROL_OPTION, help: 'asks the running process by this socket' },
    json: { type: 'boolean', help: 'prints JSON' },
    changed: { type: 'boolean', help: 'leaves out options that have their default' },
  },
  async run(values, io) {
    const { control } = values;
    const { view, faults } =
      typeof control === 'string' ? await running(control, io) : await built(values['config'], io);
    if (values['json'] === true) io.out(jsonText({ ...view, faults }));
    else {
      io.out(policyText(view, io, values['changed'] === true));
      if (faults.length > 0) io.note(`dewar: the application does not start with this\n${describeFaults(faults)}`);
    }
    return faults.length > 0 ? EXIT.found : EXIT.ok;
  },
};

interface Found {
  readonly view: PolicyView;
  readonly faults: readonly ConfigFault[];
}

async function running(path: string, io: Io): Promise<Found> {
  // The process answers with what `policyView` made there. It runs, so it has no faults.
  return { view: (await ask(path, { ask: 'policy' }, io)) as PolicyView, faults: [] };
}

async function built(file: unknown, io: Io): Promise<Found> {
  const dewar = await loadDewar(file, io);
  const secret = spareSecret(dewar.policy, io.env);
  const found = await inspect(dewar, { profile: 'production', events: [], stores: memoryStores(), ...secret });
  return { view: found.policy, faults: found.faults };
}

/** The view as text. */
function policyText(view: PolicyView, io: Pick<Io, 'width' | 'paint'>, changed: boolean): string {
  const { width, paint } = io;
  const { profile, protections, routes, weakenings, warnings } = view;
  const room = width ?? Number.POSITIVE_INFINITY;
  const loud = (text: string): string =>
    wrap(text, Math.max(room, 40))
      .map((line) => `${paint('loud', line)}\n`)
      .join('');
  const text = [
    ...protections.map((one) => protectionText(one, io, changed)),
    ...(routes.length === 0 ? [] : [`${paint('strong', 'routes')}\n`, pairs(routes.map(routeText), width), '\n']),
    ...weakenings.map((one) => loud(weakeningText(one))),
    ...warnings.map(({ option, wrong, write }) => loud(`${option}: ${wrong}; ${write}`)),
  ];
  const weak = weakenings.length === 0 ? 'nothing is weakened' : `${weakenings.length} weakened`;
  const total = `${protections.length} protections in the ${profile} profile, ${weak}`;
  return `${text.join('')}${paint('strong', total)}\n`;
}

function protectionText(
  { name, state, options }: ProtectionView,
  io: Pick<Io, 'width' | 'paint'>,
  changed: boolean,
): string {
  const shown = changed ? options.filter(({ set }) => set === 'policy') : options;
  const head = `${io.paint('strong', name)} ${io.paint(state === 'enforces' ? 'good' : 'loud', state)}\n`;
  return `${head}${pairs(shown.map(optionRow), io.width)}\n`;
}

function optionRow({ name, value, default: standard, set }: OptionView): readonly [string, string] {
  if (set === 'default') return [name, `${said(value)} (default)`];
  const same = said(value) === said(standard);
  return [name, `${said(value)} (policy${same ? ', as the default' : `; default ${said(standard)}`})`];
}

function said(value: unknown): string {
  return JSON.stringify(value);
}

function routeText({ route, protection, off, options, declaredAt }: RouteSettingView): readonly [string, string] {
  const set = options.map(({ name, value }) => `${name}: ${said(value)}`).join(', ');
  return [
    route,
    `${protection} ${off ? 'off' : set === '' ? 'set' : set}${declaredAt === '' ? '' : ` (${declaredAt})`}`,
  ];
}

/** `csrf is off: bearer-only API, no cookies`. */
function weakeningText({ option, how, reason, until }: Weakening): string {
  if (how === 'off') return `${option} is off: ${reason}`;
  if (how === 'detect') return `${option} only observes${until === undefined ? '' : ` until ${until}`}: ${reason}`;
  return `${option} is weaker: ${reason}`;
}
