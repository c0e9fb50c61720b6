import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Snippet = (server: { readonly url: string }) => Promise<unknown>;

const folder = mkdtempSync(join(tmpdir(), 'dewar-readme-'));
const clients = new URL('./clients.ts', import.meta.url).href;
let snippets: Readonly<Record<string, Snippet>> = {};
let server: Server;
let url = '';
const posted: string[] = [];

before(async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  // The attack matrix needs an application on an adapter: its snippet runs in test/readme.test.ts.
  const clientParts = readme.slice(readme.indexOf('## browser()'));
  for (const [index, [, code]] of [...clientParts.matchAll(/^```ts\n([\s\S]*?)^```/gm)].entries()) {
    const file = join(folder, `snippet-${index}.ts`);
    writeFileSync(file, code!.replace("'@dewar/testing'", JSON.stringify(clients)));
    snippets = { ...snippets, ...((await import(pathToFileURL(file).href)) as Record<string, Snippet>) };
  }
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.method === 'POST') posted.push(`${request.url} ${body}`);
      const form =
        '<form method=post action=/sign-in><input type=hidden name=t value=1><input name=name><input name=password></form>';
      response.setHeader('content-type', 'text/html').end(form);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe('the README', () => {
  it('shows a browser that signs in by the form and attackers that post', async () => {
    assert.deepEqual(await snippets['attackTransfer']!({ url }), ['200 true', '200 true', '200 false']);
    assert.deepEqual(posted, ['/sign-in t=1&name=ada&password=correct+horse', ...Array(3).fill('/transfer to=eve')]);
  });

  it('shows two lengths refused', async () => {
    assert.deepEqual(await snippets['twoLengths']!({ url }), [400, 1]);
  });
});
