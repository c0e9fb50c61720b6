/**
 * The README's snippets are this file's own text, and do what it says.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import { any, anyone, owner, resource, role } from '@dewar/core';
import { LIMITS_DEFAULTS } from '@dewar/core/http';
import { head, rawRequest, TEST_SECRET } from '@dewar/testing';
import type { Field } from '@dewar/testing';
import { createDewar } from './index.ts';
import { assertHead, assertProblem, policyOf } from './stage.server.test.ts';

const tickets = new Map([['1', { owner: 'ann', title: 'The printer is on fire' }]]);
const policy = policyOf();

describe('the README', () => {
  it('shows an application that starts and answers', async (t) => {
    process.env['DEWAR_SECRET'] = TEST_SECRET;
    t.after(() => delete process.env['DEWAR_SECRET']);

    const dewar = createDewar({
      hosts: { allowed: ['desk.example'] },
      facts: { trustedProxies: ['127.0.0.1/32'] },
      access: { roles: { agent: {} } },
    });

    const app = Fastify({ bodyLimit: 100_000, ...dewar.options });
    await app.register(dewar);

    const ticket = resource('ticket', {
      load: ({ id }) => tickets.get(id ?? ''),
      of: (found) => found.owner,
    });

    app.get('/', { access: anyone() }, async () => 'welcome');
    app.get('/tickets/:id', { access: any(role('agent'), owner(ticket)) }, async (request) => {
      return { title: ticket.from(request).title };
    });
    app.post(
      '/export',
      { access: role('agent'), policy: { headers: { resourcePolicy: 'same-site', reason: 'the reports page' } } },
      async (request) => {
        const who = await request.dewar.who();
        return { for: who.kind === 'account' ? who.id : '' };
      },
    );

    t.after(() => app.close());
    const url = await app.listen({ port: 0 });
    const fields: readonly Field[] = [
      ['Host', 'desk.example'],
      ['X-Forwarded-Proto', 'https'],
    ];
    const { response } = await rawRequest(url, head('GET', '/', fields));
    assert.equal(response.body.toString(), 'welcome');
    assertHead(response);
    assertProblem((await rawRequest(url, head('GET', '/tickets/1', fields))).response, 401);
  });

  it('shows limits that hold', async (t) => {
    const limited = createDewar(policy, { requestTimeout: 10_000, maxRequestsPerSocket: 100 });
    const app = Fastify(limited.options);
    t.after(() => app.close());
    assert.equal(app.server.requestTimeout, 10_000);
    assert.equal(app.server.maxRequestsPerSocket, 100);
  });

  it('shows nothing else, and names every limit and every option that is Dewar’s', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('## One protection alone')[0]!;
    const source = readFileSync(new URL(import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');
    const parts = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].flatMap(([, code]) => code!.split(/\n\n/));
    assert.equal(parts.length, 5);
    for (const part of parts) assert.ok(source.includes(part.replaceAll(/\s+/g, ' ').trim()), part);
    for (const [name, value] of Object.entries(LIMITS_DEFAULTS))
      assert.match(readme.replaceAll('_', ''), new RegExp(`^\\| \`${name}\` \\| \`${value}\``, 'm'));
    for (const name of Object.keys(createDewar(policy).options)) assert.ok(readme.includes(`\`${name}\``), name);
  });
});
