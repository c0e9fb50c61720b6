/**
 * The table: fits every width, loses nothing, and lets no control character through.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import type { Deviation, Inventory, InventoryRoute } from './inventory.ts';
import { colours, painted } from './io.ts';
import type { Io } from './io.ts';
import { shownRoute } from './stage.test.ts';
import { deviationText, routeTable } from './table.ts';

const plain: Io['paint'] = (_tone, text) => text;
const table = (routes: InventoryRoute[], width?: number, more: Partial<Inventory> = {}): string =>
  routeTable({ profile: 'production', routes, deviations: [], faults: [], ...more }, { width, paint: plain });

const LONG: InventoryRoute = shownRoute({
  methods: ['GET', 'HEAD'],
  path: '/organisations/:organisation/projects/:project/tickets/:ticket/attachments/*',
  access: 'all(role(agent, admin), owner(attachment), fresh(15 minutes), shared("why these have no owner"))',
  declaredAt: 'src/routes/organisations/attachments.ts:120',
  deviations: [{ option: 'csrf', how: 'off', reason: 'the sender signs every request with a key of its own' }],
  faults: [
    { option: 'GET /x: access', wrong: 'names an object, and nothing says whose it is', write: 'write owner()' },
  ],
});

/** Letters and signs alone: what wrapping may not lose. */
const letters = (text: string): string => text.replaceAll(/\s/g, '');

describe('the table of routes', () => {
  it('has a line for each route, in columns, and a sum', () => {
    const out = table([
      shownRoute({ methods: ['GET', 'HEAD'] }),
      shownRoute({ path: '/tickets', access: 'signedIn', declaredAt: 'app.ts:20' }),
    ]);
    assert.equal(out, 'GET HEAD  /         anyone    app.ts:1\nGET       /tickets  signedIn  app.ts:20\n\n2 routes\n');
  });

  it('says when there is none', () => assert.equal(table([]), '0 routes\n'));

  it('makes undeclared routes stand out, with their fault below', () => {
    const faults = [{ option: 'GET /x: access', wrong: 'says nothing', write: 'write access', nearest: 'access' }];
    const out = table([shownRoute({ path: '/x', access: null, faults })]);
    assert.match(
      out,
      /^GET {2}\/x {2}UNDECLARED {2}app\.ts:1\n {4}GET \/x: access: says nothing \(did you mean "access"\?\); write access\n/,
    );
    assert.match(out, /\n1 route, 1 undeclared, 1 fault, so production would not start\n$/);
  });

  it('names what the policy weakens for all routes', () => {
    const out = table([shownRoute()], undefined, {
      deviations: [{ option: 'https', how: 'off', reason: 'the proxy' }],
    });
    assert.match(out, /\nall routes: https is off: the proxy\n/);
  });

  const words: readonly (readonly [Deviation, string])[] = [
    [{ option: 'csrf', how: 'off', reason: 'signed' }, 'csrf is off: signed'],
    [{ option: 'csrf', how: 'detect', reason: 'trying' }, 'csrf only observes: trying'],
    [
      { option: 'csrf', how: 'detect', reason: 'trying', until: '2027-01-31' },
      'csrf only observes until 2027-01-31: trying',
    ],
    [{ option: 'csp', how: 'options', reason: 'widget' }, 'csp is weaker: widget'],
    [{ option: 'csp', how: 'options' }, 'csp is set here'],
  ];
  for (const [deviation, text] of words) it(`says "${text}"`, () => assert.equal(deviationText(deviation), text));

  for (const width of [40, 60, 80, 120, 400])
    it(`fits ${width} columns and loses nothing`, () => {
      const out = table([LONG, shownRoute()], width);
      for (const line of out.split('\n')) assert.ok(line.length <= width, `${line.length}: ${line}`);
      for (const text of [LONG.declaredAt, 'csrf is off: the sender signs every request', 'nothing says whose it is'])
        assert.ok(letters(out).includes(letters(text)), text);
    });

  it('wraps nothing where no terminal shows it', () => {
    const [first] = table([LONG]).split('\n');
    assert.equal(first, `GET HEAD  ${LONG.path}  ${LONG.access}  ${LONG.declaredAt}`);
  });

  it('fits any width with any text, and lets no control character through', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '/', ' ', ':', '(', '\u001b', '\n', '\u202e', '\u009b'),
      maxLength: 90,
    });
    const route = fc.record({
      path: text,
      access: fc.option(text),
      declaredAt: text,
      deviations: fc.array(fc.record({ option: text, how: fc.constant('off' as const), reason: text }), {
        maxLength: 2,
      }),
    });
    fc.assert(
      fc.property(fc.array(route, { maxLength: 4 }), fc.integer({ min: 1, max: 140 }), (routes, width) => {
        const out = table(routes.map(shownRoute), width);
        // oxlint-disable-next-line no-misleading-character-class
        assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
        for (const line of out.split('\n')) assert.ok(line.length <= Math.max(40, width), `${line.length}: ${line}`);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no room for colours', () => {
    const inventory: Inventory = {
      profile: 'production',
      routes: [LONG, shownRoute({ access: null })],
      deviations: [],
      faults: [],
    };
    const coloured = routeTable(inventory, { width: 60, paint: painted });
    assert.notEqual(coloured, stripVTControlCharacters(coloured));
    assert.equal(stripVTControlCharacters(coloured), routeTable(inventory, { width: 60, paint: plain }));
  });
});

describe('colours', () => {
  const rows: readonly (readonly [string, boolean | undefined, Io['env'], boolean])[] = [
    ['a terminal', true, {}, true],
    ['a pipe', undefined, {}, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['NO_COLOR=0, which declines them too', true, { NO_COLOR: '0' }, false],
    ['an empty NO_COLOR, which says nothing', true, { NO_COLOR: '' }, true],
    ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ];
  for (const [name, terminal, env, expected] of rows)
    it(`${expected ? 'appear' : 'stay away'} with ${name}`, () => assert.equal(colours(terminal, env), expected));
});
