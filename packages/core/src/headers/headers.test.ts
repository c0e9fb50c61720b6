/**
 * The fields themselves, option by option; what is weaker asks for a reason, and what is nonsense does not start.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { off } from '../kernel/index.ts';
import { check, denied, guardWith, set, stage } from '../kernel/kernel.fixture.ts';
import type { Outcome, Stage } from '../kernel/kernel.fixture.ts';
import { headerFields, headers } from './headers.ts';
import { checkHeaders, HEADERS_DEFAULTS } from './policy.ts';
import type { HeadersOptions } from './policy.ts';

const WHY = 'the partner portal needs it';
const self = (options: object = {}): Stage => stage({ protections: [set(headers, options)] });
const page = ['content-type', 'text/html'];

describe('by default', () => {
  const rows: readonly (readonly [name: string, value: string, tag: string])[] = [
    ['x-content-type-options', 'nosniff', '[HDR-16]'],
    ['x-frame-options', 'DENY', '[HDR-15]'],
    ['referrer-policy', 'same-origin', '[HDR-17]'],
    ['cross-origin-opener-policy', 'same-origin', '[HDR-19]'],
    ['cross-origin-resource-policy', 'same-origin', '[HDR-21]'],
    ['origin-agent-cluster', '?1', '[HDR-22]'],
    ['x-dns-prefetch-control', 'off', '[HDR-23]'],
    ['x-permitted-cross-domain-policies', 'none', '[HDR-23]'],
    ['x-download-options', 'noopen', '[HDR-23]'],
    ['x-xss-protection', '0', '[HDR-24] [c2-headers]'],
  ];
  for (const [name, value, tag] of rows)
    it(`every response has ${name}: ${value} ${tag}`, async () => {
      const refusing = stage({ protections: [headers, guardWith(check('access', denied()))] });
      const responses: readonly (readonly [title: string, outcome: Outcome])[] = [
        ['a page', await self().send({}, page)],
        ['JSON', await self().send({}, ['content-type', 'application/json'])],
        ['nothing', await self().send()],
        ['in clear text', await self().send({ encrypted: false })],
        ['an unmatched path', await self().send({ target: '/nowhere' })],
        ['a refusal', await refusing.send()],
        ['a refused head', await self().send({ target: '/a/../b' })],
      ];
      for (const [title, { field }] of responses) assert.equal(field(name), value, title);
    });

  it('the error of a handler and what was never a request have the same fields [HDR-29]', () => {
    const { kernel, context } = self();
    const failed = kernel.fail(context(), new Error('x'));
    const unread = kernel.refuseUnread('192.0.2.1', false, denied('malformed', { status: 400 }));
    for (const { fields } of [failed, unread])
      for (const [name, value] of pairs(headerFields(HEADERS_DEFAULTS)))
        assert.equal(fields[fields.indexOf(name) + 1], value, name);
  });

  it('no response has a cross-origin embedder policy, which would break foreign images', async () => {
    assert.equal((await self().send({}, page)).field('cross-origin-embedder-policy'), undefined);
  });

  it('features that reach hardware, money and identity are denied [HDR-18]', async () => {
    const policy = parsePolicy((await self().send({}, page)).field('permissions-policy') as string);
    for (const feature of ['camera', 'microphone', 'geolocation', 'usb', 'serial', 'payment', 'browsing-topics'])
      assert.deepEqual(policy.get(feature), [], feature);
    assert.ok(policy.size >= 15);
  });

  it('all is frozen', () => {
    assert.ok(Object.isFrozen(HEADERS_DEFAULTS) && Object.isFrozen(HEADERS_DEFAULTS.permissionsPolicy));
  });
});

describe('an option', () => {
  const rows: readonly (readonly [options: Partial<HeadersOptions>, name: string, value: string | undefined])[] = [
    [{ contentTypeOptions: false }, 'x-content-type-options', undefined],
    [{ frameOptions: 'SAMEORIGIN' }, 'x-frame-options', 'SAMEORIGIN'],
    [{ frameOptions: false }, 'x-frame-options', undefined],
    [{ referrerPolicy: 'no-referrer' }, 'referrer-policy', 'no-referrer'],
    [{ referrerPolicy: false }, 'referrer-policy', undefined],
    [{ openerPolicy: 'same-origin-allow-popups' }, 'cross-origin-opener-policy', 'same-origin-allow-popups'],
    [{ openerPolicy: false }, 'cross-origin-opener-policy', undefined],
    [{ resourcePolicy: 'cross-origin' }, 'cross-origin-resource-policy', 'cross-origin'],
    [{ resourcePolicy: false }, 'cross-origin-resource-policy', undefined],
    [{ embedderPolicy: 'require-corp' }, 'cross-origin-embedder-policy', 'require-corp'],
    [{ embedderPolicy: 'credentialless' }, 'cross-origin-embedder-policy', 'credentialless'],
    [{ originAgentCluster: false }, 'origin-agent-cluster', undefined],
    [{ noDnsPrefetch: false }, 'x-dns-prefetch-control', undefined],
    [{ noCrossDomainPolicies: false }, 'x-permitted-cross-domain-policies', undefined],
    [{ noOpenDownloads: false }, 'x-download-options', undefined],
    [{ noXssFilter: false }, 'x-xss-protection', undefined],
    [{ permissionsPolicy: false }, 'permissions-policy', undefined],
    [{ permissionsPolicy: { camera: [] } }, 'permissions-policy', 'camera=()'],
    [{ permissionsPolicy: { camera: ['self'], usb: [] } }, 'permissions-policy', 'camera=(self), usb=()'],
    [
      { permissionsPolicy: { payment: ['self', 'https://pay.example', 'https://*.pay.example:8443'] } },
      'permissions-policy',
      'payment=(self "https://pay.example" "https://*.pay.example:8443")',
    ],
  ];
  for (const [options, name, value] of rows)
    it(`${JSON.stringify(options)} makes ${name} ${value ?? 'absent'}, and changes nothing else`, () => {
      const fields = new Map(pairs(headerFields({ ...HEADERS_DEFAULTS, ...options })));
      const before = new Map(pairs(headerFields(HEADERS_DEFAULTS)));
      assert.equal(fields.get(name), value);
      fields.delete(name);
      before.delete(name);
      assert.deepEqual(fields, before);
    });

  it('sends a cross-origin embedder policy to those who ask for one [HDR-20]', async () => {
    const { field } = await self({ embedderPolicy: 'require-corp' }).send({}, page);
    assert.equal(field('cross-origin-embedder-policy'), 'require-corp');
  });

  it('of a route holds for that route alone [DX-03]', async () => {
    const routes = [
      { path: '/' },
      { path: '/embed', overrides: { headers: { frameOptions: false, reason: WHY } as object } },
    ];
    const { send } = stage({ protections: [headers], routes });
    assert.equal((await send({ target: '/embed' }, page)).field('x-frame-options'), undefined);
    assert.equal((await send({}, page)).field('x-frame-options'), 'DENY');
  });

  it('wins over what a handler sets, and that is reported [HDR-30]', async () => {
    const { send, said } = self();
    const { field } = await send({}, [...page, 'X-Frame-Options', 'ALLOWALL', 'X-Content-Type-Options', 'sniff']);
    assert.equal(field('x-frame-options'), 'DENY');
    assert.equal(field('x-content-type-options'), 'nosniff');
    assert.equal(said('response.conflict').length, 2);
  });

  it('leaves the field to the handler where it is off', async () => {
    const { send } = stage({ protections: [set(headers, off(WHY))] });
    assert.equal((await send({}, ['X-Frame-Options', 'SAMEORIGIN'])).field('x-frame-options'), 'SAMEORIGIN');
  });
});

describe('Permissions-Policy', () => {
  it('is a structured-field dictionary that reads back as it was meant (RFC 9651) [HDR-18]', () => {
    const feature = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
    const origin = fc.stringMatching(/^https:\/\/[a-z0-9-]{1,10}\.example(:[0-9]{1,4})?$/);
    const lists = fc.array(fc.oneof(fc.constant('self' as const), origin), { maxLength: 3 });
    fc.assert(
      fc.property(fc.dictionary(feature, lists, { minKeys: 1, maxKeys: 5, noNullPrototype: true }), (policy) => {
        const options = { ...HEADERS_DEFAULTS, permissionsPolicy: policy } as HeadersOptions;
        assert.deepEqual(checkHeaders(options, 'headers'), []);
        const value = new Map(pairs(headerFields(options))).get('permissions-policy')!;
        assert.deepEqual(Object.fromEntries(parsePolicy(value)), policy);
      }),
    );
  });
});

describe('options below their default', () => {
  const weaker: readonly (readonly [options: Partial<HeadersOptions>, option: string | undefined])[] = [
    [{}, undefined],
    [{ contentTypeOptions: false }, 'contentTypeOptions'],
    [{ frameOptions: false }, 'frameOptions'],
    [{ frameOptions: 'SAMEORIGIN' }, 'frameOptions'],
    [{ referrerPolicy: false }, 'referrerPolicy'],
    [{ referrerPolicy: 'origin-when-cross-origin' }, 'referrerPolicy'],
    [{ referrerPolicy: 'strict-origin-when-cross-origin' }, 'referrerPolicy'],
    [{ referrerPolicy: 'no-referrer' }, undefined],
    [{ openerPolicy: false }, 'openerPolicy'],
    [{ openerPolicy: 'unsafe-none' }, 'openerPolicy'],
    [{ resourcePolicy: false }, 'resourcePolicy'],
    [{ resourcePolicy: 'cross-origin' }, 'resourcePolicy'],
    [{ resourcePolicy: 'same-site' }, 'resourcePolicy'],
    [{ embedderPolicy: 'require-corp' }, undefined],
    [{ originAgentCluster: false }, 'originAgentCluster'],
    [{ noDnsPrefetch: false }, 'noDnsPrefetch'],
    [{ noCrossDomainPolicies: false }, 'noCrossDomainPolicies'],
    [{ noOpenDownloads: false }, 'noOpenDownloads'],
    [{ noXssFilter: false }, 'noXssFilter'],
    [{ permissionsPolicy: false }, 'permissionsPolicy'],
    [{ permissionsPolicy: {} }, 'permissionsPolicy'],
    [{ permissionsPolicy: { camera: ['self'] } }, 'permissionsPolicy'],
    [{ permissionsPolicy: { ...all(), camera: ['https://evil.example'] } }, 'permissionsPolicy'],
    [{ permissionsPolicy: { ...all(), fullscreen: [] } }, undefined],
    [{ permissionsPolicy: { ...all(), 'new-feature': ['self'] } }, undefined],
  ];
  for (const [options, option] of weaker)
    it(`${JSON.stringify(options).slice(0, 60)} ${option === undefined ? 'need no reason' : 'need a reason'}`, async () => {
      const found: string[] = [];
      await self(options).ready.catch((error: { faults: { option: string }[] }) => {
        found.push(...error.faults.map((fault) => fault.option));
      });
      assert.deepEqual(found, option === undefined ? [] : [`headers.${option}`]);
      await self({ ...options, reason: WHY }).ready;
    });
});

describe('options that are nonsense', () => {
  const rows: readonly (readonly [options: object, option: string])[] = [
    [{ frameOptions: 'ALLOW-FROM https://a.example' }, 'frameOptions'],
    [{ frameOptions: true }, 'frameOptions'],
    [{ frameOptions: 'deny' }, 'frameOptions'],
    [{ referrerPolicy: 'unsafe-url' }, 'referrerPolicy'],
    [{ referrerPolicy: 'no-referrer-when-downgrade' }, 'referrerPolicy'],
    [{ openerPolicy: 'none' }, 'openerPolicy'],
    [{ resourcePolicy: true }, 'resourcePolicy'],
    [{ embedderPolicy: 'same-origin' }, 'embedderPolicy'],
    [{ contentTypeOptions: 'nosniff' }, 'contentTypeOptions'],
    [{ contentTypeOptions: 0 }, 'contentTypeOptions'],
    [{ contentTypeOptions: null }, 'contentTypeOptions'],
    [{ noXssFilter: '1; mode=block' }, 'noXssFilter'],
    [{ originAgentCluster: 'yes' }, 'originAgentCluster'],
    [{ permissionsPolicy: true }, 'permissionsPolicy'],
    [{ permissionsPolicy: null }, 'permissionsPolicy'],
    [{ permissionsPolicy: 'camera=()' }, 'permissionsPolicy'],
    [{ permissionsPolicy: ['camera'] }, 'permissionsPolicy'],
    [{ permissionsPolicy: { 'camera=(), x': [] } }, 'permissionsPolicy["camera=(), x"]'],
    [{ permissionsPolicy: { Camera: [] } }, 'permissionsPolicy["Camera"]'],
    [{ permissionsPolicy: { camera: 'self' } }, 'permissionsPolicy["camera"]'],
    [{ permissionsPolicy: { camera: ['*'] } }, 'permissionsPolicy["camera"]'],
    [{ permissionsPolicy: { camera: ['http://a.example'] } }, 'permissionsPolicy["camera"]'],
    [{ permissionsPolicy: { camera: ['https://a.example/'] } }, 'permissionsPolicy["camera"]'],
    [{ permissionsPolicy: { camera: ['https://a.example", usb=*'] } }, 'permissionsPolicy["camera"]'],
    [{ permissionsPolicy: { camera: ['https://a.example\r\nx: y'] } }, 'permissionsPolicy["camera"]'],
    [{ permissionsPolicy: { camera: ["'self'"] } }, 'permissionsPolicy["camera"]'],
    [{ frameOption: 'DENY' }, 'frameOption'],
  ];
  for (const [options, option] of rows)
    it(`do not start: ${JSON.stringify(options)}`, async () => {
      await assert.rejects(self({ ...options, reason: WHY }).ready, (error: { faults?: { option: string }[] }) => {
        assert.deepEqual(
          error.faults?.map((fault) => fault.option),
          [`headers.${option}`],
        );
        return true;
      });
    });
});

function all(): object {
  return HEADERS_DEFAULTS.permissionsPolicy as object;
}

function pairs(fields: readonly string[]): [string, string][] {
  return fields.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, fields[index + 1]!]] : []));
}

/** A reader of its own for the dictionary: keys, inner lists, tokens and strings, and not a character more. */
function parsePolicy(value: string): Map<string, string[]> {
  const policy = new Map<string, string[]>();
  for (const member of value.split(', ')) {
    const [, key, list] = /^([a-z*][a-z0-9_.*-]*)=\(([^()]*)\)$/.exec(member) ?? [];
    assert.ok(key !== undefined && list !== undefined, `"${member}" is no member`);
    const items = list === '' ? [] : list.split(' ');
    for (const item of items) assert.match(item, /^(self|"https:\/\/[^"\\\s]+")$/);
    policy.set(
      key,
      items.map((item) => item.replaceAll('"', '')),
    );
  }
  return policy;
}
