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
let jonas: number;
before(async () => {
  desk = await startDesk();
  miras = await ticketId(desk.services, /data do you keep/);
  jonas = await ticketId(desk.services, /10,000 rows/);
});
after(() => desk.target.close());

const NOTE = 'Do not send the draft from January.';

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

describe('the list of tickets', () => {
  it('is searched by text and number, and says what was looked for', async () => {
    const agent = await desk.as('noor');
    const page = await agent.get('/tickets?q=%2210%2C000+ROWS');
    assert.match(page.text, /Nothing was found/);
    assert.match(page.text, /0 tickets with “<bdi>&quot;10,000 ROWS<\/bdi>”/);
    assert.match(page.text, /name="q"\s+value="&quot;10,000 ROWS"/);
    const found = await agent.submit(page, { q: '10,000 ROWS' }, { form: '/tickets' });
    assert.match(found.text, /1 ticket with/);
    assert.match(found.text, /Export stops at 10,000 rows/);
    assert.match((await agent.get(`/tickets?q=%23${jonas}`)).text, /Export stops at 10,000 rows/);
  });

  it('shows a customer neither others’ tickets nor what the desk noted, whatever they look for', async () => {
    const tab = await desk.as('mira');
    for (const q of ['10,000 rows', `#${jonas}`, 'draft from January', "' OR 1=1 --"]) {
      const { text } = await tab.get(`/tickets?${new URLSearchParams({ q }).toString()}`);
      assert.match(text, /Nothing was found/, q);
    }
    assert.match((await tab.get('/tickets?q=protection+OFFICER')).text, /Which of our data do you keep/);
  });

  it('is filtered by who takes care, for the desk alone', async () => {
    const [agent, customer] = [await desk.as('piet'), await desk.as('mira')];
    const [mine, free] = [
      await agent.get('/tickets?who=me'),
      await agent.get('/tickets?status=open&who=nobody&q=report'),
    ];
    assert.match(mine.text, /Export stops at 10,000 rows/);
    assert.doesNotMatch(mine.text, /data do you keep/);
    assert.match(free.text, /How do I move a report/);
    assert.doesNotMatch(free.text, /Export stops/);
    assert.match((await customer.get('/tickets?who=nobody')).text, /data do you keep/, 'a customer sees them all');
  });

  it('leads from page to page by number, and keeps what was looked for', async () => {
    const agent = await desk.as('noor');
    const first = await agent.get('/tickets?q=e');
    assert.match(first.text, /<a href="\/tickets\?q=e" aria-label="Page 1"\s+aria-current="page"/);
    assert.match(first.text, /<a href="\/tickets\?q=e&amp;page=2" aria-label="Page 2"/);
    const second = await agent.get('/tickets?q=e&page=2');
    assert.match(second.text, /aria-label="Page 2"\s+aria-current="page"/);
    const ids = (text: string): string[] => [...text.matchAll(/href="\/tickets\/(\d+)"/g)].map(([, id]) => id!);
    assert.equal(
      new Set([...ids(first.text), ...ids(second.text)]).size,
      ids(first.text).length + ids(second.text).length,
    );
  });

  it('means nothing by parameters that are repeated, odd or very long', async () => {
    const agent = await desk.as('noor');
    for (const query of [
      'status=open&status=closed',
      'status=all',
      'who=ada',
      'page=0',
      'page=1e9',
      'page=-1',
      'q[a]=b',
    ])
      assert.equal((await agent.get(`/tickets?${query}`)).status, 200, query);
    const { text } = await agent.get(`/tickets?q=${'x'.repeat(2000)}`);
    assert.match(text, /“<bdi>x{100}<\/bdi>”/);
  });
});

