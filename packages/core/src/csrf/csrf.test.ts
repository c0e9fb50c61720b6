/**
 * The protection in a kernel: what it asks for, when, and of whom.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detect, off } from '../kernel/index.ts';
import type { Manner, Setting } from '../kernel/index.ts';
import type { CsrfOptions } from './policy.ts';
import { cookies } from '../cookies/index.ts';
import { csrf } from './csrf.ts';
import { account, csrfStage, FORM, TRUSTED } from './stage.test.ts';
import type { Asked, CsrfStage } from './stage.test.ts';
import { csrfField, csrfMeta, csrfToken } from './pages.ts';

const EVIL = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
const OURS = { 'Sec-Fetch-Site': 'same-origin' };

async function codeOf(on: CsrfStage, asked: Asked): Promise<string | undefined> {
  return (await on.ask(asked)).denial?.code;
}

for (const late of [false, true]) {
  describe(`csrf, with identities that are known ${late ? 'late' : 'at once'}`, () => {
    const on = csrfStage({ late });

    it('refuses a forged request without looking for its session [CSRF-11]', async () => {
      const before = on.asked.count;
      const { denial, answer, c } = await on.ask({ fields: { ...EVIL, Cookie: 'sid=ann', 'Content-Type': FORM } });
      assert.equal(denial?.code, 'csrf/cross-site');
      assert.equal(answer.status, 403);
      assert.equal(on.asked.count, before);
      assert.equal(c.touchedSession, false);
    });

    it('lets a form with its token pass, and no other [CSRF-01] [CSRF-07] [S-31] [S-32]', async () => {
      const { token, cookie } = await on.visit('sid=ann');
      const fields = { ...OURS, Cookie: cookie, 'Content-Type': FORM };
      assert.equal(await codeOf(on, { fields, body: { _csrf: token } }), undefined);
      for (const [body, code] of [
        [{}, 'csrf/token-missing'],
        [undefined, 'csrf/token-missing'],
        ['text', 'csrf/token-missing'],
        [{ _csrf: '' }, 'csrf/token-invalid'],
        [{ _csrf: [token, token] }, 'csrf/token-invalid'],
        [{ _csrf: [token] }, 'csrf/token-invalid'],
        [{ _csrf: { toString: () => token } }, 'csrf/token-invalid'],
        [Object.create({ _csrf: token }), 'csrf/token-missing'],
        [{ _csrf: token.slice(0, -1) }, 'csrf/token-invalid'],
        [{ _csrf: token.toLowerCase() }, 'csrf/token-invalid'],
      ] as const) {
        assert.equal(await codeOf(on, { fields, body }), code, JSON.stringify(body));
      }
    });

    it('lets a token in a header stand for the field, and refuses a bad one whatever the field says [CSRF-07]', async () => {
      const { token, cookie } = await on.visit('sid=ann');
      const fields = { ...OURS, Cookie: cookie, 'Content-Type': 'multipart/form-data; boundary=x' };
      assert.equal(await codeOf(on, { fields: { ...fields, 'X-CSRF-Token': token } }), undefined);
      assert.equal(
        await codeOf(on, { fields: { ...fields, 'X-CSRF-Token': 'x' }, body: { _csrf: token } }),
        'csrf/token-invalid',
      );
    });

    it('refuses a multipart form without a token in a header before anybody reads a file', async () => {
      const fields = { ...OURS, Cookie: 'sid=ann', 'Content-Type': 'multipart/form-data; boundary=x' };
      assert.equal(await codeOf(on, { fields }), 'csrf/token-missing');
    });

    it("takes no token of somebody else's session, nor one from before sign-in [CSRF-04] [CSRF-19]", async () => {
      const ann = await on.visit('sid=ann');
      const guest = await on.visit();
      const asBob = { ...OURS, Cookie: `sid=bob; ${guest.cookie}`, 'Content-Type': FORM };
      assert.equal(await codeOf(on, { fields: asBob, body: { _csrf: ann.token } }), 'csrf/token-invalid');
      assert.equal(await codeOf(on, { fields: asBob, body: { _csrf: guest.token } }), 'csrf/token-invalid');
      const asGuest = { ...OURS, Cookie: guest.cookie, 'Content-Type': FORM };
      assert.equal(await codeOf(on, { fields: asGuest, body: { _csrf: guest.token } }), undefined);
      assert.equal(await codeOf(on, { fields: asGuest, body: { _csrf: ann.token } }), 'csrf/token-invalid');
    });

    it('protects sign-in, which carries no credential yet, without a row in any store [CSRF-13]', async () => {
      const victim = await on.visit();
      const attacker = await on.visit();
      const fields = { Cookie: victim.cookie, 'Content-Type': FORM };
      assert.equal(await codeOf(on, { fields, body: { _csrf: attacker.token } }), 'csrf/token-invalid');
      assert.equal(await codeOf(on, { fields }), 'csrf/token-missing');
      assert.equal(
        await codeOf(on, { fields: { 'Content-Type': FORM }, body: { _csrf: victim.token } }),
        'csrf/token-invalid',
      );
      assert.equal(await codeOf(on, { fields, body: { _csrf: victim.token } }), undefined);
      assert.equal((await on.ask({ fields, body: { _csrf: victim.token } })).c.touchedSession, false);
    });

    it('takes an expired session for a credential, and its visitor for a guest', async () => {
      assert.equal(await codeOf(on, { fields: { Cookie: 'sid=old' } }), 'csrf/token-missing');
      const { token, cookie } = await on.visit('sid=old');
      assert.match(cookie, /^sid=old; __Host-csrf=/);
      const fields = { Cookie: cookie, 'Content-Type': FORM };
      assert.equal(await codeOf(on, { fields, body: { _csrf: token } }), undefined);
    });

    it('asks a cross-site bearer to be good, and takes none that comes with a cookie [CSRF-18]', async () => {
      const json = { ...EVIL, 'Content-Type': 'application/json' };
      assert.equal(await codeOf(on, { fields: { ...json, Authorization: 'Bearer good' } }), undefined);
      assert.equal(await codeOf(on, { fields: { ...json, Authorization: 'Bearer bad' } }), 'csrf/credential');
      const both = { ...json, Authorization: 'Bearer good', Cookie: 'sid=ann' };
      assert.equal(await codeOf(on, { fields: both }), 'csrf/cross-site');
    });

    it('lets JSON of clients that are no browsers reach access, and their cookies not without a token', async () => {
      const json = { 'Content-Type': 'application/json' };
      assert.equal(await codeOf(on, { fields: json }), undefined);
      assert.equal(await codeOf(on, { fields: { ...json, Authorization: 'Bearer bad' } }), undefined);
      const { token, cookie } = await on.visit('sid=ann');
      const cookies = { ...json, Cookie: cookie };
      assert.equal(await codeOf(on, { fields: cookies, body: { _csrf: token } }), 'csrf/token-missing');
      assert.equal(await codeOf(on, { fields: { ...cookies, 'X-CSRF-Token': token } }), undefined);
    });

    it('gives every page its own tokens, all good, and keeps the page out of caches [CSRF-03]', async () => {
      let html = '';
      const { field, cookies } = await on.ask({
        method: 'GET',
        async handler(c) {
          html = `${await csrfMeta(c)}${await csrfField(c)}${await csrfField(c)}`;
        },
      });
      const made = [...html.matchAll(/(?:content|name="_csrf" value)="([\w-]{65})"/g)].map(([, token]) => token!);
      assert.equal(new Set(made).size, 3);
      assert.match(html, /^<meta name="csrf-token" content="[\w-]+"><input type="hidden" name="_csrf" value="[\w-]+">/);
      assert.equal(field('cache-control'), 'no-store');
      assert.match(field('vary') ?? '', /Cookie/);
      assert.equal(cookies.length, 1);
      assert.match(cookies[0]!, /^__Host-csrf=[\w-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
      const fields = { ...OURS, Cookie: cookies[0]!.split(';')[0]!, 'Content-Type': FORM };
      for (const token of made) assert.equal(await codeOf(on, { fields, body: { _csrf: token } }), undefined);
    });

    it('keeps the binding a visitor has, and makes a new one of a value it never made', async () => {
      const first = await on.visit();
      const again = await on.visit(first.cookie);
      assert.equal(again.cookie, first.cookie);
      assert.notEqual(again.token, first.token);
      const odd = await on.visit('__Host-csrf=tossed');
      assert.match(odd.cookie, /__Host-csrf=tossed; __Host-csrf=[\w-]{22}$/);
    });

    it('touches nothing on a page that asks for no token', async () => {
      const before = on.asked.count;
      const { c, cookies, field } = await on.ask({ method: 'GET', fields: { Cookie: 'sid=ann' } });
      assert.deepEqual([on.asked.count, c.touchedSession, cookies.length], [before, false, 0]);
      assert.equal(field('cache-control'), undefined);
    });
  });
}

describe('csrf', () => {
  it('refuses a foreign page that opens a websocket with our cookies', async () => {
    const on = csrfStage();
    const fields = { Origin: 'https://evil.example', Upgrade: 'websocket', Connection: 'upgrade', Cookie: 'sid=ann' };
    const asked = { method: 'GET', kind: 'upgrade', fields } as const;
    assert.equal(await codeOf(on, asked), 'csrf/origin');
    assert.equal(await codeOf(on, { ...asked, fields: { ...fields, Origin: 'https://app.example' } }), undefined);
    const { Origin: _origin, ...silent } = fields;
    assert.equal(await codeOf(on, { ...asked, fields: silent }), 'csrf/token-missing');
  });

  it('guards paths that no route matches, and methods nobody heard of [CSRF-17]', async () => {
    const on = csrfStage();
    for (const method of ['PROPFIND', 'BOGUS', 'POST']) {
      assert.equal(await codeOf(on, { method, target: '/nowhere', fields: EVIL }), 'csrf/cross-site');
    }
  });

  it('exempts exactly the method and pattern that says so [CSRF-15] [c2-path]', async () => {
    const routes = ['/hello/', '/hello', '/hello/more', '/Hello/'].flatMap((path) =>
      ['POST', 'PUT'].map((method) => ({
        method,
        path,
        overrides: method === 'POST' && path === '/hello/' ? { csrf: off('webhook signed by HMAC') } : {},
      })),
    );
    const on = csrfStage({ routes });
    for (const { method, path } of routes) {
      const expected = method === 'POST' && path === '/hello/' ? undefined : 'csrf/cross-site';
      assert.equal(await codeOf(on, { method, target: path, fields: EVIL }), expected, `${method} ${path}`);
    }
    assert.equal(await codeOf(on, { target: '/hello?/hello/', fields: EVIL }), 'csrf/cross-site');
  });

  it('trusts an origin on one route alone', async () => {
    const own: Setting<CsrfOptions> = { trustedOrigins: ['https://forms.example'] };
    const overrides = { csrf: own as Manner };
    const on = csrfStage({
      routes: [
        { method: 'POST', path: '/in', overrides },
        { method: 'POST', path: '/' },
      ],
    });
    const fields = { Origin: 'https://forms.example' };
    assert.equal(await codeOf(on, { target: '/in', fields }), undefined);
    assert.equal(await codeOf(on, { target: '/', fields }), 'csrf/origin');
    assert.equal(await codeOf(on, { target: '/in', fields: { Origin: TRUSTED } }), 'csrf/origin');
  });

  it('only reports in detect mode, once for each request, and enforces when its time is over', async () => {
    const on = csrfStage({ setting: { mode: detect('roll-out of csrf', { until: '2026-01-31' }) } });
    const requests: [Asked, string][] = [
      [{ fields: EVIL }, 'csrf/cross-site'],
      [{ fields: { ...OURS, 'Content-Type': FORM } }, 'csrf/token-missing'],
      [{ fields: { ...OURS, 'Content-Type': FORM }, body: { _csrf: 'x' } }, 'csrf/token-invalid'],
      [{ fields: { Cookie: 'sid=ann' } }, 'csrf/token-missing'],
      [{ fields: { ...EVIL, Authorization: 'Bearer bad' } }, 'csrf/credential'],
    ];
    for (const [asked] of requests) assert.equal(await codeOf(on, asked), undefined);
    assert.deepEqual(
      on.said('request.would_refuse').map(({ code }) => code),
      requests.map(([, code]) => code),
    );
    on.clock.at = Date.UTC(2026, 1, 1);
    for (const [asked, code] of requests) assert.equal(await codeOf(on, asked), code);
  });

  it('lets pages that ask for a token be, where it is off', async () => {
    const on = csrfStage({ setting: off('bearer-only API, no cookies'), resolvers: [] });
    await on.ready;
    const c = on.context();
    assert.deepEqual([await csrfToken(c), await csrfField(c), await csrfMeta(c)], ['', '', '']);
    assert.equal(c.identity, undefined);
  });

  it('says so when a token is asked for after the head is out', async () => {
    const on = csrfStage();
    const { c } = await on.ask({ method: 'GET' });
    await assert.rejects(async () => csrfToken(c), /too late/);
  });

  it("refuses a page's token where two credentials stand on the request", async () => {
    const on = csrfStage();
    await on.ready;
    const c = on.context({ headers: ['Host', 'app.example', 'Cookie', 'sid=ann', 'Authorization', 'Bearer good'] });
    await assert.rejects(async () => csrfToken(c), { name: 'Refused', message: 'identity/ambiguous' });
  });

  it('sets its cookies by the cookies protection where there is one', async () => {
    const exceptions = { 'XSRF-TOKEN': { readable: true, reason: 'Angular sends it back' } } as const;
    const protections = [cookies({ exceptions }), csrf({ cookie: 'XSRF-TOKEN' })];
    const on = csrfStage({ protections });
    const asked = await on.ask({ method: 'GET', handler: (c) => csrfToken(c) });
    assert.match(asked.cookies[0]!, /^__Host-csrf=[\w-]{22}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    assert.match(asked.cookies[1]!, /^XSRF-TOKEN=[\w-]{65}; Path=\/; Secure; SameSite=Lax$/);
    const { token, cookie } = await on.visit(asked.cookies[0]!.split(';')[0]);
    assert.equal(
      await codeOf(on, { fields: { Cookie: cookie, 'Content-Type': FORM }, body: { _csrf: token } }),
      undefined,
    );
    const strict = csrfStage({ protections: [cookies({ sameSite: 'Strict' }), csrf()] });
    assert.match((await strict.visit()).cookie, /^__Host-csrf=/);
  });
});

describe('cookie-to-header', () => {
  const setting = { cookie: 'XSRF-TOKEN' } as const;
  const cookieOf = (lines: readonly string[]): string | undefined =>
    lines.find((line) => line.startsWith('XSRF-TOKEN='))?.slice(11, 76);
  const asks = (c: Parameters<typeof csrfToken>[0]): unknown => c.who();

  it('hands a signed-in application its token, and takes it back in x-xsrf-token [CSRF-08]', async () => {
    const on = csrfStage({ setting });
    const { cookies, field } = await on.ask({ method: 'GET', fields: { Cookie: 'sid=ann' }, handler: asks });
    const token = cookieOf(cookies)!;
    assert.match(cookies[0]!, /^XSRF-TOKEN=[\w-]{65}; Path=\/; Secure; SameSite=Lax$/);
    assert.equal(field('cache-control'), 'no-store');
    const fields = { Cookie: `sid=ann; XSRF-TOKEN=${token}`, 'Content-Type': 'application/json' };
    assert.equal(await codeOf(on, { fields }), 'csrf/token-missing');
    assert.equal(await codeOf(on, { fields: { ...fields, 'X-XSRF-Token': token } }), undefined);
    const again = await on.ask({ method: 'GET', fields, handler: asks });
    assert.deepEqual(again.cookies, []);
  });

  it('believes no cookie that a sibling tossed: the pair must fit the session [CSRF-05] [S-33]', async () => {
    const on = csrfStage({ setting });
    const mine = cookieOf((await on.ask({ method: 'GET', fields: { Cookie: 'sid=bob' }, handler: asks })).cookies)!;
    const fields = { Cookie: `sid=ann; XSRF-TOKEN=${mine}`, 'X-XSRF-Token': mine, 'Content-Type': 'application/json' };
    assert.equal(await codeOf(on, { fields }), 'csrf/token-invalid');
    const same = { Cookie: 'sid=ann; XSRF-TOKEN=x', 'X-XSRF-Token': 'x', 'Content-Type': FORM };
    assert.equal(await codeOf(on, { fields: same }), 'csrf/token-invalid');
  });

  it('renews the cookie when the session changes under it [CSRF-19]', async () => {
    const on = csrfStage({ setting });
    const old = cookieOf((await on.ask({ method: 'GET', fields: { Cookie: 'sid=ann' }, handler: asks })).cookies)!;
    const { cookies } = await on.ask({
      method: 'GET',
      fields: { Cookie: `sid=ann; XSRF-TOKEN=${old}` },
      async handler(c) {
        await c.who();
        c.binding = 'hash-of-bob';
      },
    });
    const renewed = cookieOf(cookies)!;
    const fields = { ...OURS, Cookie: 'sid=bob', 'Content-Type': FORM, 'X-XSRF-Token': renewed };
    assert.equal(await codeOf(on, { fields }), undefined);
  });

  it('is not listened to, and sets nothing, by default', async () => {
    const on = csrfStage();
    const { token, cookie } = await on.visit('sid=ann');
    assert.equal(cookie, 'sid=ann');
    const fields = { ...OURS, Cookie: cookie, 'Content-Type': FORM, 'X-XSRF-Token': token };
    assert.equal(await codeOf(on, { fields }), 'csrf/token-missing');
  });
});

describe("a token of somebody else's sign-in", () => {
  const outside = (sessionId: string) => ({
    kind: 'outside',
    ambient: true,
    present: () => true,
    resolve: () => account('ann', sessionId),
  });

  it('is bound to the session it names, or to the account where it names none', async () => {
    for (const [mine, others] of [
      ['s-1', 's-2'],
      ['', 's-1'],
    ]) {
      const on = csrfStage({ resolvers: [outside(mine!)] });
      const { token } = await on.visit();
      const request = { fields: { ...OURS, 'Content-Type': FORM }, body: { _csrf: token } };
      assert.equal(await codeOf(on, request), undefined);
      assert.equal(await codeOf(csrfStage({ resolvers: [outside(others!)] }), request), 'csrf/token-invalid');
    }
  });
});
