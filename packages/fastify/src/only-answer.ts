/**
 * How a single protection answers in an application of the owner's.
 * @module
 */
import type { FastifyReply } from 'fastify';
import type { Answer } from '@dewar/core';

/** Our answer, by way of the application's own hooks: its log, its other headers. */
export function refuse(reply: FastifyReply, { status, fields, body }: Answer): void {
  if (reply.sent) return;
  void reply.code(status);
  setFields(reply, fields);
  // Fastify counts the bytes itself, after every hook that may change them.
  void reply.removeHeader('content-length');
  // Bytes, since Fastify adds a charset to the type of a text.
  void reply.send(Buffer.from(body));
}

/** Sets fields in place of what stands there; a name that comes twice keeps both values. */
export function setFields(reply: FastifyReply, fields: readonly string[]): void {
  const groups = new Map<string, string[]>();
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [fields[i + 1]!]);
    else group.push(fields[i + 1]!);
  }
  for (const [name, values] of groups) void reply.header(name, values.length === 1 ? values[0]! : values);
}