describe('private fields', () => {
  const PHONE = '+44 20 7946 0321';

  it('are seen by the owner and the desk, on the page and as JSON, and never in lists', async () => {
    for (const person of ['mira', 'noor', 'ada'] as const) {
      const tab = await desk.as(person);
      for (const path of [`/tickets/${miras}`, `/api/tickets/${miras}`])
        assert.ok((await tab.get(path)).text.includes(PHONE), `${person} ${path}`);
      for (const path of ['/tickets', '/api/tickets', '/', '/tickets?q=7946'])
        assert.ok(!(await tab.get(path)).text.includes(PHONE), `${person} ${path}`);
    }
    const stranger = await desk.as('jonas');
    for (const path of [`/tickets/${miras}`, `/api/tickets/${miras}`]) {
      const { status, text } = await stranger.get(path);
      assert.equal(status, 404);
      assert.ok(!text.includes(PHONE));
    }
  });

  it('are not changed by who may read them', async () => {
    const agent = await desk.as('noor');
    const page = await agent.get(`/tickets/${miras}`);
    const token = page.form('/sign-out').controls.find(({ name }) => name === '_csrf')!.value;
    const form = { priority: 'low', assignee: '', phone: '0190 666', owner: 'x', subject: 'x', _csrf: token };
    assert.equal((await agent.post(`/tickets/${miras}/triage`, { form })).status, 200);
    const { phone, subject, priority } = (await desk.services.tickets.byId(String(miras)))!;
    assert.deepEqual([phone, priority], [PHONE, 'low']);
    assert.match(subject, /data do you keep/);
  });
});

describe('priority and assignee', () => {
  it('are decided by the desk, for its own people, and hidden from customers', async () => {
    const [agent, customer] = [await desk.as('piet'), await desk.as('mira')];
    const path = `/tickets/${miras}`;
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.noor))!;
    const done = await agent.submit(
      await agent.get(path),
      { priority: 'urgent', assignee: id },
      { form: `${path}/triage` },
    );
    assert.match(done.text, /Priority and assignment were saved/);
    assert.match(done.text, /class="badge urgent"/);
    const seen = await customer.get(path);
    assert.match(seen.text, /Noor Haddad/);
    assert.doesNotMatch(seen.text, /urgent|triage/);
    assert.doesNotMatch((await customer.fetch(`/api${path}`)).text, /priority|urgent/);
    assert.match((await agent.fetch(`/api${path}`)).text, /"priority":"urgent"/);
  });

  it('are refused from customers, their own tickets included', async () => {
    const customer = await desk.as('mira');
    const token = (await customer.get('/account'))
      .form('/sign-out')
      .controls.find(({ name }) => name === '_csrf')!.value;
    const form = { priority: 'low', assignee: '', _csrf: token };
    for (const id of [miras, jonas, 999_999]) {
      const { status } = await customer.post(`/tickets/${id}/triage`, { form });
      assert.ok(status === 403 || status === 404, `${id}: ${status}`);
    }
    assert.equal((await desk.services.tickets.byId(String(miras)))?.priority, 'urgent');
  });

  it('are nothing that does not exist, and nobody from outside', async () => {
    const agent = await desk.as('piet');
    const path = `/tickets/${miras}`;
    const mira = (await desk.services.stores.accounts.byLogin(LOGINS.mira))!.id;
    const token = (await agent.get(path)).form('/sign-out').controls.find(({ name }) => name === '_csrf')!.value;
    for (const [fields, message] of [
      [{ priority: 'highest', assignee: '' }, /Choose a priority/],
      [{ priority: 'high', assignee: mira }, /Choose somebody of the desk/],
      [{ priority: 'high', assignee: 'nobody' }, /Choose somebody of the desk/],
      [{}, /Choose a priority/],
    ] as const) {
      const refused = await agent.post(`${path}/triage`, { form: { ...fields, _csrf: token } });
      assert.equal(refused.status, 422, JSON.stringify(fields));
      assert.match(refused.text, message);
    }
    assert.equal((await desk.services.tickets.byId(String(miras)))?.assigneeName, 'Noor Haddad');
  });

  it('keep an assignee who has left the desk when something else is saved', async () => {
    await desk.services.tickets.triage(miras, { priority: 'low', assignee: { id: 'gone', name: 'Gone Person' } });
    const agent = await desk.as('piet');
    const path = `/tickets/${miras}`;
    const page = await agent.get(path);
    assert.match(page.text, /Gone Person \(left the desk\)/);
    await agent.submit(page, { priority: 'high' }, { form: `${path}/triage` });
    const { priority, assignee } = (await desk.services.tickets.byId(String(miras)))!;
    assert.deepEqual([priority, assignee], ['high', 'gone']);
  });
});

