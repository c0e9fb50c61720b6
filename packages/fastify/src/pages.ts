/**
 * A handler that returns markup sends a page.
 * @module
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isHtml } from '@dewar/core/html';

/** The hook, for what would else become JSON: `return html`…`` and `reply.send(html`…`)`. */
export function sendMarkup(
  _request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  // Whatever type was set: markup is escaped for pages and for nothing else.
  if (isHtml(payload)) void reply.type('text/html; charset=utf-8').serializer(String);
  done(null, payload);
}
