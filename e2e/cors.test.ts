/**
 * Who reads what in Chromium: an origin of the rules does, with cookies and after a preflight, and nobody else.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anyone, off } from 'dewar';
import type { CorsOptions } from 'dewar';
import type { Setting } from '@dewar/core';
import { defineDewar } from 'dewar/fastify';
import Fastify from 'fastify';
import type { Page } from 'playwright-core';
import { profiles } from './browser.fixture.ts';
import { startSite, startStranger } from './sites.fixture.ts';
import type { OwnSite, Stranger } from './sites.fixture.ts';

/** Siblings of the application: the visitor's cookies travel, so that only CORS keeps the answer from them. */
const SHOP = 'shop.app.localhost';
const EVIL = 'evil.app.localhost';

/** What a script of the page got; `null` where the browser kept the answer from it. */
interface Got {
  readonly status: number;
  readonly text: string;
  readonly count: string | null;
  readonly hidden: string | null;
}

interface Shop {
  readonly site: OwnSite;
  /** How often a handler of PUT ran. */
  writes(): number;
}

const rulesFor = (shop: string): Setting<CorsOptions> => ({
  rules: [
    {
      path: '/api/me',
      origins: [shop],
      methods: ['GET', 'PUT'],
      headers: ['content-type', 'x-trace'],
      expose: ['x-total-count'],
      credentials: true,
    },
    { path: '/api/public', origins: ['*'] },
  ],
  reason: 'what is public knows no cookies',
});

/** An application whose handler gives everybody leave; rules open it for the shop. */
async function startShop(shop: string, guarded = true): Promise<Shop> {
  let writes = 0;
  const definition = defineDewar({
    policy: {
      hosts: { allowed: ['app.localhost'] },
      facts: { trustedProxies: ['127.0.0.1/32'] },
      csrf: { trustedOrigins: [shop] },
      cors: guarded ? rulesFor(shop) : off('the twin, where handlers have the word'),
    },
    async app(plugin) {
      const app = Fastify(plugin.options);
      await app.register(plugin);
      app.get('/', { access: anyone() }, (_request, reply) =>
        reply.type('text/html').header('set-cookie', 'who=ann; Path=/').send('<title>Shop</title>'),
      );
      app.get('/api/me', { access: anyone() }, (request, reply) => {
        const { origin = '*' } = request.headers;
        return reply
          .headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' })
          .headers({ 'x-total-count': '7', 'x-hidden': 'yes' })
          .send({ cookie: request.headers.cookie ?? '' });
      });
      app.put('/api/me', { access: anyone() }, () => ({ writes: ++writes }));
      app.get('/api/public', { access: anyone() }, () => ({ public: true }));
      return app;
    },
  });
  // Development is where a rule may name an origin in clear text; browsers know no other on loopback.
  const site = await startSite(definition, 'app.localhost', { profile: 'development' });
  return { site, writes: () => writes };
}

