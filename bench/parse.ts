/**
 * What limits cost over a bare parser, and how each parser grows with what an attacker sends:
 * `node --conditions=@dewar/source bench/parse.ts`.
 * @module
 */
import { parseQuery } from '@dewar/core';
import { BODY_DEFAULTS } from '@dewar/core/body';
import { parseForm, parseJson } from '@dewar/core/parse';

/** Rounds of which the fastest counts: what slows a round down is never the parser. */
const ROUNDS = 9;
/** Milliseconds a round takes at least. */
const ROUND = 40;
/** Bytes of hostile texts, each twice the one before. */
const SIZES = [1, 2, 4, 8, 16, 32].map((times) => times * 32_768);

/** Nanoseconds of one call, for each of several functions, measured in turn. */
function measure(...calls: readonly (() => unknown)[]): readonly number[] {
  const best = calls.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, call] of calls.entries()) {
      let times = 0;
      const started = performance.now();
      let elapsed = 0;
      do {
        call();
        times++;
        elapsed = performance.now() - started;
      } while (elapsed < ROUND);
      best[index] = Math.min(best[index]!, (elapsed * 1e6) / times);
    }
  }
  return best;
}

/** Answers like those of an interface: records of texts, numbers and a few levels. */
function records(bytes: number): object {
  const items: object[] = [];
  for (let id = 0, size = 0; size < bytes; id++) {
    const record = {
      id,
      name: `Customer ${id}`,
      email: `c${id}@example.com`,
      active: id % 3 === 0,
      score: id * 1.37,
      tags: ['new', 'priority', `t${id}`],
      address: { street: `Some Street ${id}`, city: 'Vienna', zip: `10${id}` },
      note: 'The printer on the second floor does not print since Monday, please have a look.',
    };
    items.push(record);
    size += JSON.stringify(record).length + 1;
  }
  return { items };
}

/** Numbers in rows, of which most of a text is. */
function rows(bytes: number): object {
  const list: number[][] = [];
  for (let row = 0, size = 0; size < bytes; row++) {
    list.push(Array.from({ length: 8 }, (_, column) => (row * 8 + column) / 7));
    size += JSON.stringify(list[row]).length + 1;
  }
  return { list };
}

