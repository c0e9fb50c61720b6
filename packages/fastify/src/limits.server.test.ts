/**
 * Limits over real sockets and real time: a request that is held, one whose client goes, and a restart.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyone } from '@dewar/core';
import type { Policy } from '@dewar/core';
import { limit } from '@dewar/core/limits';
import { start, SUBJECT_HOST, SUBJECT_ORIGIN } from '@dewar/testing';
import type { Target } from '@dewar/testing';
import Fastify from 'fastify';
import { defineDewar } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-limits-'));
const opened: Target[] = [];
after(async () => {
  for (const target of opened) await target.close();
  rmSync(folder, { recursive: true });
});

async function serve(limits: Policy['limits']): Promise<Target> {
  const policy = { hosts: { allowed: [SUBJECT_HOST] }, facts: { trustedProxies: ['127.0.0.1/32'] } };
  const dewar = defineDewar({
    policy: limits === undefined ? policy : { ...policy, limits },
    async app(plugin) {
      const app = Fastify(plugin.options);
      await app.register(plugin);
      app.get('/', { access: anyone() }, async () => ({ ok: true }));
      return app;
    },
  });
  const target = await start(dewar, SUBJECT_ORIGIN);
  opened.push(target);
  return target;
}

const headers = { host: SUBJECT_HOST, 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' };

async function get(target: Target): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request(target.url, { headers }, (answer) => resolve(answer.resume()))
    .on('error', reject)
    .end();
  return promise;
}

const held = (target: Target): number => target.running.kernel.part('limits')!.report().held;

/** Waits until it is so; a limit of two seconds, which is never reached. */
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await sleep(10);
  assert.ok(condition());
}

describe('limits over a socket', () => {
  it('refuse with 429, Retry-After and what is left [LIM-17] [LIM-18]', async () => {
    const target = await serve({ rules: [limit('1 per hour', { name: 'x' })] });
    const first = await get(target);
    assert.equal(first.statusCode, 200);
    assert.equal(first.headers['ratelimit'], '"x";r=0;t=3600');
    assert.equal(first.headers['ratelimit-policy'], '"address";q=1000;w=60, "x";q=1;w=3600');
    const second = await get(target);
    assert.equal(second.statusCode, 429);
    assert.ok(Number(second.headers['retry-after']) > 3590);
    assert.equal(second.headers['content-type'], 'application/problem+json');
  });

  it('hold a request for as long as they say [LIM-16] [S-43]', async () => {
    const target = await serve({
      rules: [limit('2 per hour', { name: 'x', slowDown: { after: 1, most: '1 second' } })],
    });
    const started = performance.now();
    assert.equal((await get(target)).statusCode, 200);
    assert.equal((await get(target)).statusCode, 200);
    assert.ok(performance.now() - started >= 950);
    assert.equal((await get(target)).statusCode, 429);
  });

  it('hold nothing for a client that has gone', async () => {
    const target = await serve({
      rules: [limit('2 per hour', { name: 'x', slowDown: { after: 0, most: '1 minute' } })],
    });
    const gone = request(target.url, { headers });
    gone.on('error', () => undefined).end();
    await until(() => held(target) === 1);
    gone.destroy();
    await until(() => held(target) === 0);
  });

  it('do not begin anew with the process, where there is a snapshot', async () => {
    const limits = { rules: [limit('1 per hour', { name: 'x' })], snapshot: join(folder, 'limits.bin') };
    const first = await serve(limits);
    assert.equal((await get(first)).statusCode, 200);
    await first.close();
    const second = await serve(limits);
    assert.equal((await get(second)).statusCode, 429);
  });
});
