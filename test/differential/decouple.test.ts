/**
 * Beside python-decouple: the same files and the same casts. Where the two differ, ours refuses, or the row says why
 * it reads otherwise.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError } from '@dewar/core';
import { boolean, integer, list, number, oneOf, readConfig, text } from '@dewar/core/config';
import type { Field } from '@dewar/core/config';
import fc from 'fast-check';
import { python } from './python.fixture.ts';

const root = mkdtempSync(join(tmpdir(), 'dewar-decouple-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** What python-decouple reads: the value, or `{ error }`. One case is a file and the name that is asked for. */
const READ = `
import os, decouple
os.environ.clear()
casts = {
  'text': str, 'integer': int, 'number': float, 'boolean': bool, 'list': decouple.Csv(),
  'integers': decouple.Csv(int), 'choice': decouple.Choices(['debug', 'info']),
}
result = []
for case in given:
  try:
    for name, value in case['env'].items(): os.environ[name] = value
    kind = {'ini': decouple.RepositoryIni, 'env': decouple.RepositoryEnv, 'none': decouple.RepositoryEmpty}[case['kind']]
    config = decouple.Config(kind(case['file']))
    value = config('A', cast=casts[case['cast']])
    # JSON knows neither of these.
    result.append({'value': str(value) if isinstance(value, float) and (value != value or abs(value) == float('inf')) else value})
  except Exception as error:
    result.append({'error': type(error).__name__})
  finally:
    os.environ.clear()
`;

type CastName = keyof typeof FIELDS;
const FIELDS = {
  text: text('A', { min: 0 }),
  integer: integer('A'),
  number: number('A'),
  boolean: boolean('A'),
  list: list('A', { min: 0 }),
  integers: list('A', { of: integer }),
  choice: oneOf('A', ['debug', 'info']),
} satisfies Record<string, Field<unknown>>;

interface Case {
  readonly kind: 'env' | 'ini' | 'none';
  readonly content: string;
  readonly cast?: CastName;
  readonly env?: Readonly<Record<string, string>>;
}

type Read = { readonly value: unknown } | { readonly error: string };

let files = 0;
function prepared(one: Case): Case & { readonly file: string } {
  const file = join(root, `${files++}.${one.kind}`);
  writeFileSync(file, one.content, { mode: 0o600 });
  return { ...one, file };
}

function ours({ kind, file, cast = 'text', env = {} }: Case & { readonly file: string }): Read {
  try {
    const shape: Readonly<Record<string, Field<unknown>>> = { a: FIELDS[cast] };
    const { a } = readConfig(shape, { env, secretsFolder: false, files: kind === 'none' ? [] : [file] });
    return { value: a };
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return { error: error.faults.map(({ wrong }) => wrong).join('; ') };
  }
}

function theirs(cases: readonly (Case & { readonly file: string })[]): readonly Read[] {
  return python(
    READ,
    cases.map(({ kind, file, cast = 'text', env = {} }) => ({ kind, file, cast, env })),
  ) as readonly Read[];
}

const env = (content: string, cast: CastName = 'text'): Case => ({ kind: 'env', content, cast });
const ini = (content: string, cast: CastName = 'text'): Case => ({
  kind: 'ini',
  content: `[settings]\n${content}`,
  cast,
});
const variable = (value: string, cast: CastName): Case => ({ kind: 'none', content: '', cast, env: { A: value } });

const SAME: readonly Case[] = [
  ...[
    'A=x',
    'A = x ',
    ' A=x',
    '# c\n\nA=x',
    'A=x y',
    `A='x'`,
    'A="x"',
    'A=" x "',
    `A='"x"'`,
    'A=',
    'A=""',
    'A=a=b',
  ].map((c) => env(c)),
  ...['A=a#b', "A=it's", 'A=$X${Y}', 'A=%(x)s', 'A=\u00e9\u{1f600}', 'A=x\r\nB=y', 'B=1\nA=2\nC=3', 'A=a\\nb'].map(
    (c) => env(c),
  ),
  ...[
    'A=x',
    'a=x',
    'A: x',
    'A = x ',
    '; c\n# c\nA=x',
    'A=50%%',
    'A="x"',
    'A=',
    'A=a=b',
    'A=a#b',
    'B=1\nA=2',
    'A=x # y',
    'A=x ; y',
  ].map((c) => ini(c)),
  { kind: 'ini', content: '[other]\nA=1\n[settings]\nA=2\n[more]\nA=3' },
  { kind: 'env', content: 'A=file', env: { A: 'environment' } },
  { kind: 'ini', content: '[settings]\nA=file', env: { A: 'environment' } },
  { kind: 'env', content: 'A=file', env: { A: '' } },
  ...['0', '1', '-5', '65535'].map((value) => variable(value, 'integer')),
  ...['0.5', '-2', '10'].map((value) => variable(value, 'number')),
  ...['true', 'TRUE', 'Yes', 'on', '1', 'false', 'no', 'OFF', '0'].map((value) => variable(value, 'boolean')),
  ...['a', 'a,b', ' a , b ', '"a, b",c', `'a, b',c`, ''].map((value) => variable(value, 'list')),
  ...['1', '1, 2,3'].map((value) => variable(value, 'integers')),
  variable('debug', 'choice'),
];

