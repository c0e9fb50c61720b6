/**
 * The receiver of reports over a real socket: both formats, no token, no route, and nothing said.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import Fastify from 'fastify';
import { all, anyone, shared } from '@dewar/core';
import type { SecurityEvent } from '@dewar/core';
import { TEST_SECRET } from '@dewar/testing';
import { createDewar } from './index.ts';
import type { FastifyDewar } from './index.ts';

const HOST = 'app.example';
const REPORT = {
  'csp-report': {
    'document-uri': `https://${HOST}/tickets/1`,
    'effective-directive': 'img-src',
    'blocked-uri': 'https://images.example/x.png',
    disposition: 'enforce',
  },
};

interface Sent {
  readonly type?: string;
  readonly body?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly method?: string;
}

interface Site {
  readonly dewar: FastifyDewar;
  readonly events: readonly SecurityEvent[];
  readonly ran: () => number;
  post(sent?: Sent): Promise<Response>;
}

/** An application with a route that takes everything. */
async function site(t: TestContext): Promise<Site> {
  const events: SecurityEvent[] = [];
  const dewar = createDewar({
    profile: 'test',
    secret: TEST_SECRET,
    hosts: { allowed: [HOST] },
    facts: { trustedProxies: ['127.0.0.1/32'] },
    csp: { reports: '/csp-reports' },
    events: [(event) => events.push(event)],
  });
  const app = Fastify(dewar.options);
  await app.register(dewar);
  let ran = 0;
  app.all('/*', { access: all(anyone(), shared('answers whatever was asked')) }, () => ({ ran: ++ran }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(() => app.close());
  return {
    dewar,
    events,
    ran: () => ran,
    post: ({ type = 'application/csp-report', body = JSON.stringify(REPORT), fields = {}, method = 'POST' } = {}) =>
      // The host by the trusted proxy: fetch sets its own.
      fetch(`${url}/csp-reports`, {
        method,
        redirect: 'manual',
        headers: { 'content-type': type, 'x-forwarded-host': HOST, 'x-forwarded-proto': 'https', ...fields },
        ...(method === 'POST' ? { body } : undefined),
      }),
  };
}

describe('the receiver of reports', () => {
  it('takes both formats from whoever sends them, cookies or a null origin along, and no handler runs [HDR-12]', async (t) => {
    const here = await site(t);
    const fetchFields = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', origin: 'null' };
    const modern = JSON.stringify([
      {
        type: 'csp-violation',
        body: { documentURL: `https://${HOST}/`, effectiveDirective: 'font-src', blockedURL: 'data' },
      },
    ]);
    for (const sent of [
      {},
      { fields: fetchFields },
      { fields: { ...fetchFields, 'sec-fetch-mode': 'cors', cookie: '__Host-session=stale' } },
      { type: 'application/reports+json', body: modern },
    ]) {
      const answer = await here.post(sent);
      assert.equal(answer.status, 204);
      assert.equal(await answer.text(), '');
      assert.equal(answer.headers.get('set-cookie'), null);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    }
    assert.equal(here.ran(), 0);
    const { groups } = here.dewar.kernel.part('csp')!.report();
    assert.deepEqual(
      groups.map(({ directive, count }) => [directive, count]),
      [
        ['img-src', 3],
        ['font-src', 1],
      ],
    );
    assert.equal(here.events.filter(({ name }) => name === 'csp.violation').length, 2);
  });

  it('answers what it does not read alike, and what is too large with 413', async (t) => {
    const here = await site(t);
    assert.equal((await here.post({ type: 'text/plain' })).status, 204);
    assert.equal((await here.post({ body: '{' })).status, 204);
    assert.equal((await here.post({ body: '' })).status, 204);
    assert.equal((await here.post({ body: ' '.repeat(70_000) })).status, 413);
    const { groups, ignored } = here.dewar.kernel.part('csp')!.report();
    assert.deepEqual([groups.length, ignored.malformed], [0, 3]);
  });

  it('other methods are the routes’', async (t) => {
    const here = await site(t);
    assert.equal((await here.post({ method: 'GET' })).status, 200);
    assert.equal(here.ran(), 1);
  });

  it('answers for no other host, and not in clear text', async (t) => {
    const here = await site(t);
    assert.equal((await here.post({ fields: { 'x-forwarded-host': 'evil.example' } })).status, 421);
    assert.notEqual((await here.post({ fields: { 'x-forwarded-proto': 'http' } })).status, 204);
    assert.equal(here.dewar.kernel.part('csp')!.report().groups.length, 0);
  });
});
