import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { browser } from './browser-client.ts';
import type { AddressInfo } from 'node:net';
import type { Tab } from './browser-client.ts';
import type { BrowserOptions, FetchOptions } from './browser-options.ts';
import type { ReferrerPolicy } from './browser-request.ts';
import type { BrowserResponse } from './browser-response.ts';

const DESK = 'https://desk.example';
const EVIL = 'https://evil.example';
const SIBLING = 'https://evil.desk.example';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** What the server received since `fresh()`; the query of a request says what is answered. */
let seen: Seen[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method = '', url = '', rawHeaders, headers } = request;
    seen.push({ method, url, rawHeaders, headers, body: Buffer.concat(chunks).toString('latin1') });
    const query = new URL(url, 'http://x').searchParams;
    for (const name of new Set(query.keys())) if (name.includes('-')) response.setHeader(name, query.getAll(name));
    if (query.has('location')) response.statusCode = Number(query.get('code') ?? 302);
    else response.statusCode = Number(query.get('status') ?? 200);
    if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/html');
    const location = query.get('location');
    if (location !== null) response.setHeader('location', location);
    const page = Buffer.from(query.get('html') ?? 'ok');
    response.end(String(response.getHeader('content-encoding')) === 'gzip' ? gzipSync(page) : page);
  });
});

let socket = '';
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  socket = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const COOKIES = ['st=1; SameSite=Strict', 'lx=1; SameSite=Lax', 'no=1; SameSite=None', 'df=1'];

/** A browser with one cookie of each kind, for a server that answers every origin. */
async function fresh(options: Partial<BrowserOptions> = {}): Promise<Tab> {
  const servers = { [EVIL]: socket, [SIBLING]: socket, 'http://desk.example': socket, 'http://evil.example': socket };
  const tab = browser({ url: socket, origin: DESK, servers, ...options });
  for (const line of COOKIES) assert.equal(tab.setCookie(`${line}; Secure; Path=/`, DESK), null);
  await tab.get('/home?a=1');
  seen = [];
  return tab;
}

function query(path: string, parameters: Readonly<Record<string, string | readonly string[]>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) for (const one of [value].flat()) search.append(name, one);
  return `${path}?${search.toString()}`;
}

/** Origin, Sec-Fetch-Site/Mode/User/Dest, Referer and Cookie of a request, `-` for each that is absent. */
function signals({ headers }: Seen): string {
  const names = ['origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-user', 'sec-fetch-dest', 'referer', 'cookie'];
  return names.map((name) => headers[name] ?? '-').join(' | ');
}

const ALL = 'st=1; lx=1; no=1; df=1';
const FORM = { form: { a: '1' } };
const JSON_POST: FetchOptions = {
  method: 'POST',
  body: '{}',
  headers: { 'content-type': 'application/json' },
  credentials: 'include',
};

