/**
 * The example starts, answers under protection, and refuses whom it should.
 * @module
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'dewar';
import type { IdentityResolver, Running } from 'dewar';
import dewar from './dewar.config.ts';

/** Stands in for a way to sign in: whoever names an account is that account. */
const resolver: IdentityResolver = {
  kind: 'key',
  ambient: false,
  present: (facts) => facts.header('x-account') !== undefined,
  resolve: ({ facts }) => ({
    kind: 'account',
    id: facts.header('x-account')!,
    roles: [],
    sessionId: 'example',
    authenticatedAt: facts.at,
    methods: ['password'],
  }),
};

describe('the Fastify example', () => {
  let running: Running;
  let url: string;

  before(async () => {
    const policy = { ...dewar.policy, identity: [resolver] };
    running = await build({ ...dewar, policy }, { profile: 'development', events: [] });
    const { port } = new URL((await running.listen({ port: 0 })).url);
    url = `http://localhost:${port}`;
  });
  after(() => running.close());

  it('answers everybody on the public route, with the headers of the policy [DX-01]', async () => {
    const response = await fetch(`${url}/`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { hello: 'world' });
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('server'), null);
  });

  it('refuses a stranger on the signed-in route', async () => {
    const response = await fetch(`${url}/account`);
    assert.equal(response.status, 401);
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  });

  it('answers an account on the signed-in route', async () => {
    const response = await fetch(`${url}/account`, { headers: { 'x-account': 'ada' } });
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { readonly you: { readonly id: string } }).you.id, 'ada');
  });

  it('refuses a host that is not its own', async () => {
    const asked = get({ host: '127.0.0.1', port: new URL(url).port, headers: { host: 'evil.example' } });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    response.resume();
    assert.equal(response.statusCode, 421);
  });

  it('is whole: production starts with a secret and nothing else [DX-14]', async () => {
    const built = await build(dewar, { profile: 'production', secret: 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u', events: [] });
    await built.close();
  });

  it('serves without the command line, and stops when asked', async () => {
    const child = spawn(process.execPath, ['--conditions=@dewar/source', 'server.ts'], {
      cwd: join(import.meta.dirname),
      env: { ...process.env, DEWAR_PROFILE: 'development', PORT: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 30_000,
    });
    const ended = once(child, 'exit');
    let said = '';
    for await (const text of child.stderr.setEncoding('utf8')) if ((said += text as string).includes('\n')) break;
    const [, port] = /serving http:\/\/127\.0\.0\.1:(\d+)/.exec(said) ?? [];
    assert.equal((await fetch(`http://localhost:${port}/`)).status, 200, said);
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});
