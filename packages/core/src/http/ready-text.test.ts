/**
 * Ready text: this Node takes it, and where one does not, the head is the same.
 * @module
 */
import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { READY, readyTextWorks, takesReadyText, withReadyText } from './ready-text.ts';
import type { Storing } from './ready-text.ts';

describe('ready text', () => {
  it('works on the Node that runs this', () => assert.equal(readyTextWorks(), true));

  it('stands behind the status line, before the fields of the response', () => {
    const res = new (withReadyText(ServerResponse))(new IncomingMessage(new Socket()));
    (res as unknown as Storing)[READY] = 'x-ready: 1\r\n';
    res.writeHead(404, ['x-own', '2']);
    const { _header: head } = res as unknown as { readonly _header: string };
    assert.match(head, /^HTTP\/1\.1 404 Not Found\r\nx-ready: 1\r\nx-own: 2\r\n/);
  });

  it('is not used on a Node that joins heads in another way', () => {
    class Renamed extends ServerResponse {
      override writeHead(): this {
        (this as unknown as { _header: string })._header = 'HTTP/1.1 200 OK\r\n\r\n';
        return this;
      }
    }
    assert.equal(takesReadyText(Renamed as unknown as typeof ServerResponse), false);
  });

  it('is not used on a Node without the method', () => {
    assert.equal(takesReadyText(class {} as unknown as typeof ServerResponse), false);
  });
});