describe('the profile', () => {
  it('changes the name that others see from now on, and nothing else', async () => {
    const tab = await desk.as('tali');
    const before = (await desk.services.stores.accounts.byLogin(LOGINS.tali))!;
    const page = await tab.get('/account');
    assert.match(page.text, /tali@customer\.example/);
    const token = page.form('/account/name').controls.find(({ name }) => name === '_csrf')!.value;
    const sent = {
      name: ' Tali <b>Byrne</b> ',
      login: 'ada@desk.example',
      roles: 'administrator',
      role: 'agent',
      id: 'x',
    };
    const done = await tab.post('/account/name', { form: { ...sent, _csrf: token } });
    assert.match(done.text, /Your name was changed/);
    assert.match(done.text, /<h1 dir="auto">Tali &lt;b&gt;Byrne&lt;\/b&gt;<\/h1>/);
    const { version, name, ...after } = (await desk.services.stores.accounts.byLogin(LOGINS.tali))!;
    assert.deepEqual(after, (({ version: _v, name: _n, ...rest }) => rest)(before));
    assert.deepEqual([version, name], [before.version + 1, 'Tali <b>Byrne</b>']);
    const made = await tab.post('/api/tickets', { json: { subject: 'Signed anew', body: 'x' } });
    assert.match((await tab.fetch(made.header('location')!)).text, /Tali <b>Byrne<\/b>/);
  });

  for (const [typed, message] of [
    ['', /Write your name/],
    ['x'.repeat(81), /at most 80 characters/],
    ['\u202egnp.exe', /cannot be shown/],
  ] as const)
    it(`takes no name such as ${JSON.stringify(typed.slice(0, 10))}, and keeps what was typed`, async () => {
      const tab = await desk.as('jonas');
      const page = await tab.get('/account');
      const again = await tab.submit(page, { name: typed }, { form: '/account/name' });
      assert.equal(again.status, 422);
      assert.match(again.text, message);
      assert.equal(again.form('/account/name').controls.find(({ name }) => name === 'name')?.value, typed);
      assert.equal((await desk.services.stores.accounts.byLogin(LOGINS.jonas))?.name, 'Jonas Lindqvist');
    });
});

