/**
 * The inventory as text that fits the terminal. Nothing is ever cut off: what is too wide goes to the next line.
 * @module
 */
import type { Deviation, Inventory, InventoryRoute } from './inventory.ts';
import type { Io, Tone } from './io.ts';
import { visible, wrap } from './layout.ts';

const GAP = 2;
const INDENT = 4;
/** Narrower than this no column holds a word. */
const LEAST_WIDTH = 40;

interface Widths {
  readonly methods: number;
  readonly path: number;
  readonly rule: number;
  /** 0: where a route is declared goes to a line of its own. */
  readonly declaredAt: number;
}

/** The routes, one entry each, and a last line that sums up. */
export function routeTable(inventory: Inventory, { width, paint }: Pick<Io, 'width' | 'paint'>): string {
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(width, LEAST_WIDTH);
  const widths = widthsFor(inventory.routes, room);
  const lines = inventory.routes.flatMap((route) => [
    ...mainLines(route, widths, paint),
    ...detailsOf(route, widths).flatMap(([tone, text]) =>
      wrap(text, room - INDENT).map((line) => `${' '.repeat(INDENT)}${paint(tone, line)}`),
    ),
  ]);
  const policy = inventory.deviations.flatMap((one) =>
    wrap(`all routes: ${deviationText(one)}`, room).map((line) => paint('loud', line)),
  );
  const total = wrap(summary(inventory), room).map((line) => paint('strong', line));
  return [...lines, ...(lines.length === 0 ? [] : ['']), ...policy, ...total].map((line) => `${line}\n`).join('');
}

/** `csrf is off: the signature is checked instead`. */
export function deviationText({ option, how, reason, until }: Deviation): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  if (how === 'off') return `${option} is off${why}`;
  if (how === 'detect') return `${option} only observes${until === undefined ? '' : ` until ${until}`}${why}`;
  return reason === undefined ? `${option} is set here` : `${option} is weaker${why}`;
}

function summary({ routes, faults }: Inventory): string {
  const undeclared = routes.filter(({ access }) => access === null).length;
  const wrong = faults.length + routes.reduce((sum, route) => sum + route.faults.length, 0);
  const parts = [count(routes.length, 'route')];
  if (undeclared > 0) parts.push(`${undeclared} undeclared`);
  if (wrong > 0) parts.push(`${count(wrong, 'fault')}, so production would not start`);
  return parts.join(', ');
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function widthsFor(routes: readonly InventoryRoute[], room: number): Widths {
  const widest = (text: (route: InventoryRoute) => string): number =>
    Math.max(0, ...routes.map((route) => visible(text(route)).length));
  const natural = {
    methods: widest(methodsText),
    path: widest(({ path }) => path),
    rule: widest(ruleText),
    declaredAt: widest(({ declaredAt }) => declaredAt),
  };
  const { methods, path, rule } = natural;
  if (methods + path + rule + natural.declaredAt + 3 * GAP <= room) return natural;
  const left = room - methods - 2 * GAP;
  // The shorter column keeps its width; where both are long they share.
  const half = Math.floor(left / 2);
  const forPath = path + rule <= left ? path : rule <= half ? left - rule : Math.min(path, half);
  return { methods, path: forPath, rule: left - forPath, declaredAt: 0 };
}

function mainLines(route: InventoryRoute, widths: Widths, paint: Io['paint']): readonly string[] {
  const { access, declaredAt } = route;
  const paths = wrap(route.path, widths.path);
  const rules = wrap(ruleText(route), widths.rule);
  const tone: Tone = access === null ? 'bad' : 'good';
  return Array.from({ length: Math.max(paths.length, rules.length) }, (_, index) => {
    const first = index === 0;
    const methods = (first ? methodsText(route) : '').padEnd(widths.methods);
    const path = (paths[index] ?? '').padEnd(widths.path);
    const rule = (rules[index] ?? '').padEnd(first && widths.declaredAt > 0 ? widths.rule : 0);
    const where = first && widths.declaredAt > 0 ? paint('quiet', visible(declaredAt)) : '';
    const gap = ' '.repeat(GAP);
    return [methods, path, rule === '' ? '' : paint(tone, rule), where].join(gap).trimEnd();
  });
}

function detailsOf({ deviations, faults, declaredAt }: InventoryRoute, widths: Widths): readonly [Tone, string][] {
  return [
    ...(widths.declaredAt === 0 && declaredAt !== '' ? ([['quiet', declaredAt]] as [Tone, string][]) : []),
    ...deviations.map((one): [Tone, string] => ['loud', deviationText(one)]),
    ...faults.map(({ option, wrong, write, nearest }): [Tone, string] => {
      const near = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
      return ['bad', `${option}: ${wrong}${near}; ${write}`];
    }),
  ];
}

function methodsText({ methods }: InventoryRoute): string {
  return methods.join(' ');
}

function ruleText({ access }: InventoryRoute): string {
  return access ?? 'UNDECLARED';
}
