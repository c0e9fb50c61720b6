/**
 * Answers as bytes, and the denials of what Node's parser refuses.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guard, stage } from '../kernel/kernel.fixture.ts';
import { clientErrorDenial } from './client-error.ts';
import { rawAnswer } from './raw-answer.ts';

describe('an answer as bytes', () => {
  const policy = guard({ compile: () => [{ place: 'headers', head: () => ['x-policy', '1'] }] });
  const madeAt = Date.now();
  const bytes = rawAnswer(
    stage({ protections: [policy] }).kernel.refuseUnread(
      '192.0.2.1',
      false,
      clientErrorDenial({ code: 'HPE_INVALID' }),
    ),
  );
  const [head = '', body = ''] = bytes.split('\r\n\r\n');
  const [status, ...lines] = head.split('\r\n');

  it('has a status line, fields, an empty line and the body (RFC 9112)', () => {
    assert.equal(status, 'HTTP/1.1 400 Bad Request');
    for (const line of lines) assert.match(line, /^[a-z0-9-]+: [\x20-\x7e]+$/);
    assert.equal((JSON.parse(body) as { status: number }).status, 400);
  });

  it('has the head of the policy [HDR-29]', () => assert.ok(lines.includes('x-policy: 1')));

  it('says once that the connection closes, and how long the body is', () => {
    const named = (name: string): string[] => lines.filter((line) => line.startsWith(`${name}: `));
    assert.deepEqual(named('connection'), ['connection: close']);
    assert.deepEqual(named('content-length'), [`content-length: ${Buffer.byteLength(body)}`]);
    assert.equal(named('date').length, 1);
    assert.ok(Math.abs(Date.parse(named('date')[0]!.slice(6)) - madeAt) < 10_000);
  });
});

describe('what the parser refuses', () => {
  const rows: readonly (readonly [code: string | undefined, denial: string, status: number])[] = [
    ['HPE_HEADER_OVERFLOW', 'facts/headers-too-large', 431],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'facts/chunk-extensions', 413],
    ['ERR_HTTP_REQUEST_TIMEOUT', 'facts/timeout', 408],
    ['HPE_INVALID_METHOD', 'facts/malformed', 400],
    ['HPE_UNEXPECTED_CONTENT_LENGTH', 'facts/malformed', 400],
    ['__proto__', 'facts/malformed', 400],
    [undefined, 'facts/malformed', 400],
  ];
  for (const [code, expected, status] of rows)
    it(`with ${code ?? 'no code'} is ${expected}, and closes`, () => {
      const denial = clientErrorDenial(code === undefined ? {} : { code });
      assert.deepEqual([denial.code, denial.status, denial.close], [expected, status, true]);
    });
});
