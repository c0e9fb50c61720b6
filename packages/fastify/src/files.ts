/**
 * A folder of files as two routes, GET and HEAD, under one rule.
 * @module
 */
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { all, shared } from '@dewar/core';
import type { RoutePolicy, Rule } from '@dewar/core';
import { createFiles, FILES_DEFAULTS } from '@dewar/core/static';
import type { FileAnswer, Files, FilesOptions } from '@dewar/core/static';

/** What to serve, and to whom. */
export interface ServeOptions extends FilesOptions {
  /** Who may have the files, all of them. */
  readonly access: Rule;
  /** Settings of protections for these routes. */
  readonly policy?: RoutePolicy;
}

/** Serves a folder: `const files = serveFiles(app, { folder, access: anyone() })`, then `files.script('app.js', nonce)`. */
export function serveFiles(app: FastifyInstance, { access, policy = {}, ...options }: ServeOptions): Files {
  const { at = FILES_DEFAULTS.at } = options;
  // A plugin's prefix is part of every address.
  const files = createFiles({ ...options, at: `${app.prefix}${at}` });
  const rule = all(access, shared('every file of the folder is for whoever may use the route'));
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { facts } = request.dewar;
    const answer = await files.answer(facts.path, facts);
    if (answer === undefined) return void reply.callNotFound();
    return reply.send(prepare(reply, answer));
  };
  // HEAD of its own: Fastify's would read the file to throw it away.
  for (const method of ['HEAD', 'GET']) app.route({ method, url: `${at}/*`, access: rule, policy, handler });
  return files;
}

function prepare(reply: FastifyReply, { status, fields, body }: FileAnswer): Buffer | Readable | undefined {
  void reply.code(status);
  for (let i = 0; i < fields.length; i += 2) void reply.header(fields[i]!, fields[i + 1]!);
  return body ?? undefined;
}