const TYPICAL: readonly (readonly [name: string, text: (bytes: number) => string])[] = [
  ['records', (bytes) => JSON.stringify(records(bytes))],
  ['records, indented', (bytes) => JSON.stringify(records(bytes * 0.7), null, 2)],
  ['records, as Python writes them', (bytes) => JSON.stringify(records(bytes)).replaceAll(/([:,])(?="|\d)/g, '$1 ')],
  ['rows of numbers', (bytes) => JSON.stringify(rows(bytes))],
];

// Nothing is to be refused here: what is refused is cheaper.
const LIMITS = { ...BODY_DEFAULTS, maxItems: Infinity, maxDepth: Infinity, maxKeys: Infinity, maxText: Infinity };

function overhead(): void {
  console.log('JSON: limits over bare JSON.parse of the same bytes, best of', ROUNDS);
  for (const [name, make] of TYPICAL) {
    for (const size of [10_000, 1_000_000]) {
      const bytes = Buffer.from(make(size));
      const { fault } = parseJson(bytes, LIMITS);
      if (fault !== null) throw new Error(`${name} is refused: ${fault}`);
      const [bare, limited] = measure(
        () => JSON.parse(bytes.toString('utf8')) as unknown,
        () => parseJson(bytes, LIMITS),
      ) as [number, number];
      const more = ((limited / bare - 1) * 100).toFixed(1);
      console.log(
        `  ${name.padEnd(32)} ${(bytes.length / 1000).toFixed(0).padStart(5)} KB ${us(bare)} ${us(limited)}  +${more} %`,
      );
    }
  }
}

function us(ns: number): string {
  return `${(ns / 1000).toFixed(1).padStart(8)} µs`;
}

/** A piece of which a hostile text is made, so that it has about that many bytes. */
const repeated = (piece: string, bytes: number): string => piece.repeat(Math.ceil(bytes / piece.length));
const members = (bytes: number, member: (index: number) => string): string => {
  const list: string[] = [];
  for (let index = 0, size = 0; size < bytes; index++) {
    list.push(member(index));
    size += list[index]!.length + 1;
  }
  return `{${list.join(',')}}`;
};

/** With the value kept, so that all of it is walked: a limit would end it early. */
const json = (text: string): (() => unknown) => {
  const bytes = Buffer.from(text);
  return Object.assign(() => parseJson(bytes, LIMITS, true), { bare: () => bare(bytes) });
};
function bare(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
const form = (text: string): (() => unknown) => {
  return () => parseForm(text, { maxFields: Infinity, maxName: Infinity, maxText: Infinity });
};
const query = (text: string): (() => unknown) => {
  const limits = { maxParameters: Infinity, maxParameterName: Infinity, maxParameterValue: Infinity };
  return () => parseQuery(text, limits);
};

/** What an attacker would send, without the limits that refuse it early. */
const HOSTILE: readonly (readonly [name: string, call: (bytes: number) => () => unknown])[] = [
  ['JSON: arrays in arrays', (n) => json('['.repeat(n / 2) + ']'.repeat(n / 2))],
  [
    'JSON: objects in objects',
    (n) => json(`${repeated('{"a":', n - n / 6)}1${'}'.repeat(Math.ceil((n - n / 6) / 5))}`),
  ],
  ['JSON: empty objects', (n) => json(`[${repeated('{},', n)}0]`)],
  ['JSON: one object, many names', (n) => json(members(n, (i) => `"k${i}":1`))],
  ['JSON: one object, many numbers as names', (n) => json(members(n, (i) => `"${i * 1_000_003}":1`))],
  ['JSON: one name again and again', (n) => json(members(n, () => '"a":1'))],
  ['JSON: names with escapes', (n) => json(members(n, (i) => `"\\u0061${i}":1`))],
  ['JSON: colons in texts', (n) => json(`{"a":"${repeated(' :\\":', n)}"}`)],
  ['JSON: colons, and texts without end', (n) => json(`[${repeated('" :","\\":",', n)}0]`)],
  ['JSON: backslashes', (n) => json(`{"a":" :${repeated('\\\\', n)}"}`)],
  ['JSON: a number without end', (n) => json(`[0.${'1'.repeat(n)}]`)],
  ['JSON: white space', (n) => json(`{"a"${repeated(' \n', n)}:1}`)],
  ['JSON: cut off', (n) => json(repeated('{"a":[', n))],
  [
    'form: many names',
    (n) =>
      form(
        members(n, (i) => `k${i}=1`)
          .slice(1, -1)
          .replaceAll(',', '&'),
      ),
  ],
  ['form: one name again and again', (n) => form(repeated('a=1&', n))],
  ['form: escapes', (n) => form(`a=${repeated('%C3%BC+', n)}`)],
  ['form: separators alone', (n) => form(repeated('&', n))],
  ['form: equals signs alone', (n) => form(repeated('=', n))],
  ['query: escapes that are none', (n) => query(`a=${repeated('%2', n)}`)],
  [
    'query: many names',
    (n) =>
      query(
        members(n, (i) => `k${i}=1`)
          .slice(1, -1)
          .replaceAll(',', '&'),
      ),
  ],
];

/** The exponent of time over size: 1 is linear. Least squares over the logarithms. */
function exponent(sizes: readonly number[], times: readonly number[]): number {
  const x = sizes.map(Math.log);
  const y = times.map(Math.log);
  const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const above = x.reduce((sum, one, index) => sum + (one - mx) * (y[index]! - my), 0);
  return above / x.reduce((sum, one) => sum + (one - mx) ** 2, 0);
}

function growth(): void {
  console.log(`\nGrowth from ${SIZES[0]! / 1024} KB to ${SIZES.at(-1)! / 1024} KB: exponent and time of the largest,`);
  console.log('and the same of JSON.parse alone');
  for (const [name, make] of HOSTILE) {
    const calls: readonly ((() => unknown) & { readonly bare?: () => unknown })[] = SIZES.map((size) => make(size));
    const own = grown(calls);
    const alone = calls[0]!.bare === undefined ? '' : grown(calls.map((call) => call.bare!));
    console.log(`  ${name.padEnd(42)} ${own}   ${alone}`);
  }
}

function grown(calls: readonly (() => unknown)[]): string {
  const times = measure(...calls);
  return `${exponent(SIZES, times).toFixed(2)} ${(times.at(-1)! / 1e6).toFixed(1).padStart(6)} ms`;
}

overhead();
growth();
