/**
 * The document of the vocabulary and the types say the same: every name, every field, every level.
 * @module
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { levelOf } from './events.ts';
import type { EventName } from './events.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const document = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');
/** What the document writes in italics. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  request: ['request', 'method', 'route', 'client'],
  denial: ['code', 'status', 'by', 'option', 'rule', 'input'],
};

interface Row {
  readonly level: string;
  readonly fields: readonly string[];
}

/** Rows of the document's tables: a name in code, a level, fields. */
function documented(): Map<string, Row> {
  const rows = document.matchAll(/^\| `([a-z]+\.[a-z_]+)` \| (\w+) \| ([^|]+) \| [^|]+ \|$/gm);
  return new Map(
    [...rows].map(([, name = '', level = '', cell = '']) => {
      const fields = [...cell.matchAll(/`(\w+)`|\*(\w+)\*/g)].flatMap(([, field, shared]) =>
        field === undefined ? SHARED[shared!]! : [field],
      );
      return [name, { level, fields }];
    }),
  );
}

/** Source without comments: what stands in them is no type. */
const bare = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

/** Text between the brace that follows `from` and its partner. */
function block(source: string, from: number): string {
  const start = source.indexOf('{', from);
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    if (source[i] === '{') depth++;
    else if (source[i] === '}' && --depth === 0) return source.slice(start + 1, i);
  }
  throw new Error(`no end of the block at ${from}`);
}

/** Names of the fields of a type expression, those of the interfaces it names included. */
function fieldsOf(expression: string, source: string): string[] {
  const named = [...expression.matchAll(/(?:^|&|extends)\s*([A-Z]\w+)/g)].flatMap(([, name]) => {
    const found = new RegExp(`(?:interface|type) ${name}\\b([^{;]*)`).exec(source);
    assert.ok(found !== null, `${name} is declared elsewhere`);
    return [...fieldsOf(found[1]!.replace('=', ''), source), ...fieldsOf(`{${block(source, found.index)}}`, source)];
  });
  return [...named, ...[...expression.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field!)];
}

/** Names and fields of the types, from the sources of all packages. */
function declared(): Map<string, readonly string[]> {
  const events = new Map<string, readonly string[]>();
  for (const file of globSync('packages/*/src/**/*.ts', { cwd: ROOT })) {
    if (file.endsWith('.test.ts')) continue;
    const source = bare(readFileSync(join(ROOT, file), 'utf8'));
    for (const { index } of source.matchAll(/interface Events \{/g)) {
      for (const [, name, expression] of block(source, index).matchAll(/'([\w.]+)':\s*((?:[^;{]|\{[^{}]*\})+);/g))
        events.set(name!, fieldsOf(expression!, source));
    }
  }
  return events;
}

describe('the vocabulary [LOG-02]', () => {
  const types = declared();
  const rows = documented();

  it('is read from the sources', () => {
    assert.ok(types.size >= 17, `only ${types.size} events were found, the reader is broken`);
    const refused = 'by client code input method option request route rule status';
    assert.equal(types.get('request.would_refuse')?.toSorted().join(' '), refused);
    assert.deepEqual(types.get('log.dropped'), ['lines']);
  });

  it('is documented, name by name', () => {
    assert.deepEqual([...rows.keys()].toSorted(), [...types.keys()].toSorted());
  });

  for (const [name, fields] of types) {
    it(`has ${name} with its fields and level`, () => {
      assert.deepEqual(rows.get(name)?.fields.toSorted(), [...new Set(fields)].toSorted());
      assert.equal(rows.get(name)?.level, levelOf(name as EventName));
    });
  }

  it('has names of one form: what, a dot, what happened to it', () => {
    for (const name of types.keys()) assert.match(name, /^[a-z]+\.[a-z]+(_[a-z]+)*$/);
  });

  it('has no field that the log would cut out as a secret', () => {
    const suspicious = /pass(word|phrase)?$|secret|token|cookie|authorization|api[-_]?key|credential|private/i;
    for (const [name, fields] of types) for (const field of fields) assert.doesNotMatch(field, suspicious, name);
  });
});

it('the example of the document is a line of JSON', () => {
  const [, line = ''] = /^```json\n(.*)\n```$/m.exec(document) ?? [];
  assert.equal((JSON.parse(line) as { event: string }).event, 'request.refused');
});
