/**
 * What an owner's editor says: `tsc` checks this file, and each line that must be an error is one.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { all, anyone, detect, off, owner, resource, role, shared } from '@dewar/core';
import type { Context, Identity, MaybePromise, Rule } from '@dewar/core';
import { createDewar } from './index.ts';
import type { FastifyDewar } from './index.ts';
import { policyOf } from './stage.server.test.ts';

const ticket = resource('ticket', {
  load: ({ id }) => (id === '1' ? { title: 'The printer is on fire', owner: 'ann' } : null),
  of: (found) => found.owner,
});

/** Every way a rule and settings may be written on a route, and may not. */
function routes(app: FastifyInstance): void {
  app.get('/a', { access: anyone() }, async () => 'x');
  app.get<{ Params: { id: string } }>('/t/:id', { access: owner(ticket) }, async (request) => {
    const title: string = ticket.from(request).title;
    // @ts-expect-error -- a resource's object has the type its load gives
    ticket.from(request).price satisfies unknown;
    return `${request.params.id} ${title}`;
  });
  app.route({ method: 'PUT', url: '/b', access: all(role('agent')), handler: async () => 'x' });
  app.route({
    method: ['POST', 'PATCH'],
    url: '/c/*',
    access: all(anyone(), shared('there are no objects behind it')),
    policy: {
      headers: { referrerPolicy: 'no-referrer' },
      csrf: off('a webhook that is signed'),
      csp: { mode: detect('roll-out', { until: '2999-01-31' }), reason: 'roll-out' },
      encodedSeparators: 'names of packages hold a slash',
      secretPath: true,
      withoutHost: false,
      credential: 'bearer',
    },
    handler: async () => 'x',
  });

  // @ts-expect-error -- a rule is no text
  app.get('/wrong/1', { access: 'anyone' }, async () => 'x');
  // @ts-expect-error -- a rule is called
  app.get('/wrong/2', { access: anyone }, async () => 'x');
  // @ts-expect-error -- a rule is not a flag
  app.get('/wrong/3', { access: true }, async () => 'x');
  // @ts-expect-error -- a rule is of a kind that exists
  app.get('/wrong/4', { access: { kind: 'everybody' } }, async () => 'x');
  // @ts-expect-error -- a misspelt protection
  app.get('/wrong/5', { access: anyone(), policy: { header: {} } }, async () => 'x');
  // @ts-expect-error -- a misspelt option of a protection
  app.get('/wrong/6', { access: anyone(), policy: { headers: { framOptions: 'DENY' } } }, async () => 'x');
  // @ts-expect-error -- a value that is no choice
  app.get('/wrong/7', { access: anyone(), policy: { headers: { frameOptions: 'ALLOWALL' } } }, async () => 'x');
  // @ts-expect-error -- off says why
  app.get('/wrong/8', { access: anyone(), policy: { csrf: off() } }, async () => 'x');
  // @ts-expect-error -- false turns nothing off
  app.get('/wrong/9', { access: anyone(), policy: { csrf: false } }, async () => 'x');
  // @ts-expect-error -- a route has its rule under access
  app.get('/wrong/10', { access: anyone(), policy: { access: anyone() } }, async () => 'x');
  // @ts-expect-error -- sessions are one for all routes
  app.get('/wrong/11', { access: anyone(), policy: { sessions: {} } }, async () => 'x');
}

/** What handlers find on a request. */
async function handler(request: FastifyRequest): Promise<unknown> {
  const context: Context = request.dewar;
  const who: MaybePromise<Identity> = context.who();
  const identity = await who;
  // @ts-expect-error -- who asks is told apart by kind first
  identity.roles satisfies unknown;
  // @ts-expect-error -- facts are read, never written
  context.facts.path = '/elsewhere';
  return identity.kind === 'account' ? identity.roles : identity.kind;
}

describe('types', () => {
  it('of routes, rules and settings hold, and so does the code under them', () => {
    assert.equal(typeof routes, 'function');
    assert.equal(typeof handler, 'function');
    const rule: Rule = anyone();
    assert.equal(rule.kind, 'anyone');
  });

  it('of the two lines hold: options to Fastify, the plugin to register', async (t) => {
    const dewar: FastifyDewar = createDewar(policyOf(), { requestTimeout: 5000 });
    const app = Fastify({ bodyLimit: 1000, ...dewar.options });
    t.after(() => app.close());
    await app.register(dewar);
    await app.ready();
    assert.equal(app.initialConfig.bodyLimit, 1000);
    // @ts-expect-error -- a misspelt limit
    assert.throws(() => Fastify(createDewar(policyOf(), { requestTimout: 5000 }).options), /requestTimeout/);
    // @ts-expect-error -- a policy is no text
    'strict' satisfies Parameters<typeof createDewar>[0];
  });

  it('and what they refuse, the start refuses where nobody checks types', async (t) => {
    const dewar = createDewar(policyOf());
    const app = Fastify(dewar.options);
    t.after(() => app.close());
    routes(app);
    await assert.rejects(
      async () => app.ready(),
      (error: { faults: { option: string }[] }) => {
        const options = error.faults.map(({ option }) => option).join('\n');
        for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]) assert.match(options, new RegExp(`GET /wrong/${n}:`));
        return true;
      },
    );
  });
});
