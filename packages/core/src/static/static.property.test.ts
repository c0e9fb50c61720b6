/**
 * Whatever is asked for: a part lies within the file, and a name's address is the one spelling that requests have.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { stage } from '../kernel/kernel.fixture.ts';
import { partOf } from './conditional.ts';
import { indexFiles } from './index-files.ts';
import type { FoundFile } from './scan.ts';

const numeral = fc.oneof(
  fc.nat(50).map(String),
  fc.constantFrom('', '-1', '007', '9007199254740993', 'x', '1e1', '０'),
);
const ranges = fc.oneof(
  fc.tuple(numeral, numeral).map(([first, last]) => `bytes=${first}-${last}`),
  fc.string().map((text) => `bytes=${text}`),
  fc.string(),
);

describe('static files, whatever is asked for', () => {
  it('a part is within the file, in order, and no more than the whole', () => {
    fc.assert(
      fc.property(ranges, fc.nat(30), (range, size) => {
        const part = partOf({ method: 'GET', header: (name) => (name === 'range' ? range : undefined) }, size, '"x"');
        if (part === undefined || part === null) return;
        assert.ok(Number.isInteger(part.start) && Number.isInteger(part.end));
        assert.ok(0 <= part.start && part.start <= part.end && part.end < size, `${range} of ${size}`);
      }),
      { numRuns: 5000 },
    );
  });

  it('a name’s address comes through the facts as it is', () => {
    const on = stage();
    // Names as people give them: letters of any script, spaces, signs. `%` and `;` have no place in an address.
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      // oxlint-disable-next-line no-control-regex
      .filter((text) => !/[/\\%;\u0000-\u001f\u007f-\u009f]|^\.|[\ud800-\udfff]/u.test(text));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 3 }), (segments) => {
        const name = segments.join('/');
        const file: FoundFile = {
          name,
          path: '',
          size: 0,
          state: '',
          hash: 'h'.repeat(43),
          integrity: '',
          bytes: undefined,
        };
        const [{ byPath, urls }] = indexFiles([file], { at: '/assets', maxAge: 0, types: {}, sourceMaps: true });
        for (const path of [...[...byPath.keys()].map((key) => `/assets/${key}`), urls.get(name)!]) {
          const { facts } = on.context({ target: path });
          assert.equal(facts.refused, null, path);
          assert.equal(facts.path, path);
        }
        assert.equal(byPath.size, 2);
      }),
      { numRuns: 2000 },
    );
  });
});