describe('what a server can tell requests apart by', () => {
  // Each row but those of old browsers was seen in Chromium 156 on the same action, with third-party cookies allowed;
  // there `df` went with cross-site top-level posts too, being fresh: see `laxAllowingUnsafe`.
  const rows: readonly (readonly [name: string, act: (tab: Tab) => Promise<BrowserResponse>, signals: string])[] = [
    ['a typed address', (tab) => tab.get('/x'), `- | none | navigate | ?1 | document | - | ${ALL}`],
    ['a link', (tab) => tab.click('/x'), `- | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['a form', (tab) => tab.post('/x', FORM), `${DESK} | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['a script reading', (tab) => tab.fetch('/x'), `- | same-origin | cors | - | empty | ${DESK}/home?a=1 | ${ALL}`],
    ['a script posting JSON', (tab) => tab.post('/x', { json: {} }), `${DESK} | same-origin | cors | - | empty | ${DESK}/home?a=1 | ${ALL}`],
    ['an own frame', (tab) => tab.get('/x', { dest: 'iframe' }), `- | same-origin | navigate | - | iframe | ${DESK}/home?a=1 | ${ALL}`],
    ['an attacker’s link', (tab) => tab.from(EVIL).get('/x'), `- | cross-site | navigate | ?1 | document | ${EVIL}/ | lx=1; no=1; df=1`],
    ['an attacker’s form', (tab) => tab.from(EVIL).post('/x', FORM), `${EVIL} | cross-site | navigate | - | document | ${EVIL}/ | no=1`],
    ['an attacker’s form, clicked', (tab) => tab.from(EVIL).post('/x', FORM, { user: true }), `${EVIL} | cross-site | navigate | ?1 | document | ${EVIL}/ | no=1`],
    ['an attacker’s frame', (tab) => tab.from(EVIL).get('/x', { dest: 'iframe' }), `- | cross-site | navigate | - | iframe | ${EVIL}/ | no=1`],
    ['an attacker’s form in a frame', (tab) => tab.from(EVIL).post('/x', FORM, { dest: 'iframe', user: false }), `${EVIL} | cross-site | navigate | - | iframe | ${EVIL}/ | no=1`],
    ['an attacker’s image', (tab) => tab.from(EVIL).fetch('/x', { mode: 'no-cors', credentials: 'include', dest: 'image' }), `- | cross-site | no-cors | - | image | ${EVIL}/ | no=1`],
    ['an attacker’s blind post', (tab) => tab.from(EVIL).fetch('/x', { ...JSON_POST, mode: 'no-cors' }), `${EVIL} | cross-site | no-cors | - | empty | ${EVIL}/ | no=1`],
    ['an attacker’s preflight', (tab) => tab.from(EVIL).fetch('/x', JSON_POST), `${EVIL} | cross-site | cors | - | empty | ${EVIL}/ | -`],
    ['a sibling’s form', (tab) => tab.from(SIBLING).post('/x', FORM), `${SIBLING} | same-site | navigate | - | document | ${SIBLING}/ | ${ALL}`],
    ['a sibling’s image', (tab) => tab.from(SIBLING).fetch('/x', { mode: 'no-cors', credentials: 'include', dest: 'image' }), `- | same-site | no-cors | - | image | ${SIBLING}/ | ${ALL}`],
    ['our own host without TLS', (tab) => tab.from('http://desk.example').post('/x', FORM), 'http://desk.example | cross-site | navigate | - | document | http://desk.example/ | no=1'],
    ['a sandboxed form', (tab) => tab.from('null').post('/x', FORM), 'null | cross-site | navigate | - | document | - | no=1'],
    ['a sandboxed frame', (tab) => tab.from('null').post('/x', FORM, { dest: 'iframe' }), 'null | cross-site | navigate | - | iframe | - | no=1'],
    ['an old browser’s form', (tab) => tab.legacy().post('/x', FORM), `${DESK} | - | - | - | - | ${DESK}/home?a=1 | ${ALL}`],
    ['an attacker in an old browser', (tab) => tab.legacy().from(EVIL).post('/x', FORM), `${EVIL} | - | - | - | - | ${EVIL}/ | no=1; df=1`],
    ['an attacker in a very old browser', (tab) => tab.from(EVIL).legacy({ origin: false, sameSite: 'ignored' }).post('/x', FORM), `- | - | - | - | - | ${EVIL}/ | ${ALL}`],
  ]; // prettier-ignore
  for (const [name, act, expected] of rows) {
    it(`${name}: ${expected}`, async () => {
      await act(await fresh());
      assert.equal(seen.length, 1);
      assert.equal(signals(seen[0]!), expected);
    });
  }

  type PolicyRow = readonly [policy: ReferrerPolicy, own: string, foreign: string];
  const policies: readonly PolicyRow[] = [
    ['no-referrer', 'null -', 'null -'],
    ['same-origin', `${DESK} ${DESK}/home?referrer-policy=same-origin`, 'null -'],
    ['origin', `${DESK} ${DESK}/`, `${EVIL} ${EVIL}/`],
    ['strict-origin', `${DESK} ${DESK}/`, `${EVIL} ${EVIL}/`],
    ['unsafe-url', `${DESK} ${DESK}/home?referrer-policy=unsafe-url`, `${EVIL} ${EVIL}/p?q`],
  ];
  for (const [policy, own, foreign] of policies) {
    it(`a page with ${policy} posts as "${own}", an attacker’s as "${foreign}"`, async () => {
      const tab = await fresh();
      await tab.get(query('/home', { 'referrer-policy': policy }));
      await tab.post('/x', FORM);
      await tab.from(`${EVIL}/p?q`, { referrerPolicy: policy }).post('/x', FORM);
      const pairs = seen.slice(1).map(({ headers }) => [headers['origin'] ?? '-', headers['referer'] ?? '-'].join(' '));
      assert.deepEqual(pairs, [own, foreign]);
    });
  }

  it('the referrer policy of a meta element counts, and a fetch keeps its Origin under no-referrer', async () => {
    const tab = await fresh();
    await tab.get(query('/home', { html: '<meta name=referrer content=no-referrer>' }));
    await tab.fetch('/x', { method: 'POST', body: 'x' });
    assert.equal(signals(seen[1]!), `${DESK} | same-origin | cors | - | empty | - | ${ALL}`);
  });

  it('an insecure public origin gets no Sec-Fetch-* at all', async () => {
    const tab = browser({ url: socket, origin: 'http://desk.example' });
    seen = [];
    await tab.get('/x');
    assert.equal(signals(seen[0]!), '- | - | - | - | - | - | -');
    assert.equal(seen[0]!.headers['accept-encoding'], 'gzip, deflate');
  });

  it('sends the fields of a form post in Chromium’s order', async () => {
    await (await fresh()).post('/x', FORM);
    assert.deepEqual(
      seen[0]!.rawHeaders.filter((_, at) => at % 2 === 0),
      'Host Connection Content-Length Cache-Control sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform Upgrade-Insecure-Requests Content-Type User-Agent Origin Accept Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-User Sec-Fetch-Dest Referer Accept-Encoding Accept-Language Cookie'.split(
        ' ',
      ),
    );
    assert.equal(seen[0]!.headers['host'], 'desk.example');
    assert.equal(seen[0]!.body, 'a=1');
  });

  it('says whether embedded requests may use cookies', async () => {
    const image: FetchOptions = { mode: 'no-cors', credentials: 'include', dest: 'image' };
    await (await fresh()).from(EVIL).fetch('/x', image);
    assert.equal(seen[0]!.headers['sec-fetch-storage-access'], 'active');
    await (await fresh({ thirdPartyCookies: false })).from(EVIL).fetch('/x', image);
    assert.deepEqual([seen[0]!.headers['sec-fetch-storage-access'], seen[0]!.headers['cookie']], ['none', undefined]);
  });

  it('a cookie without SameSite goes with an attacker’s form when Lax allows unsafe', async () => {
    await (await fresh({ laxAllowingUnsafe: true })).from(EVIL).post('/x', FORM);
    assert.equal(seen[0]!.headers['cookie'], 'no=1; df=1');
  });
});

describe('redirects', () => {
  const to = (origin: string, code: number, location: string): string =>
    query(`${origin}/r`, { code: String(code), location });
  const readable = (origin: string): Record<string, string> => ({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
  });
  type Row = readonly [name: string, act: (tab: Tab) => Promise<BrowserResponse>, last: string];
  const post = (path: string) => (tab: Tab) => tab.post(path, FORM);
  const rows: readonly Row[] = [
    ['303 after a form', post(to(DESK, 303, '/p')), `GET  | - | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['302 after a form', post(to(DESK, 302, '/p')), `GET  | - | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['301 after a form', post(to(DESK, 301, '/p')), `GET  | - | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['307 after a form', post(to(DESK, 307, '/p')), `POST a=1 | ${DESK} | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['308 after a form', post(to(DESK, 308, '/p')), `POST a=1 | ${DESK} | same-origin | navigate | ?1 | document | ${DESK}/home?a=1 | ${ALL}`],
    ['through an attacker and back', post(to(DESK, 307, to(EVIL, 307, `${DESK}/p`))), `POST a=1 | null | cross-site | navigate | ?1 | document | ${DESK}/ | ${ALL}`],
    ['through a sibling and back', post(to(DESK, 307, to(SIBLING, 307, `${DESK}/p`))), `POST a=1 | null | same-site | navigate | ?1 | document | ${DESK}/ | ${ALL}`],
    ['out to an attacker', post(to(DESK, 307, `${EVIL}/p`)), `POST a=1 | null | cross-site | navigate | ?1 | document | ${DESK}/ | -`],
    ['out to an attacker by 302', post(to(DESK, 302, `${EVIL}/p`)), `GET  | - | cross-site | navigate | ?1 | document | ${DESK}/ | -`],
    ['an attacker’s form to an open 307', (tab) => tab.from(EVIL).post(to(DESK, 307, '/p'), FORM), `POST a=1 | ${EVIL} | cross-site | navigate | - | document | ${EVIL}/ | no=1`],
    ['an attacker’s own 307', (tab) => tab.from(EVIL).post(to(EVIL, 307, `${DESK}/p`), FORM), `POST a=1 | null | cross-site | navigate | - | document | ${EVIL}/ | no=1`],
    ['an attacker’s own 302', (tab) => tab.from(EVIL).post(to(EVIL, 302, `${DESK}/p`), FORM), `GET  | - | cross-site | navigate | - | document | ${EVIL}/ | lx=1; no=1; df=1`],
    ['a typed attacker that redirects', (tab) => tab.get(to(EVIL, 302, `${DESK}/p`)), `GET  | - | none | navigate | ?1 | document | - | ${ALL}`],
    ['our link by way of an attacker', (tab) => tab.click(to(EVIL, 302, `${DESK}/p`)), `GET  | - | cross-site | navigate | ?1 | document | ${DESK}/ | ${ALL}`],
    ['a fetch through another origin and back', (tab) => tab.fetch(to(DESK, 307, query(`${EVIL}/r`, { ...readable(DESK), code: '307', location: query(`${DESK}/p`, readable('null')) })), { credentials: 'include' }), `GET  | null | cross-site | cors | - | empty | ${DESK}/ | ${ALL}`],
    ['a fetch after 307', (tab) => tab.fetch(to(DESK, 307, '/p'), { method: 'POST', body: 'x' }), `POST x | ${DESK} | same-origin | cors | - | empty | ${DESK}/home?a=1 | ${ALL}`],
    ['a fetch after 303', (tab) => tab.fetch(to(DESK, 303, '/p'), { method: 'PUT', body: 'x' }), `GET  | - | same-origin | cors | - | empty | ${DESK}/home?a=1 | ${ALL}`],
    ['a DELETE after 302', (tab) => tab.fetch(to(DESK, 302, '/p'), { method: 'DELETE' }), `DELETE  | ${DESK} | same-origin | cors | - | empty | ${DESK}/home?a=1 | ${ALL}`],
  ]; // prettier-ignore
  for (const [name, act, last] of rows) {
    it(`${name}: ${last}`, async () => {
      await act(await fresh());
      const { method, body } = seen.at(-1)!;
      assert.equal(`${method} ${body} | ${signals(seen.at(-1)!)}`, last);
    });
  }

  it('drops the body’s fields with the body, and Authorization at the border', async () => {
    const tab = await fresh();
    await tab.post(to(DESK, 303, '/p'), FORM);
    assert.equal(seen.at(-1)!.headers['content-type'], undefined);
    assert.equal(seen.at(-1)!.headers['content-length'], undefined);
    const headers = { authorization: 'Bearer t' };
    const allow = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization' };
    await tab.fetch(to(DESK, 307, query(`${EVIL}/p`, allow)), { headers });
    assert.deepEqual(
      seen.slice(-2).map((one) => one.headers['authorization']),
      ['Bearer t', undefined],
    );
  });

  it('stores cookies on the way and sends them on', async () => {
    const tab = browser({ url: socket, origin: DESK });
    seen = [];
    const response = await tab.get(
      query('/r', { location: '/p', 'set-cookie': ['__Host-s=1; Secure; Path=/', 'x; Domain=no'] }),
    );
    assert.equal(seen[1]!.headers['cookie'], '__Host-s=1');
    assert.deepEqual(response.setCookies, ['__Host-s=1; Secure; Path=/', 'x; Domain=no']);
    assert.deepEqual(response.refusedCookies, [{ line: 'x; Domain=no', reason: 'domain' }]);
    assert.deepEqual([response.redirects.length, response.redirects[0]!.status], [1, 302]);
    assert.equal(response.url, `${DESK}/p`);
  });

  it('stops at a place it has no server for, and says where it would have gone', async () => {
    const tab = browser({ url: socket, origin: DESK });
    const response = await tab.get(query('/r', { location: '//elsewhere.example/x' }));
    assert.deepEqual([response.status, response.leftTo], [302, 'https://elsewhere.example/x']);
    assert.equal((await tab.get(query('/r', { location: 'javascript:alert(1)' }))).leftTo, 'javascript:alert(1)');
    assert.equal((await tab.get('https://nowhere.example/')).status, 0);
  });

  it('gives up on a loop', async () => {
    await assert.rejects((await fresh()).get(query('/r', { location: '' }) + '&location=/r?location=/r'), /redirects/);
    assert.equal(seen.length, 21);
  });

  it('leaves redirects to a manual fetch', async () => {
    const response = await (await fresh()).fetch(to(DESK, 302, '/p'), { redirect: 'manual' });
    assert.deepEqual([response.status, seen.length], [302, 1]);
  });
});

describe('scripts of other origins', () => {
  const open = {
    'access-control-allow-origin': EVIL,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'content-type, X-A',
    'access-control-allow-methods': 'PUT',
  };
  const without = (name: string): Record<string, string> =>
    Object.fromEntries(Object.entries(open).filter(([one]) => one !== name));
  type Row = readonly [
    name: string,
    answer: Readonly<Record<string, string | readonly string[]>>,
    options: FetchOptions,
    methods: string,
    blocked: string | undefined,
  ];
  const rows: readonly Row[] = [
    ['JSON with leave', open, JSON_POST, 'OPTIONS POST', undefined],
    ['JSON without leave for the header', without('access-control-allow-headers'), JSON_POST, 'OPTIONS', 'preflight'],
    ['JSON without credentials allowed', without('access-control-allow-credentials'), JSON_POST, 'OPTIONS', 'preflight'],
    ['JSON where a star is no leave', { ...open, 'access-control-allow-headers': '*' }, JSON_POST, 'OPTIONS', 'preflight'],
    ['JSON when the preflight redirects', { ...open, status: '302' }, JSON_POST, 'OPTIONS', 'preflight'],
    ['PUT with leave', open, { method: 'PUT', credentials: 'include' }, 'OPTIONS PUT', undefined],
    ['DELETE without leave', open, { method: 'delete', credentials: 'include' }, 'OPTIONS', 'preflight'],
    ['a custom header', open, { headers: { 'x-a': '1' } }, 'OPTIONS GET', undefined],
    ['a text post', {}, { method: 'POST', body: '{}', credentials: 'include' }, 'POST', 'cors'],
    ['a form type with a parameter', {}, { ...JSON_POST, headers: { 'content-type': 'text/plain; a=application/json' } }, 'POST', 'cors'],
    ['a form type with unsafe bytes', {}, { ...JSON_POST, headers: { 'content-type': 'text/plain; a="{' } }, 'OPTIONS', 'preflight'],
    ['a read for all', { 'access-control-allow-origin': '*' }, {}, 'GET', undefined],
    ['a read for all with credentials', { ...open, 'access-control-allow-origin': '*' }, { credentials: 'include' }, 'GET', 'cors'],
    ['a read with two answers', { ...open, 'access-control-allow-origin': [EVIL, '*'] }, {}, 'GET', 'cors'],
    ['a read for null', { ...open, 'access-control-allow-origin': 'null' }, { credentials: 'include' }, 'GET', 'cors'],
    ['same-origin mode', open, { mode: 'same-origin' }, '', 'mode'],
    ['an image under CORP', { 'cross-origin-resource-policy': 'same-site' }, { mode: 'no-cors', dest: 'image' }, 'GET', 'corp'],
    ['an image', {}, { mode: 'no-cors', dest: 'image' }, 'GET', undefined],
  ]; // prettier-ignore
  for (const [name, answer, options, methods, blocked] of rows) {
    it(`${name}: sends "${methods}", ${blocked === undefined ? 'passes' : `stops at ${blocked}`}`, async () => {
      const response = await (await fresh()).from(EVIL).fetch(query('/x', answer), options);
      assert.equal(seen.map(({ method }) => method).join(' '), methods);
      assert.equal(response.blocked, blocked);
      assert.equal(response.readable, blocked === undefined && options.mode !== 'no-cors');
    });
  }

  it('a sandboxed page may read what is open to "null"', async () => {
    const path = query('/x', { ...open, 'access-control-allow-origin': 'null' });
    assert.equal((await (await fresh()).from('null').fetch(path, { credentials: 'include' })).readable, true);
  });

  it('a preflight asks for method and header names, sorted, without cookies', async () => {
    const headers = { 'X-B': '1', 'content-type': 'application/json', accept: '*/*' };
    await (await fresh()).from(EVIL).fetch('/x', { ...JSON_POST, headers });
    const { headers: got } = seen[0]!;
    assert.equal(got['access-control-request-headers'], 'content-type,x-b');
    assert.equal(got['access-control-request-method'], 'POST');
    assert.equal(got['cookie'], undefined);
  });

  it('sends no cookies across origins unless asked to, and stores none', async () => {
    const tab = await fresh();
    await tab.from(SIBLING).fetch(query('/x', { 'access-control-allow-origin': '*', 'set-cookie': 'n=1; Path=/' }));
    assert.equal(seen[0]!.headers['cookie'], undefined);
    assert.equal(tab.cookie('n'), undefined);
  });

  it('cannot set what belongs to the browser', async () => {
    const headers = { Cookie: 'a=1', Origin: DESK, host: 'x', 'Sec-Fetch-Site': 'none', 'proxy-x': '1', 'X-Own': '1' };
    await (await fresh()).fetch('/x', { headers, method: 'POST' });
    const { headers: got } = seen[0]!;
    assert.deepEqual(
      [got['cookie'], got['origin'], got['host'], got['sec-fetch-site'], got['proxy-x'], got['x-own']],
      [ALL, DESK, 'desk.example', 'same-origin', undefined, '1'],
    );
  });

  it('cannot send other types or methods without CORS', async () => {
    const evil = (await fresh()).from(EVIL);
    await evil.fetch('/x', { ...JSON_POST, mode: 'no-cors' });
    assert.equal(seen[0]!.headers['content-type'], 'text/plain;charset=UTF-8');
    await assert.rejects(evil.fetch('/x', { method: 'PUT', mode: 'no-cors' }), TypeError);
    await assert.rejects(evil.fetch('/x', { method: 'TRACE' }), TypeError);
  });
});

describe('forms of our pages', () => {
  const html =
    '<form method="post" action="/save?x=1&amp;y=2"><input type="hidden" name="_csrf" value="t&#43;1">' +
    '<textarea name="text"></textarea><button name="do" value="save">Save</button>' +
    '<button name="do" value="drop" formaction="/drop">Drop</button></form>' +
    '<form action="/find"><input name="q"></form>';

  it('sends hidden fields, what was typed and the pressed button, from the page the form is on', async () => {
    const tab = await fresh();
    const page = await tab.get(query('/edit', { html }));
    await tab.get('/other');
    await tab.submit(page, { text: 'ä\n' }, { form: 0 });
    const { url, body, headers } = seen.at(-1)!;
    assert.deepEqual([url, body], ['/save?x=1&y=2', '_csrf=t%2B1&text=%C3%A4%0D%0A&do=save']);
    assert.equal(headers['origin'], DESK);
    assert.equal(headers['referer'], page.url);
    assert.equal(tab.url, `${DESK}/save?x=1&y=2`);
  });

  it('obeys the pressed button, and leaves it out of form.submit()', async () => {
    const tab = await fresh();
    const page = await tab.get(query('/edit', { html }));
    await tab.submit(page, {}, { form: 0, button: 'drop' });
    await tab.submit(page, {}, { form: 0, button: null });
    assert.deepEqual(
      seen.slice(1).map(({ url, body }) => `${url} ${body}`),
      ['/drop _csrf=t%2B1&text=&do=drop', '/save?x=1&y=2 _csrf=t%2B1&text='],
    );
  });

  it('puts the fields of a GET form into the query', async () => {
    const tab = await fresh();
    const page = await tab.get(query('/edit', { html }));
    await tab.submit(page, { q: 'a b&c' }, { form: '/find' });
    assert.deepEqual([seen.at(-1)!.method, seen.at(-1)!.url], ['GET', '/find?q=a+b%26c']);
  });

  it('shows tokens of forms and meta elements, and decodes the body', async () => {
    const tab = await fresh();
    const page = await tab.get(
      query('/edit', { html: `${html}<meta name="csrf-token" content="m">`, 'content-encoding': 'gzip' }),
    );
    assert.equal(page.form(0).controls[0]!.value, 't+1');
    assert.equal(page.meta('csrf-token'), 'm');
    assert.match(page.text, /^<form/);
  });

  it('reads JSON', async () => {
    const answer = await (await fresh()).fetch(query('/x', { html: '{"a":1}' }));
    assert.deepEqual(answer.json(), { a: 1 });
  });
});

describe('tabs and cookies', () => {
  it('an attacker’s tab shares the jar and stays where it is', async () => {
    const tab = await fresh();
    const evil = tab.from(`${EVIL}/page`);
    await evil.post(query('/x', { 'set-cookie': 'planted=1; Path=/' }), FORM);
    assert.equal(evil.url, `${EVIL}/page`);
    assert.equal(tab.cookie('planted')?.domain, 'desk.example');
  });

  it('a script sees no HttpOnly cookie', async () => {
    const tab = await fresh();
    tab.setCookie('sid=1; Secure; HttpOnly; Path=/');
    assert.equal(tab.documentCookie(), ALL);
    assert.equal(tab.setCookie('sid=2; Path=/', DESK, { script: true }), 'http-only');
    tab.clearCookies();
    assert.equal(tab.documentCookie(), '');
  });

  it('a sibling can toss a plain cookie but not a __Host- one', async () => {
    const tab = await fresh();
    assert.equal(tab.setCookie('sid=tossed; Domain=desk.example; Path=/', SIBLING), null);
    assert.equal(tab.setCookie('__Host-sid=tossed; Secure; Domain=desk.example; Path=/', SIBLING), 'prefix');
    assert.equal(tab.setCookie('sid=x; Domain=desk.example', EVIL), 'domain');
    await tab.get('/x');
    assert.equal(seen[0]!.headers['cookie'], `${ALL}; sid=tossed`);
  });

  it('a plain tab on loopback keeps Secure and __Host- cookies, as on localhost', async () => {
    const tab = browser(socket);
    await tab.get(query('/x', { 'set-cookie': '__Host-s=1; Secure; Path=/' }));
    seen = [];
    await tab.get('/x');
    assert.equal(seen[0]!.headers['cookie'], '__Host-s=1');
    assert.equal(seen[0]!.headers['host'], new URL(socket).host);
    assert.equal(seen[0]!.headers['sec-fetch-site'], 'none');
  });

  it('adds what a trusted proxy adds, for both schemes of its host', async () => {
    const tab = browser({ url: socket, origin: DESK, forwarded: true, clientAddress: '192.0.2.7' });
    seen = [];
    await tab.get('/x');
    await tab.get('http://desk.example/x');
    await tab.from(EVIL).fetch('/x', JSON_POST);
    assert.deepEqual(
      seen.map(({ headers }) => [headers['x-forwarded-proto'], headers['x-forwarded-for']].join(' ')),
      ['https 192.0.2.7', 'http 192.0.2.7', 'https 192.0.2.7'],
    );
  });
});
