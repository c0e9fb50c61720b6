/**
 * NEVER USE THIS. Pages put together as strings: whatever somebody wrote is markup (XSS, HTML injection), and no policy
 * stands behind it.
 * @module
 */
import type { FastifyReply } from 'fastify';

/** Sends a page with this text in it, as it is. */
export function page(reply: FastifyReply, main: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(`<!doctype html><title>Leaky</title>${main}`);
}

/** A form without a token. */
export function form(action: string, fields: string, method = 'post'): string {
  return `<form method="${method}" action="${action}">${fields}<button>Go</button></form>`;
}

/** A labelled field. */
export function field(name: string, type = 'text', value = ''): string {
  return `<label>${name} <input type="${type}" name="${name}" value="${value}"></label>`;
}