/** What the script asks for. */
interface Asked {
  readonly method?: string;
  readonly mode?: 'cors' | 'no-cors';
  readonly credentials?: 'include';
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** `fetch` of a script on the page. */
function fetched(page: Page, url: string, options: Asked = {}): Promise<Got | null> {
  return page.evaluate(
    async ([to, how]) => {
      try {
        const answer = await fetch(to, how);
        const { status, headers } = answer;
        return {
          status,
          text: await answer.text(),
          count: headers.get('x-total-count'),
          hidden: headers.get('x-hidden'),
        };
      } catch {
        return null;
      }
    },
    [url, options] as const,
  );
}

const WITH_COOKIES: Asked = { credentials: 'include' };
const JSON_PUT: Asked = {
  method: 'PUT',
  credentials: 'include',
  headers: { 'content-type': 'application/json', 'x-trace': '1' },
  body: '{}',
};

describe('reading across origins in Chromium', () => {
  const browser = profiles();
  let stranger: Stranger;
  let shop: Shop;
  let twin: Shop;
  before(async () => {
    stranger = await startStranger();
    const origin = new URL(stranger.show(SHOP, '')).origin;
    shop = await startShop(origin);
    twin = await startShop(origin, false);
  });
  after(() => Promise.all([stranger, shop?.site, twin?.site].map((one) => one?.close())));

  /** A page of `host`, in a browser that has been to the application and has its cookie. */
  async function visitor(host: string, { site }: Shop): Promise<Page> {
    const page = await browser.open();
    await page.goto(site.url);
    await page.goto(stranger.show(host, ''));
    return page;
  }

  const refusals = ({ site }: Shop): string[] =>
    site.target.events.flatMap(({ name, fields }) =>
      name === 'request.refused' ? [(fields as { readonly code: string }).code] : [],
    );

  it('an origin of the rules reads with the visitor’s cookies, and sees what is exposed [CORS-01] [CORS-08] [S-45]', async () => {
    const got = await fetched(await visitor(SHOP, shop), `${shop.site.url}/api/me`, WITH_COOKIES);
    assert.equal(got?.status, 200);
    assert.match(got.text, /ann/);
    assert.deepEqual([got.count, got.hidden], ['7', null]);
  });

  it('another origin reads on the twin, whose handler reflects it, and not here [CORS-04] [CORS-05] [CORS-10]', async () => {
    const onTwin = await fetched(await visitor(EVIL, twin), `${twin.site.url}/api/me`, WITH_COOKIES);
    assert.match(onTwin?.text ?? '', /ann/);

    const page = await visitor(EVIL, shop);
    assert.equal(await fetched(page, `${shop.site.url}/api/me`, WITH_COOKIES), null);
    assert.equal(await fetched(page, `${shop.site.url}/api/me`), null);
    assert.deepEqual(refusals(shop).slice(-2), ['cors/origin', 'cors/origin']);
  });

  it('a sandboxed frame, whose origin is null, reads nothing [CORS-07]', async () => {
    const page = await browser.open();
    await page.goto(stranger.show(SHOP, '<iframe sandbox="allow-scripts" srcdoc="<p>framed</p>"></iframe>'));
    const frame = page.frames()[1]!;
    const read = await frame.evaluate(
      (url) =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      `${shop.site.url}/api/me`,
    );
    assert.equal(read, false);
  });

  it('a preflight opens what the rule names, and nothing else [CORS-08]', async () => {
    const page = await visitor(SHOP, shop);
    assert.equal((await fetched(page, `${shop.site.url}/api/me`, JSON_PUT))?.status, 200);
    assert.equal(shop.writes(), 1);
    const more = { ...JSON_PUT, headers: { 'content-type': 'application/json', 'x-other': '1' } };
    assert.equal(await fetched(page, `${shop.site.url}/api/me`, more), null);
    assert.equal(await fetched(page, `${shop.site.url}/api/me`, { ...JSON_PUT, method: 'DELETE' }), null);
    const stranger = await visitor(EVIL, shop);
    assert.equal(await fetched(stranger, `${shop.site.url}/api/me`, JSON_PUT), null);
    assert.equal(shop.writes(), 1);
    assert.deepEqual(refusals(shop).slice(-3), ['cors/header', 'cors/method', 'cors/origin']);
  });

  it('everybody reads what is public, without cookies [CORS-05]', async () => {
    const page = await visitor(EVIL, shop);
    assert.equal((await fetched(page, `${shop.site.url}/api/public`))?.text, '{"public":true}');
    assert.equal(await fetched(page, `${shop.site.url}/api/public`, WITH_COOKIES), null);
  });

  it('Cross-Origin-Resource-Policy keeps nobody from reading whom a rule lets in, and from embedding all [HDR-21]', async () => {
    const page = await visitor(SHOP, shop);
    const answer = page.waitForResponse((one) => one.url().endsWith('/api/me'));
    assert.equal((await fetched(page, `${shop.site.url}/api/me`, WITH_COOKIES))?.status, 200);
    assert.equal((await answer).headers()['cross-origin-resource-policy'], 'same-origin');
    // Without CORS the same answer is not even handed over.
    assert.equal(await fetched(page, `${shop.site.url}/api/me`, { mode: 'no-cors' }), null);
  });
});
