/**
 * Request ids: of one shape, never twice, and not to be told from each other.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from '../crypto/index.ts';
import { requestIds } from './request-ids.ts';

describe('request ids', () => {
  it('have sixteen characters of base64url, and none comes twice', () => {
    const next = requestIds(systemRandom());
    const ids = Array.from({ length: 1000 }, next);
    for (const id of ids) assert.match(id, /^[\w-]{16}$/);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('use all the chance they are given, once', () => {
    let asked = 0;
    const text = systemRandom().token(768);
    const next = requestIds({ token: (bytes) => ((asked += bytes), text), bytes: () => Buffer.alloc(0) });
    assert.equal(Array.from({ length: 64 }, next).join(''), text);
    assert.equal(asked, 768);
  });
});
