/**
 * Which hosts are ours, as tables: every form of entry against the hosts that attacks send.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { ConfigFault, Profile } from '../kernel/index.ts';
import { set, stage } from '../kernel/kernel.fixture.ts';
import type { Outcome, Stage } from '../kernel/kernel.fixture.ts';
import { hosts } from './hosts.ts';
import { checkHosts, HOSTS_DEFAULTS } from './policy.ts';

const serving = (allowed: readonly string[], more: object = {}): Stage =>
  stage({ protections: [set(hosts, { allowed } as object)], ...more });

const ask = (self: Stage, host: string): Promise<Outcome> => self.send({ headers: ['Host', host] });

const ROWS: readonly (readonly [allowed: string, host: string, ours: boolean])[] = [
  ['desk.example', 'desk.example', true],
  ['desk.example', 'DESK.Example', true],
  ['desk.example', 'desk.example:8443', true],
  ['desk.example', 'desk.example:80', true],
  ['desk.example', 'evil.example', false],
  ['desk.example', 'a.desk.example', false],
  ['desk.example', 'evildesk.example', false],
  ['desk.example', 'desk.example.evil.example', false],
  ['desk.example', 'localhost', false],
  ['desk.example', '127.0.0.1', false],
  ['desk.example', '[::1]', false],
  ['desk.example', '169.254.169.254', false],
  ['desk.example:8443', 'desk.example:8443', true],
  ['desk.example:8443', 'desk.example', false],
  ['desk.example:8443', 'desk.example:8444', false],
  ['*.desk.example', 'a.desk.example', true],
  ['*.desk.example', 'a.b.desk.example', true],
  ['*.desk.example', 'a.desk.example:8443', true],
  ['*.desk.example', 'desk.example', false],
  ['*.desk.example', 'evildesk.example', false],
  ['*.desk.example', 'a.desk.example.evil.example', false],
  ['*.desk.example:8443', 'a.desk.example:8443', true],
  ['*.desk.example:8443', 'long-name.desk.example:8443', true],
  ['*.desk.example:8443', 'a.desk.example', false],
  ['*.desk.example:8443', 'a.desk.example:8444', false],
  ['*.desk.example:8443', 'desk.example:8443', false],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.70', false],
  ['[2001:db8::7]', '[2001:db8::7]', true],
  ['[2001:db8::7]', '[2001:db8::7]:8443', true],
  ['[2001:db8::7]', '[2001:db8::8]', false],
];

describe('a host', () => {
  for (const [allowed, host, ours] of ROWS)
    it(`${host} ${ours ? 'is' : 'is not'} ours where ${allowed} is allowed [CFG-13]`, async () => {
      const { denial, answer } = await ask(serving([allowed]), host);
      assert.equal(denial?.code, ours ? undefined : 'hosts/not-allowed');
      assert.equal(answer.status, ours ? 200 : 421);
    });

  it('that ends in an allowed name is not ours for that, whatever stands before it', async () => {
    const self = serving(['desk.example', '*.shop.example']);
    const label = fc.stringMatching(/^[a-z0-9]{1,10}$/);
    await fc.assert(
      fc.asyncProperty(label, label, async (before, after) => {
        assert.equal((await ask(self, `${before}desk.example`)).answer.status, 421);
        assert.equal((await ask(self, `${before}shop.example`)).answer.status, 421);
        assert.equal((await ask(self, `desk.example.${after}q`)).answer.status, 421);
        assert.equal((await ask(self, `${before}.shop.example`)).answer.status, 200);
      }),
    );
  });

  it('is judged on every path, an unmatched one included, and before the redirect to https', async () => {
    const self = serving(['desk.example']);
    for (const target of ['/', '/nowhere'])
      assert.equal((await self.send({ target, encrypted: false })).denial?.code, 'hosts/not-allowed');
  });

  it('that the client claims for a proxy is not believed', async () => {
    const self = serving(['desk.example']);
    const forged = ['Host', 'evil.example', 'X-Forwarded-Host', 'desk.example', 'Forwarded', 'host=desk.example'];
    assert.equal((await self.send({ headers: forged })).denial?.code, 'hosts/not-allowed');
    const hidden = ['Host', 'desk.example', 'X-Forwarded-Host', 'evil.example'];
    assert.equal((await self.send({ headers: hidden })).c.facts.host, 'desk.example');
  });

  it('is the one a trusted proxy names, and that must be ours too', async () => {
    const self = serving(['desk.example', 'inner.example'], { facts: { trustedProxies: ['192.0.2.1'] } });
    const via = (host: string): readonly string[] => ['Host', 'inner.example', 'X-Forwarded-Host', host];
    const by = ['X-Forwarded-For', '198.51.100.7'];
    assert.equal((await self.send({ headers: [...via('desk.example'), ...by] })).denial, null);
    assert.equal((await self.send({ headers: [...via('evil.example'), ...by] })).denial?.code, 'hosts/not-allowed');
  });

  it('may be missing where the route says so, and then only there', async () => {
    const routes = [{ path: '/healthz', withoutHost: true }, { path: '/' }];
    const self = serving(['desk.example'], { routes });
    const bare = { headers: [], httpVersion: '1.0' };
    assert.equal((await self.send({ ...bare, target: '/healthz' })).denial, null);
    assert.notEqual((await self.send({ ...bare, target: '/' })).denial, null);
    const foreign = { headers: ['Host', 'evil.example'], target: '/healthz' };
    assert.equal((await self.send(foreign)).denial?.code, 'hosts/not-allowed');
  });
});

describe('a route', () => {
  it('may answer to hosts of its own, and then only to those', async () => {
    const routes = [{ path: '/' }, { path: '/hook', overrides: { hosts: { allowed: ['hooks.example'] } as object } }];
    const self = serving(['desk.example'], { routes });
    const code = async (target: string, host: string): Promise<string | undefined> =>
      (await self.send({ target, headers: ['Host', host] })).denial?.code;
    assert.equal(await code('/hook', 'hooks.example'), undefined);
    assert.equal(await code('/hook', 'desk.example'), 'hosts/not-allowed');
    assert.equal(await code('/', 'hooks.example'), 'hosts/not-allowed');
  });
});

describe('without a list', () => {
  it('development answers to loopback names alone', async () => {
    const self = stage({ profile: 'development', protections: [hosts] });
    for (const host of ['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      assert.equal((await ask(self, host)).denial, null, host);
    // A page at rebind.example whose name was pointed at 127.0.0.1.
    for (const host of ['rebind.example', 'localhost.evil.example', '127.0.0.2'])
      assert.equal((await ask(self, host)).denial?.code, 'hosts/not-allowed', host);
  });

  for (const profile of ['production', 'test'] as const)
    it(`${profile} does not start [CFG-13]`, async () => {
      await assert.rejects(stage({ profile, protections: [hosts] }).ready, /hosts\.allowed: is empty/);
    });
});

describe('what others may know', () => {
  const rows: readonly (readonly [allowed: readonly string[], canonical: string])[] = [
    [['desk.example', 'www.desk.example'], 'desk.example'],
    [['*.desk.example', 'www.desk.example'], 'www.desk.example'],
    [['desk.example:8443'], 'desk.example:8443'],
    [['*.desk.example'], ''],
  ];
  for (const [allowed, canonical] of rows)
    it(`of ${allowed.join(', ')} is the canonical host "${canonical}"`, () => {
      assert.equal(serving(allowed).kernel.part('hosts')?.canonical, canonical);
    });
});

describe('options', () => {
  const faults = (allowed: unknown, profile: Profile = 'production'): readonly ConfigFault[] =>
    checkHosts({ allowed } as never, 'hosts', { profile, now: 0, route: false });

  for (const entry of [
    'desk.example',
    'desk.example:8443',
    '*.desk.example',
    '*.desk.example:8443',
    'localhost',
    'under_score.desk.example',
    'xn--bcher-kva.example',
    '192.0.2.7',
    '[2001:db8::7]',
    '[::1]:3000',
  ])
    it(`take "${entry}"`, () => assert.deepEqual(faults([entry]), []));

  const wrong: readonly (readonly [entry: unknown, write: string])[] = [
    ['https://desk.example/', 'write "desk.example"'],
    ['https://desk.example:8443/a?b#c', 'write "desk.example:8443"'],
    ['Desk.Example', 'write "desk.example"'],
    ['desk.example/', 'write "desk.example"'],
    ['*', 'write a host name, like "desk.example"'],
    ['*.', 'write a host name, like "desk.example"'],
    ['*.com', 'write "*.desk.example"'],
    ['a.*.example', 'write a host name, like "desk.example"'],
    ['.desk.example', 'write a host name, like "desk.example"'],
    ['desk.example.', 'write a host name, like "desk.example"'],
    ['desk..example', 'write a host name, like "desk.example"'],
    ['-desk.example', 'write a host name, like "desk.example"'],
    ['desk.example:99999', 'write a host name, like "desk.example"'],
    ['desk.example:', 'write a host name, like "desk.example"'],
    ['user@desk.example', 'write a host name, like "desk.example"'],
    ['bücher.example', 'write a host name, like "desk.example"'],
    ['desk.example\n', 'write a host name, like "desk.example"'],
    ['', 'write a host name, like "desk.example"'],
    [7, "write 'desk.example'"],
    [null, "write 'desk.example'"],
  ];
  for (const [entry, write] of wrong)
    it(`refuse ${JSON.stringify(entry)}, and say: ${write}`, () => {
      const [fault, ...more] = faults(['ok.example', entry]);
      assert.equal(fault?.option, 'hosts.allowed[1]');
      assert.equal(fault.write, write);
      assert.deepEqual(more, []);
    });

  it('refuse what is no list', () => {
    for (const allowed of ['desk.example', undefined, null, { 0: 'desk.example' }])
      assert.deepEqual(
        faults(allowed).map(({ option }) => option),
        ['hosts.allowed'],
      );
  });

  it('are frozen, and nobody’s by default', () => {
    assert.deepEqual(HOSTS_DEFAULTS, { allowed: [] });
    assert.ok(Object.isFrozen(HOSTS_DEFAULTS) && Object.isFrozen(HOSTS_DEFAULTS.allowed));
  });

  it('cannot only observe', () => assert.equal(hosts.detectable, false));
});