describe('what is somebody else’s', () => {
  for (const [method, path, body] of [
    ['GET', '/tickets/:id', undefined],
    ['POST', '/tickets/:id', { form: { body: 'in another name' } }],
    ['POST', '/tickets/:id/status', { form: { status: 'closed' } }],
    ['GET', '/api/tickets/:id', undefined],
    ['POST', '/api/tickets/:id', { json: { body: 'in another name' } }],
  ] as const)
    it(`looks like what does not exist: ${method} ${path} [S-35]`, async () => {
      const tab = await desk.as('jonas');
      const token = (await tab.get('/account')).form('/sign-out').controls.find(({ name }) => name === '_csrf')!.value;
      const ask = async (id: string): Promise<[number, string]> => {
        const to = path.replace(':id', id);
        const sent = body !== undefined && 'form' in body ? { form: { ...body.form, _csrf: token } } : body;
        const answer = sent === undefined ? await tab.get(to) : await tab.post(to, sent);
        return [answer.status, answer.text.replaceAll(/<code>[^<]*<\/code>|"request":"[^"]*"/g, '')];
      };
      const foreign = await ask(String(miras));
      assert.equal(foreign[0], 404);
      for (const id of ['999999', 'abc', `0${jonas}`]) assert.deepEqual(await ask(id), foreign);
      const own = await ask(String(jonas));
      assert.ok(own[0] === 200 || own[0] === 201, `${own[0]}`);
    });

  it('is not written by a refused request', async () => {
    const messages = await desk.services.tickets.messages(miras, true);
    assert.ok(messages.every(({ body }) => body !== 'in another name'));
    assert.equal((await desk.services.tickets.byId(String(miras)))?.status, 'open');
  });
});

describe('internal notes', () => {
  it('are shown to the desk alone, on pages and as JSON', async () => {
    const [customer, agent] = [await desk.as('mira'), await desk.as('piet')];
    for (const path of [`/tickets/${miras}`, `/api/tickets/${miras}`]) {
      assert.ok(!(await customer.get(path)).text.includes(NOTE), path);
      assert.ok((await agent.get(path)).text.includes(NOTE), path);
    }
    assert.ok(!(await customer.fetch(`/api/tickets/${miras}`)).text.includes('internal'));
  });

  it('move nothing that customers see: not the order of their list, not its times', async () => {
    const [customer, agent] = [await desk.as('mira'), await desk.as('piet')];
    const seen = async (): Promise<string> => (await customer.fetch('/api/tickets')).text;
    const before = await seen();
    const { tickets } = JSON.parse(before) as { readonly tickets: readonly { readonly id: number }[] };
    desk.clock.advance(60_000);
    for (const { id } of tickets) {
      const path = `/tickets/${id}`;
      assert.equal((await agent.post(`/api${path}`, { json: { body: 'For us.', internal: true } })).status, 201);
      await agent.submit(await agent.get(path), { body: 'For us too.', internal: ['yes'] }, { form: path });
    }
    assert.equal(await seen(), before);
    await agent.post(`/api/tickets/${tickets.at(-1)!.id}`, { json: { body: 'For you.' } });
    assert.notEqual(await seen(), before);
  });

  it('are not written by customers, whatever they send', async () => {
    const tab = await desk.as('mira');
    const path = `/tickets/${miras}`;
    const token = (await tab.get(path)).form(path).controls.find(({ name }) => name === '_csrf')!.value;
    await tab.post(path, { form: { body: 'hidden by form?', internal: 'yes', _csrf: token } });
    await tab.post(`/api${path}`, { json: { body: 'hidden by script?', internal: true } });
    const messages = await desk.services.tickets.messages(miras, false);
    for (const body of ['hidden by form?', 'hidden by script?']) assert.ok(messages.some((one) => one.body === body));
  });
});

describe('the JSON interface', () => {
  it('lists page by page, by place', async () => {
    const tab = await desk.as('noor');
    const seen: number[] = [];
    let next: string | null = null;
    do {
      const query: string = next === null ? '' : `?behind=${next}`;
      const answer = (await tab.fetch(`/api/tickets${query}`)).json() as {
        tickets: { id: number }[];
        next: string | null;
      };
      seen.push(...answer.tickets.map(({ id }) => id));
      next = answer.next;
    } while (next !== null && seen.length < 1000);
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length > 35, `${seen.length}`);
    for (const behind of ['', 'x', '1', '1.', '1.1.1', "1' OR 1=1 --.1", '-1.1'])
      assert.equal((await tab.fetch(`/api/tickets?behind=${encodeURIComponent(behind)}`)).status, 422, behind);
    const own = (await (await desk.as('jonas')).fetch('/api/tickets?q=e&behind=9999999999999.9')).text;
    assert.doesNotMatch(own, /data do you keep/);
  });

  it('names members that it does not have, and writes nothing', async () => {
    const tab = await desk.as('jonas');
    const json = { subject: 'Never written', body: 'x', owner: 'ada', status: 'closed', id: 1 };
    const answer = await tab.post('/api/tickets', { json });
    assert.equal(answer.status, 422);
    const { errors } = answer.json() as { errors: { path: string }[] };
    assert.deepEqual(
      errors.map(({ path }) => path),
      ['owner', 'status', 'id'],
    );
    const own = await tab.post(`/api/tickets/${jonas}`, { json: { body: 'x', internal: 'yes' } });
    assert.deepEqual((own.json() as { errors: unknown }).errors, [
      { in: 'body', path: 'internal', message: 'Write true or false.' },
    ]);
    assert.doesNotMatch((await tab.get('/tickets')).text, /Never written/);
  });

  it('takes JSON and nothing else', async () => {
    const tab = await desk.as('jonas');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await tab.fetch('/api/tickets', {
        method: 'POST',
        headers: { 'content-type': type },
        body: '{"subject":"Never written","body":"x"}',
      });
      assert.equal(answer.status, 415, type);
    }
  });

  for (const [what, body, status] of [
    ['too large', JSON.stringify({ subject: 'x', body: 'x'.repeat(70_000) }), 413],
    ['nested', `{"subject":"x","body":${'['.repeat(20)}${']'.repeat(20)}}`, 400],
    ['ambiguous', '{"subject":"x","body":"x","body":"y"}', 400],
    ['no JSON', '{"subject":', 400],
  ] as const)
    it(`refuses what is ${what}`, async () => {
      const tab = await desk.as('jonas');
      const headers = { 'content-type': 'application/json' };
      assert.equal((await tab.fetch('/api/tickets', { method: 'POST', headers, body })).status, status);
    });

  it('opens, reads and answers', async () => {
    const tab = await desk.as('jonas');
    const made = await tab.post('/api/tickets', { json: { subject: ' By script ', body: 'Hello' } });
    assert.equal(made.status, 201);
    const path = made.header('location')!;
    assert.equal((await tab.post(path, { json: { body: 'And more' } })).status, 201);
    const read = (await tab.fetch(path)).json() as { subject: string; messages: { body: string; author: string }[] };
    assert.equal(read.subject, 'By script');
    assert.deepEqual(
      read.messages.map(({ body, author }) => [body, author]),
      [
        ['Hello', 'Jonas Lindqvist'],
        ['And more', 'Jonas Lindqvist'],
      ],
    );
  });

  it('takes no controls', async () => {
    const tab = await desk.as('jonas');
    const answer = await tab.post('/api/tickets', { json: { subject: 'x', body: 'bell \u0007' } });
    assert.equal(answer.status, 422);
  });

  const wrong: readonly (readonly [json: unknown, errors: readonly (readonly [path: string | undefined, message: string])[]])[] = [
    [{}, [['subject', 'Write what it is about.'], ['body', 'Write a message.']]],
    [{ subject: 7, body: ['x'] }, [['subject', 'Write what it is about.'], ['body', 'Write a message.']]],
    [{ subject: '', body: '' }, [['subject', 'Write what it is about.'], ['body', 'Write a message.']]],
    [{ subject: 'Lamp', body: { $gt: '' } }, [['body', 'Write a message.']]],
    [{ subject: 'Lamp', body: 'Dark', owner: 'somebody' }, [['owner', 'is not known']]],
    [{ subject: 'Lamp\n2', body: 'Dark' }, [['subject', 'Write it in one line.']]],
    [[], [[undefined, 'is not valid']]],
    ['text', [[undefined, 'is not valid']]],
    [null, [[undefined, 'is not valid']]],
  ];
  for (const [json, expected] of wrong)
    it(`names what is wrong with ${JSON.stringify(json)} [S-21] [VAL-03]`, async () => {
      const tab = await desk.as('jonas');
      const answer = await tab.post('/api/tickets', { json });
      assert.equal(answer.status, 422);
      const { errors } = answer.json() as { errors: { in: string; path?: string; message: string }[] };
      assert.deepEqual(
        errors.map(({ path, message }) => [path, path === undefined ? 'is not valid' : message]),
        expected,
      );
    });
});

