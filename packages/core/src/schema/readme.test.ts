/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { signedIn } from '../access/index.ts';
import type { Context, Rule, StandardSchema } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import { inputOf, schema, SCHEMA_DEFAULTS } from './index.ts';

interface Route {
  readonly access: Rule;
  readonly schema: { readonly body: StandardSchema };
}

type Handler = (request: { readonly dewar: Context }) => Promise<unknown>;

/** As much of a framework as the snippet needs. */
const declared: [path: string, route: Route, handler: Handler][] = [];
const app = {
  post: (path: string, route: Route, handler: Handler): void => void declared.push([path, route, handler]),
};

const NewTicket = z.object({ subject: z.string().min(1).max(120), urgent: z.boolean().default(false) });

app.post('/tickets', { access: signedIn(), schema: { body: NewTicket } }, async (request) => {
  const { subject, urgent } = inputOf(request, NewTicket);
  return { subject, urgent };
});

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

async function post(body: unknown): Promise<unknown> {
  const [path, route, handler] = declared[0]!;
  const self = stage({
    protections: [set(schema, undefined)],
    routes: [{ method: 'POST', path, schema: route.schema }],
  });
  await self.ready;
  const c = self.context({ method: 'POST', target: path });
  c.body = body;
  c.bodyRead = true;
  const denial = await self.kernel.after(c);
  if (denial === null) return handler({ dewar: c });
  assert.ok('code' in denial);
  return self.kernel.answer(c, denial).body.replace(/"request":"[^"]*"/, '"request":"…"');
}

describe('the README', () => {
  it('shows nothing but snippets of this test', () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 1);
    for (const snippet of snippets) assert.ok(source.includes(snippet), snippet);
  });

  it('shows a route that takes what it says, and the answer to what it does not', async () => {
    assert.deepEqual(await post({ subject: 'Printer' }), { subject: 'Printer', urgent: false });
    const shown = /^```json\n(.*)\n```$/m.exec(readme)?.[1];
    assert.equal(await post({ subject: 'Printer', role: 'admin' }), shown);
  });

  it('names every code, and every option with its default', () => {
    for (const code of schema.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const [name, value] of Object.entries(SCHEMA_DEFAULTS))
      assert.ok(readme.includes(`| \`${name}\` | \`'${value}'\` |`), name);
  });
});
