/**
 * A response that cannot leave without the policy's head: every way to a head in node:http ends in `writeHead`.
 * @module
 */
import { ServerResponse } from 'node:http';
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import { titleOf } from '../kernel/index.ts';
import type { Answer, Context, Kernel } from '../kernel/index.ts';
import { announcedLength } from './collect.ts';
import { CLOSING, COMPLETE, CONTEXT, FACTS, rawOf } from './raw.ts';
import type { GuardedMessage, GuardedReply } from './raw.ts';
import { READY, readyTextWorks, withReadyText } from './ready-text.ts';

type Given = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

/** Marks responses of our own server. */
export const GUARDED: unique symbol = Symbol('dewar.guarded');

/** The class that `http.createServer` makes responses of. Connections are kept only while `mayKeep` says so. */
export function responseClass(kernel: Kernel, mayKeep: () => boolean): typeof ServerResponse {
  const ready = readyTextWorks();
  class GuardedResponse extends (ready ? withReadyText(ServerResponse) : ServerResponse) {
    // All there from the start: an object that grows while it is used is another kind of object to the compiler each time.
    [READY]: string | undefined = undefined;
    [CONTEXT]: Context | undefined = undefined;
    [COMPLETE] = false;

    get [GUARDED](): true {
      return true;
    }

    override writeHead(status: number, reason?: string | Given, headers?: Given): this {
      if (!mayKeep()) this.shouldKeepAlive = false;
      const text = typeof reason === 'string' ? reason : undefined;
      const own = ownFields(this, typeof reason === 'string' ? headers : reason);
      // A head that Node refused left its text behind.
      this[READY] = undefined;
      const fields = (this as GuardedReply)[COMPLETE] === true ? own : this.#guarded(status, own);
      return text === undefined ? super.writeHead(status, fields) : super.writeHead(status, text, fields);
    }

    /** The handler's fields and the policy's; those of the policy as ready text where that works. */
    #guarded(status: number, own: string[]): string[] {
      const head = kernel.parts(contextOf(kernel, this), status, own);
      const text = ready ? head.takeReady() : null;
      if (text === null) return head.flat();
      this[READY] = text;
      return head.fields;
    }
  }
  // Node's type is generic in the request; the class is not.
  return GuardedResponse as typeof ServerResponse;
}

/** The request's context; one of the not-found route where the response is made before a route was known. */
export function contextOf(kernel: Kernel, res: GuardedReply): Context {
  const known = res[CONTEXT];
  if (known !== undefined) return known;
  const req: GuardedMessage = res.req;
  const facts = (req[FACTS] ??= kernel.readFacts(rawOf(req, 'request')));
  return (res[CONTEXT] = kernel.context(facts, kernel.notFound, {}));
}

/** Bytes of an unread body that are worth reading on, to keep the connection. */
const WORTH_READING = 65_536;

/**
 * Answers in place of a handler. `make` runs before anything is written; where nothing can be written any more,
 * or the answer itself fails, the connection is cut: a client that waits for ever is worse off.
 */
export function respond(res: GuardedReply, make: () => Answer): void {
  try {
    if (res.headersSent) return void res.destroy();
    send(res, make());
  } catch {
    res.destroy();
  }
}

function send(res: GuardedReply, answer: Answer): void {
  // What the handler set before it failed belongs to an answer that is not given.
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.sendDate = true;
  res[COMPLETE] = true;
  if (answer.close || leavesTooMuch(res.req)) {
    res.shouldKeepAlive = false;
    // Node has read the next request already where both came in one packet, and would run its handler.
    const { socket }: GuardedMessage = res.req;
    if (socket !== null) socket[CLOSING] = true;
  }
  res.writeHead(answer.status, titleOf(answer.status), [...answer.fields]);
  res.end(answer.body);
}

/** Node reads the rest of a refused body to keep the connection; more than a little would be work for an attacker. */
function leavesTooMuch(req: GuardedMessage): boolean {
  if (req.complete) return false;
  const facts = req[FACTS];
  const announced = facts === undefined ? -1 : announcedLength(facts);
  return announced < 0 || announced > WORTH_READING;
}

/** All fields a handler set, by whichever of node's three ways, as one flat list. What was set earlier is taken off. */
export function ownFields(res: ServerResponse, given: Given): string[] {
  const fields: string[] = [];
  for (const name of res.getHeaderNames()) {
    append(fields, name, res.getHeader(name));
    res.removeHeader(name);
  }
  if (given === undefined) return fields;
  if (!Array.isArray(given)) {
    for (const name in given) replace(fields, name, given[name]);
    return fields;
  }
  // A list is flat, or a list of pairs.
  const flat = Array.isArray(given[0]) ? (given as unknown as OutgoingHttpHeader[][]).flat() : given;
  // As with an object, what stands in the list takes the place of what `setHeader` set; repeats in the list stay.
  if (fields.length > 0) for (let i = 0; i < flat.length; i += 2) drop(fields, String(flat[i]));
  for (let i = 0; i < flat.length; i += 2) append(fields, String(flat[i]), flat[i + 1]);
  return fields;
}

function append(fields: string[], name: string, value: OutgoingHttpHeader | undefined): void {
  if (value === undefined) return;
  if (Array.isArray(value)) for (const one of value) fields.push(name, one);
  else fields.push(name, String(value));
}

/** `writeHead`'s object wins over `setHeader` under the same name, whatever its case. */
function replace(fields: string[], name: string, value: OutgoingHttpHeader | undefined): void {
  if (fields.length > 0) drop(fields, name);
  append(fields, name, value);
}

function drop(fields: string[], name: string): void {
  const lower = name.toLowerCase();
  for (let i = fields.length - 2; i >= 0; i -= 2) if (fields[i]!.toLowerCase() === lower) fields.splice(i, 2);
}