/** What both refuse. */
const REFUSED: readonly Case[] = [
  { kind: 'none', content: '' },
  env('B=x'),
  ini('B=x'),
  ini('A=%(b)s'),
  ini('A=5%'),
  ini('A=1\na=2'),
  ini('A=1\n[settings]\nB=2'),
  { kind: 'ini', content: 'A=1' },
  ...['x', '', '1.5', '0x10', '1e3'].map((value) => variable(value, 'integer')),
  ...['x', '', '1,5'].map((value) => variable(value, 'number')),
  ...['x', '2', 'enabled', ' true'].map((value) => variable(value, 'boolean')),
  ...['"a', "it's"].map((value) => variable(value, 'list')),
  variable('1,x', 'integers'),
  variable('Debug', 'choice'),
];

/** What python-decouple reads and ours refuses, with the reason. */
const STRICTER: readonly (readonly [why: string, one: Case])[] = [
  ['a name that stands twice: readers differ in which one they take', env('A=1\nA=2')],
  ['a line that is no assignment: it was meant to be one', env('A=x\nB')],
  ['# behind an unquoted value: dotenv and shells cut it off', env('A=x # y')],
  ['a value that is # alone', env('A=#x')],
  ['a quote that is not closed', env('A="x')],
  ['something behind a quote', env('A="x" y"')],
  ['a backslash in double quotes that means nothing', env('A="C:\\dir"')],
  ['a name that no shell can set', env('A=x\nB-C=y')],
  ['indented lines, which go on with the value above', ini('A=x\n  y')],
  ['[DEFAULT], which reaches into every section', { kind: 'ini', content: '[DEFAULT]\nA=x\n[settings]\nB=y' }],
  ['spaces around a number', variable(' 5 ', 'integer')],
  ['a plus sign', variable('+5', 'integer')],
  ['leading zeros, octal elsewhere', variable('010', 'integer')],
  ['underscores in a number', variable('1_000', 'integer')],
  ['digits of another script', variable('\u0663', 'integer')],
  ['whole numbers that this language cannot hold', variable('9007199254740993', 'integer')],
  ['numbers that are none', variable('nan', 'number')],
  ['infinity', variable('inf', 'number')],
  ['exponents', variable('1e3', 'number')],
  ['one letter for a word', variable('y', 'boolean')],
  ['one letter for a word', variable('f', 'boolean')],
  ['nothing for false', variable('', 'boolean')],
  ['an empty element', variable('a,,b', 'list')],
  ['a comma behind the last element', variable('a,', 'list')],
  ['a backslash that escapes in a list', variable('a\\,b', 'list')],
  ['quotes in the middle of an element', variable('a"b,c"', 'list')],
];

/** What both read, differently. */
const OTHERWISE: readonly (readonly [why: string, one: Case, value: unknown])[] = [
  ['double quotes know escapes, as in shells and dotenv', env('A="a\\nb"'), 'a\nb'],
  ['`export` is a word of the shell, not part of the name', env('export A=x'), 'x'],
  ['a comment behind a closing quote is one', env('A="x" # y'), 'x'],
  ['a byte order mark is not part of the first name', env('\ufeffA=x'), 'x'],
];

describe('beside python-decouple [S-03]', () => {
  it(`reads ${SAME.length} files and values as it does`, () => {
    const cases = SAME.map(prepared);
    for (const [index, their] of theirs(cases).entries()) {
      assert.ok('value' in their, JSON.stringify([SAME[index], their]));
      assert.deepEqual(ours(cases[index]!), their, JSON.stringify(SAME[index]));
    }
  });

  it(`refuses the ${REFUSED.length} that it refuses`, () => {
    const cases = REFUSED.map(prepared);
    for (const [index, their] of theirs(cases).entries()) {
      assert.ok('error' in their, JSON.stringify([REFUSED[index], their]));
      assert.ok('error' in ours(cases[index]!), JSON.stringify(REFUSED[index]));
    }
  });

  it('refuses more than it does, and for each there is a reason', () => {
    const cases = STRICTER.map(([, one]) => prepared(one));
    for (const [index, their] of theirs(cases).entries()) {
      assert.ok('value' in their, JSON.stringify([STRICTER[index], their]));
      assert.ok('error' in ours(cases[index]!), JSON.stringify(STRICTER[index]));
    }
  });

  it('reads otherwise in these ways only', () => {
    const cases = OTHERWISE.map(([, one]) => prepared(one));
    for (const [index, their] of theirs(cases).entries()) {
      const [why, , value] = OTHERWISE[index]!;
      const our = ours(cases[index]!);
      assert.deepEqual(our, { value }, why);
      assert.notDeepEqual(our, their, why);
    }
  });

  it('reads a line of a .env file as it does, or refuses it, or the line has double quotes', () => {
    const part = fc.constantFrom('a', 'B', ' ', '\t', '=', '#', "'", '"', '\\', '$', '%', '{', '\u00e9', '0', '\u00a0');
    const value = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    const lines = fc.sample(value, { numRuns: 2000, seed: 20_261_127 }).map((one) => `A=${one}`);
    const cases = lines.map((line) => prepared(env(line)));
    let same = 0;
    for (const [index, their] of theirs(cases).entries()) {
      const our = ours(cases[index]!);
      if ('error' in our || /^A=\s*["']/.test(lines[index]!)) continue;
      assert.deepEqual(our, their, JSON.stringify(lines[index]));
      same++;
    }
    assert.ok(same > 200, String(same));
  });
});
