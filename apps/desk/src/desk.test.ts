/**
 * Desk as people use it: over a real socket, with a client that does what browsers do.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LOGINS, ORIGIN, passwordOf, signIn, startDesk, ticketId } from './desk.fixture.ts';
import type { DeskUnderTest } from './desk.fixture.ts';

let desk: DeskUnderTest;
let miras: number;
before(async () => {
  desk = await startDesk();
  miras = await ticketId(desk.services, /data do you keep/);
});
after(() => desk.target.close());

describe('registration', () => {
  it('makes an account and signs it in [ACC-01]', async () => {
    const tab = desk.visit();
    const page = await tab.get('/register');
    const form = { name: 'Eve <Stranger>', login: 'Eve@Stranger.example', password: 'a password of my own' };
    const done = await tab.submit(page, form, { form: '/register' });
    assert.equal(new URL(done.url).pathname, '/tickets');
    assert.match(done.text, /Your account was made/);
    assert.match(done.text, /Eve &lt;Stranger&gt;/);
    const me = (await tab.fetch('/api/me')).json();
    const record = await desk.services.stores.accounts.byLogin('eve@stranger.example');
    assert.deepEqual(me, {
      id: record!.id,
      login: 'eve@stranger.example',
      name: 'Eve <Stranger>',
      roles: ['customer'],
    });
  });

  it('keeps what was typed, but not the password, and names every fault', async () => {
    const tab = desk.visit();
    const page = await tab.get('/register');
    const again = await tab.submit(page, { name: '', login: 'no address"', password: 'short' }, { form: '/register' });
    assert.equal(again.status, 422);
    const [login, password] = ['login', 'password'].map((name) =>
      again.form('/register').controls.find((one) => one.name === name),
    );
    assert.deepEqual([login?.value, password?.value], ['no address"', '']);
    assert.equal(password?.attributes.has('value'), false);
    for (const field of ['login', 'name', 'password']) assert.match(again.text, new RegExp(`href="#${field}"`));
    assert.equal(login?.attributes.get('aria-invalid'), 'true');
    assert.match(again.text, /<title>Error: /);
  });

  it('gives no role that a form sends along', async () => {
    const tab = desk.visit();
    const page = await tab.get('/register');
    const token = page.form('/register').controls.find(({ name }) => name === '_csrf')!.value;
    const fields = { name: 'Mallory', login: 'mallory@evil.example', password: passwordOf('mallory') };
    await tab.post('/register', { form: { ...fields, role: 'administrator', roles: 'administrator', _csrf: token } });
    const record = await desk.services.stores.accounts.byLogin(fields.login);
    assert.deepEqual(record?.roles, ['customer']);
  });
});

describe('sign-in', () => {
  it('answers the same for an unknown address and a wrong password', async () => {
    const texts: string[] = [];
    for (const [login, password] of [
      [LOGINS.mira, 'wrong horse battery'],
      ['nobody@customer.example', 'wrong horse battery'],
    ] as const) {
      const answer = await signIn(desk.visit(), login, password);
      assert.equal(answer.status, 422);
      texts.push(answer.text.replaceAll(login, '…').replaceAll(/(nonce|name="_csrf" value)="[^"]*"/g, ''));
    }
    assert.equal(texts[0], texts[1]);
  });

  it('runs out of guesses: five for one account from one network, and no other account suffers [LIM-28]', async () => {
    const login = LOGINS.tali;
    const statuses: number[] = [];
    for (let guess = 0; guess < 7; guess++)
      statuses.push((await signIn(desk.visit(), `${guess % 2 === 0 ? ' ' : ''}${login}`, `guess ${guess}`)).status);
    assert.deepEqual(statuses, [422, 422, 422, 422, 422, 429, 429]);
    const refused = await signIn(desk.visit(), login);
    assert.equal(refused.status, 429, 'the right password is no answer either');
    assert.match(refused.text, /Please wait a moment/);
    assert.ok(Number(refused.header('retry-after')) > 0);
    assert.equal((await signIn(desk.visit(), LOGINS.jonas)).status, 200);
    desk.clock.advance(16 * 60_000);
    assert.equal((await signIn(desk.visit(), login)).status, 200);
  });

  it('leads a guest to the sign-in page and back to where they wanted to go', async () => {
    const tab = desk.visit();
    const page = await tab.get(`/tickets/${miras}?from=mail`);
    assert.equal(new URL(page.url).search, `?next=${encodeURIComponent(`/tickets/${miras}?from=mail`)}`);
    const done = await tab.submit(
      page,
      { login: LOGINS.mira, password: passwordOf(LOGINS.mira) },
      { form: '/sign-in' },
    );
    assert.equal(done.url, `${ORIGIN}/tickets/${miras}?from=mail`);
    assert.equal(done.status, 200);
  });

  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/.//evil.example'])
    it(`never leads to ${next}`, async () => {
      const tab = desk.visit();
      const page = await tab.get(`/sign-in?next=${encodeURIComponent(next)}`);
      const fields = { login: LOGINS.tali, password: passwordOf(LOGINS.tali) };
      const done = await tab.submit(page, fields, { form: '/sign-in' });
      assert.deepEqual([done.url, done.leftTo], [`${ORIGIN}/tickets`, undefined]);
      // The field can be changed as well as the address.
      const own = await signIn(desk.visit(), LOGINS.tali);
      assert.equal(own.leftTo, undefined);
      const forged = desk.visit();
      const form = (await forged.get('/sign-in')).form('/sign-in');
      const token = form.controls.find(({ name }) => name === '_csrf')!.value;
      const posted = await forged.post('/sign-in', { form: { ...fields, next, _csrf: token } });
      assert.deepEqual([posted.url, posted.leftTo], [`${ORIGIN}/tickets`, undefined]);
    });

  it('answers a script with 401, not with a page', async () => {
    const answer = await desk.visit().fetch('/api/tickets');
    assert.equal(answer.status, 401);
    assert.equal(answer.header('content-type'), 'application/problem+json');
  });

  it('ends with sign-out, for copies of the cookie too', async () => {
    const tab = await desk.as('tali');
    const copy = desk.visit();
    for (const { name, value } of tab.cookies()) copy.setCookie(`${name}=${value}; Path=/; Secure; HttpOnly`);
    assert.equal((await copy.fetch('/api/me')).status, 200);
    const page = await tab.get('/tickets');
    const out = await tab.submit(page, {}, { form: '/sign-out' });
    assert.match(out.text, /You are signed out/);
    assert.deepEqual([(await tab.fetch('/api/me')).status, (await copy.fetch('/api/me')).status], [401, 401]);
  });
});

describe('tickets', () => {
  it('are opened, answered by the desk, answered back, closed and opened again', async () => {
    const [customer, agent] = [await desk.as('mira'), await desk.as('noor')];
    const blank = await customer.get('/tickets/new');
    const text = 'Line one\nline two & <b>three</b>';
    const opened = await customer.submit(blank, { subject: 'A new <question>', body: text }, { form: '/tickets' });
    const path = new URL(opened.url).pathname;
    assert.match(path, /^\/tickets\/\d+$/);
    assert.match(opened.text, /Your ticket was opened/);
    assert.match(opened.text, /<h1 dir="auto">A new &lt;question&gt;<\/h1>/);
    assert.match(opened.text, /Line one\nline two &amp; &lt;b&gt;three&lt;\/b&gt;/);
    assert.doesNotMatch(opened.text, /<b>three/);

    const seen = await agent.get(path);
    await agent.submit(seen, { body: 'We look into it.' }, { form: path });
    await agent.submit(await agent.get(path), { body: 'A note for us.', internal: ['yes'] }, { form: path });
    const back = await customer.get(path);
    assert.match(back.text, /We look into it\./);
    assert.doesNotMatch(back.text, /A note for us\./);
    assert.match((await agent.get(path)).text, /A note for us\./);

    const closed = await customer.submit(back, {}, { form: `${path}/status` });
    assert.match(closed.text, /class="badge closed"/);
    const again = await customer.submit(closed, { body: 'One more thing.' }, { form: path });
    assert.match(again.text, /class="badge open"/);
  });

  it('lose nothing that was typed when something is wrong', async () => {
    const tab = await desk.as('mira');
    const body = `\n  A long story with "quotes" & <tags>${'.'.repeat(40)}`;
    const again = await tab.submit(
      await tab.get('/tickets/new'),
      { subject: 'x'.repeat(130), body },
      { form: '/tickets' },
    );
    assert.equal(again.status, 422);
    assert.match(again.text, /at most 120 characters; there are 130/);
    const values = again.form('/tickets').controls.filter(({ name }) => name === 'subject' || name === 'body');
    assert.deepEqual(
      values.map(({ value }) => value),
      ['x'.repeat(130), body],
    );
    const mended = await tab.submit(again, { subject: 'Shorter' }, { form: '/tickets' });
    assert.match(mended.text, /Your ticket was opened/);
  });

  for (const [fields, why] of [
    [{ body: '' }, 'an empty message'],
    [{ body: 'x'.repeat(5001) }, 'a message that is too long'],
    [{ body: 'turned \u202e' }, 'bidirectional overrides'],
  ] as const)
    it(`are not answered with ${why}`, async () => {
      const tab = await desk.as('mira');
      const path = `/tickets/${miras}`;
      const again = await tab.submit(await tab.get(path), fields, { form: path });
      assert.equal(again.status, 422);
      assert.match(again.text, /href="#body"/);
    });

  it('list a customer’s own alone, and everybody’s for the desk', async () => {
    const [own, all] = [await (await desk.as('jonas')).get('/tickets'), await (await desk.as('piet')).get('/tickets')];
    assert.match(own.text, /10,000 rows/);
    assert.doesNotMatch(own.text, /data do you keep/);
    assert.match(all.text, /10,000 rows/);
    assert.match(all.text, /data do you keep/);
  });

  it('are listed twenty to a page, by state', async () => {
    const tab = await desk.as('tali');
    for (let i = 1; i <= 22; i++) await tab.post('/api/tickets', { json: { subject: `Many ${i}`, body: 'x' } });
    const [first, second] = [await tab.get('/tickets'), await tab.get('/tickets?page=2')];
    assert.equal(first.text.match(/class="badge open"/g)?.length, 20);
    assert.match(first.text, /href="\/tickets\?page=2"/);
    assert.match(second.text, /Many 1</);
    assert.match((await tab.get('/tickets?status=closed')).text, /Two people cannot be invited/);
    assert.match((await tab.get('/tickets?status=closed&page=7')).text, /nothing on this page/);
  });
});

describe('pages', () => {
  it('have no script, style or handler inline', async () => {
    const tab = await desk.as('ada');
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.mira))!;
    for (const path of [
      '/',
      '/tickets',
      '/tickets/new',
      `/tickets/${miras}`,
      '/account',
      '/admin',
      `/admin/people/${id}`,
    ]) {
      const { text, status } = await tab.get(path);
      assert.equal(status, 200, path);
      assert.doesNotMatch(text, /<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)/i, path);
      assert.match(text, /<main id="main"/);
    }
  });

  it('name their assets by content, to be kept for ever', async () => {
    const tab = desk.visit();
    const { text } = await tab.get('/');
    const paths = [...text.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
    assert.equal(paths.length, 3);
    for (const path of paths) {
      const answer = await tab.fetch(path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.header('cache-control'), 'public, max-age=31536000, immutable');
      assert.deepEqual(answer.setCookies, []);
      assert.equal((await tab.fetch(path.replace(/\.[\w-]{16}\./, '.0000000000000000.'))).status, 404);
    }
  });

  it('have browsers report what their policy blocked, to us', async () => {
    const tab = desk.visit();
    assert.match((await tab.get('/')).header('content-security-policy')!, /report-uri \/csp-reports/);
    const report = {
      'csp-report': {
        'document-uri': `${ORIGIN}/tickets`,
        'effective-directive': 'script-src-elem',
        'blocked-uri': 'inline',
        disposition: 'enforce',
      },
    };
    const headers = { 'content-type': 'application/csp-report' };
    const sent = await tab.fetch('/csp-reports', { method: 'POST', headers, body: JSON.stringify(report) });
    assert.equal(sent.status, 204);
    assert.ok(desk.target.events.some(({ name }) => name === 'csp.violation'));
  });

  it('tell of notices that they know, never of what stands in the address', async () => {
    const tab = await desk.as('mira');
    assert.doesNotMatch((await tab.get('/tickets?done=%3Cb%3Ehello')).text, /hello/);
    assert.match((await tab.get('/tickets?done=opened')).text, /Your ticket was opened/);
  });

  it('never hold a password hash', async () => {
    const tab = await desk.as('ada');
    for (const path of ['/admin', '/account', '/api/me', `/api/tickets/${miras}`])
      assert.doesNotMatch((await tab.get(path)).text, /argon2|passwordHash/i, path);
  });

  it('answer about health without a session, and nothing more', async () => {
    const answer = await desk.visit().fetch('/healthz');
    assert.deepEqual([answer.status, answer.text, answer.setCookies], [200, '{"ok":true}', []]);
  });
});
