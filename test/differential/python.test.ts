/**
 * The way to Python itself: a comparison with nothing would agree with everything.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { python } from './python.fixture.ts';

describe('python', () => {
  it('takes JSON and answers JSON, whatever the letters', () => {
    const given = { text: 'ä\u{1f600}\u0000', list: [1, null, true] };
    assert.deepEqual(python('result = [given, len(given["text"])]', given), [given, 3]);
  });

  it('finds the libraries that are compared with', () => {
    assert.deepEqual(
      python(
        'import limits, flask_cors, decouple\nresult = [m.__name__ for m in (limits, flask_cors, decouple)]',
        null,
      ),
      ['limits', 'flask_cors', 'decouple'],
    );
  });

  it('fails with what Python says', () => {
    assert.throws(() => python('raise ValueError("no such grammar")', null), /ValueError: no such grammar/);
  });
});
