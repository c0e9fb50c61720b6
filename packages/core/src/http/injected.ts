/**
 * Responses that our server did not make (a framework's injected ones): their `writeHead` is wrapped one by one.
 * @module
 */
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http';
import type { Kernel } from '../kernel/index.ts';
import { COMPLETE } from './raw.ts';
import type { GuardedReply } from './raw.ts';
import { contextOf, GUARDED, ownFields } from './response.ts';

type Given = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

/** Wraps a response that is not of our class. */
export function wrapInjected(kernel: Kernel, res: GuardedReply): void {
  if (GUARDED in res) return;
  const writeHead = res.writeHead.bind(res) as (status: number) => GuardedReply;
  res.writeHead = ((status: number, reason?: string | Given, headers?: Given) => {
    const own = ownFields(res, typeof reason === 'string' ? headers : reason);
    const fields = res[COMPLETE] === true ? own : kernel.head(contextOf(kernel, res), status, own);
    // An injected response reports what `setHeader` set, and nothing else.
    for (const [name, values] of grouped(fields)) res.setHeader(name, values.length === 1 ? values[0]! : values);
    return writeHead(status);
  }) as typeof res.writeHead;
}

/** A flat list by lower-case name: a name that comes twice keeps both values. */
export function grouped(fields: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [fields[i + 1]!]);
    else group.push(fields[i + 1]!);
  }
  return groups;
}
