/**
 * The stylesheet, the script and the icon: read once, named by their content, so that browsers may keep them for ever.
 * Three fixed routes; no path of a request ever reaches the file system.
 * @module
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { anyone } from 'dewar';

/** One file, as it is sent. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The files by what pages use them for. */
export const assets: Readonly<Record<'style' | 'script' | 'icon', Asset>> = Object.freeze({
  style: load('desk.css', 'text/css; charset=utf-8'),
  script: load('desk.js', 'text/javascript; charset=utf-8'),
  icon: load('desk.svg', 'image/svg+xml'),
});

function load(name: string, type: string): Asset {
  const bytes = readFileSync(join(import.meta.dirname, 'assets', name));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return Object.freeze({ path: `/assets/${name.replace('.', `-${hash}.`)}`, type, bytes });
}

/** Declares a route for each. */
export function serveAssets(app: FastifyInstance): void {
  for (const { path, type, bytes } of Object.values(assets))
    app.get(path, { access: anyone() }, (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(bytes),
    );
}