describe('people', () => {
  it('are found by a part of name or address, in pages that nobody falls out of', async () => {
    const { accounts, stores } = desk.services;
    const passwordHash = await accounts.passwords.hash('a password of my own');
    for (let i = 10; i < 55; i++) {
      const person = { id: `many-${i}`, login: `many${i}@many.example`, name: `Many ${i}`, passwordHash, roles: [] };
      await stores.accounts.create({ ...person, disabled: i === 12, createdAt: 1 });
    }
    const admin = await desk.as('ada');
    const seen: string[] = [];
    let path: string | undefined = '/admin?q=MANY';
    for (let pages = 0; path !== undefined && pages < 9; pages++) {
      const { text }: { text: string } = await admin.get(path);
      seen.push(...[...text.matchAll(/many\d\d@/g)].map(([login]) => login));
      path = /href="([^"]+)">More people/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 45 }, (_, index) => `many${index + 10}@`),
    );
    assert.match((await admin.get('/admin?q=many12')).text, /disabled/);
    assert.match((await admin.get(`/admin?q=${encodeURIComponent("' OR 1=1 --")}`)).text, /Nobody was found/);
    assert.equal((await admin.get('/admin/people/nobody')).status, 404);
  });

  it('are shown to administrators alone [S-18]', async () => {
    for (const [person, status] of [
      ['mira', 403],
      ['noor', 403],
      ['ada', 200],
    ] as const) {
      const tab = await desk.as(person);
      const page = await tab.get('/admin');
      assert.equal(page.status, status, person);
      assert.equal(page.text.includes(LOGINS.jonas), status === 200);
      assert.equal((await tab.get('/tickets')).text.includes('href="/admin"'), status === 200);
    }
  });

  it('get roles from administrators alone', async () => {
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.mira))!;
    const tab = await desk.as('noor');
    const token = (await tab.get('/account')).form('/sign-out').controls.find(({ name }) => name === '_csrf')!.value;
    const form = { role: 'administrator', confirmed: 'yes', _csrf: token };
    const refused = await tab.post(`/admin/people/${id}`, { form });
    assert.equal(refused.status, 403);
    assert.equal((await tab.get(`/admin/people/${id}`)).status, 403);
    assert.deepEqual((await desk.services.stores.accounts.byId(id))?.roles, ['customer']);
  });

  it('work with new roles at once, in sessions they have already', async () => {
    const [admin, tali] = [await desk.as('ada'), await desk.as('tali')];
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.tali))!;
    assert.equal((await tali.get(`/tickets/${miras}`)).status, 404);
    const path = `/admin/people/${id}`;
    const asked = await admin.submit(await admin.get(path), { role: ['agent'] }, { form: path });
    assert.equal(asked.status, 200);
    assert.match(asked.text, /gets <span class="badge agent">/);
    assert.match(asked.text, /loses <span class="badge customer">/);
    assert.equal((await tali.get(`/tickets/${miras}`)).status, 404, 'nothing happens before it is confirmed');
    const done = await admin.submit(asked, {}, { form: path });
    assert.match(done.text, /The roles were changed/);
    assert.equal((await tali.get(`/tickets/${miras}`)).status, 200);
    await admin.submit(
      await admin.submit(await admin.get(path), { role: ['customer'] }, { form: path }),
      {},
      { form: path },
    );
    assert.equal((await tali.get(`/tickets/${miras}`)).status, 404);
  });

  it('always have an administrator', async () => {
    const admin = await desk.as('ada');
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.ada))!;
    const path = `/admin/people/${id}`;
    const page = await admin.get(path);
    assert.match(page.text, /is the only administrator/);
    const asked = await admin.submit(page, { role: ['customer'] }, { form: path });
    const refused = await admin.submit(asked, {}, { form: path });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Somebody has to be administrator/);
    const form = { role: 'root', confirmed: 'yes' };
    const unknown = await admin.submit(await admin.get(path), { role: [] }, { form: path });
    assert.equal(unknown.status, 200);
    const token = unknown.form(path).controls.find(({ name }) => name === '_csrf')!.value;
    const odd = await admin.post(path, { form: { ...form, _csrf: token } });
    assert.match(odd.text, /That role does not exist/);
    assert.equal((await admin.get('/admin')).status, 200);
  });
});

