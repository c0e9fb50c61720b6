/**
 * The policy's fields go over the line as ready text, right behind the status line. `_storeHeader`, by which Node
 * joins status line and fields, is not documented: whether it still does so is found out at start, and where it does
 * not, they take the ordinary way. See decisions/0004.
 * @module
 */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** The policy's fields of the head that is being written: lines with their ends. */
export const READY: unique symbol = Symbol('dewar.ready');

export interface Storing {
  [READY]?: string;
  _storeHeader(firstLine: string, headers: unknown): void;
}

/** The class with an override that puts the ready text behind the status line. */
export function withReadyText<T extends typeof ServerResponse>(Base: T): T {
  // Node's types leave the method out.
  const above = Base.prototype as unknown as Storing;
  const Class = class extends (Base as unknown as typeof ServerResponse) {
    _storeHeader(this: Storing, firstLine: string, headers: unknown): void {
      const ready = this[READY];
      above._storeHeader.call(this, ready === undefined ? firstLine : firstLine + ready, headers);
    }
  };
  return Class as unknown as T;
}

let works: boolean | undefined;

/** Whether this Node joins heads as `withReadyText` expects. Looked at once. */
export function readyTextWorks(): boolean {
  return (works ??= takesReadyText(ServerResponse));
}

/** Writes one head into nowhere, and compares it to the letter. */
export function takesReadyText(Base: typeof ServerResponse): boolean {
  try {
    const Probe = withReadyText(Base);
    const res = new Probe(new IncomingMessage(new Socket()));
    (res as unknown as Storing)[READY] = 'x-ready: 1\r\n';
    res.sendDate = false;
    res.shouldKeepAlive = false;
    res.writeHead(200, 'OK', ['x-own', '2', 'content-length', '0']);
    const { _header: written } = res as unknown as { readonly _header: unknown };
    return written === 'HTTP/1.1 200 OK\r\nx-ready: 1\r\nx-own: 2\r\ncontent-length: 0\r\nConnection: close\r\n\r\n';
  } catch {
    return false;
  }
}
