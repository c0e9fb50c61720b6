/**
 * The stylesheet, the script and the icon: read once at start, named by their content, so that browsers may keep them
 * for ever.
 * @module
 */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { anyone } from 'dewar';
import { serveFiles } from 'dewar/fastify';
import { html, trustedUrl } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';

/** What a page's head loads; the nonce is that of the page. */
export type Assets = (nonce: string) => Html;

/** Serves the folder, and answers what loads it. */
export function serveAssets(app: FastifyInstance): Assets {
  const files = serveFiles(app, { folder: join(import.meta.dirname, 'assets'), access: anyone() });
  const [style, script, icon] = ['desk.css', 'desk.js', 'desk.svg'].map((name) => ({
    url: trustedUrl(files.url(name), 'our own file, named by its content'),
    integrity: files.integrity(name),
  })) as [Asset, Asset, Asset];
  return (nonce) => html`<link rel="icon" href="${icon.url}" type="image/svg+xml" />
    <link rel="stylesheet" href="${style.url}" integrity="${style.integrity}" />
    <script src="${script.url}" integrity="${script.integrity}" nonce="${nonce}" defer></script>`;
}

interface Asset {
  readonly url: ReturnType<typeof trustedUrl>;
  readonly integrity: string;
}