describe('the sessions page', () => {
  it('lists one’s own, ends one, and ends all others', async () => {
    const first = await desk.as('piet');
    desk.clock.advance(1000);
    const second = await desk.as('piet');
    desk.clock.advance(1000);
    const third = await desk.as('piet');
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.piet))!;
    const sessions = await desk.services.stores.sessions.list(id);
    const page = await first.get('/account');
    assert.equal(page.text.match(/action="\/account\/sessions\/end"/g)?.length, sessions.length);
    assert.equal(page.text.match(/this one/g)?.length, 1);
    // Newest first: the form at the top is the third browser's.
    const ends = page.page.forms.flatMap(({ action }, index) => (action === '/account/sessions/end' ? [index] : []));
    const one = await first.submit(page, {}, { form: ends[0]! });
    assert.match(one.text, /That session was ended/);
    assert.deepEqual([(await third.fetch('/api/me')).status, (await second.fetch('/api/me')).status], [401, 200]);
    const all = await first.submit(one, {}, { form: '/account/sessions/end-others' });
    assert.match(all.text, /All your other sessions were ended/);
    assert.deepEqual([(await second.fetch('/api/me')).status, (await first.fetch('/api/me')).status], [401, 200]);
  });

  it('ends nobody else’s session', async () => {
    const [mira, jona] = [await desk.as('mira'), await desk.as('jonas')];
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.jonas))!;
    const sessions = await desk.services.stores.sessions.list(id);
    const page = await mira.get('/account');
    const token = page.form('/sign-out').controls.find(({ name }) => name === '_csrf')!.value;
    for (const { hash } of sessions) {
      const told = await mira.post('/account/sessions/end', { form: { session: hash, _csrf: token } });
      assert.doesNotMatch(told.text, /That session was ended/);
    }
    assert.equal((await jona.fetch('/api/me')).status, 200);
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
