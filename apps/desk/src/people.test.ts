/**
 * Accounts as their owners and administrators use them: names, roles, sessions.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LOGINS, signIn, startDesk, ticketId } from './desk.fixture.ts';
import type { DeskUnderTest } from './desk.fixture.ts';

let desk: DeskUnderTest;
let miras: number;
before(async () => {
  desk = await startDesk();
  miras = await ticketId(desk.services, /data do you keep/);
});
after(() => desk.target.close());

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

  it('are kept out, by confirmation, wherever they are signed in, and let in again', async () => {
    const [admin, jonas] = [await desk.as('ada'), await desk.as('jonas')];
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.jonas))!;
    const path = `/admin/people/${id}`;
    const asked = await admin.submit(await admin.get(path), {}, { form: `${path}/access` });
    assert.match(asked.text, /is signed out everywhere/);
    assert.equal((await jonas.fetch('/api/me')).status, 200, 'nothing happens before it is confirmed');
    const done = await admin.submit(asked, {}, { form: `${path}/access` });
    assert.match(done.text, /The account was disabled/);
    assert.equal((await jonas.fetch('/api/me')).status, 401);
    assert.equal((await signIn(desk.visit(), LOGINS.jonas)).status, 422);
    assert.match((await admin.get('/admin?q=jonas')).text, /disabled/);
    const back = await admin.submit(done, {}, { form: `${path}/access` });
    assert.match(back.text, /may sign in again/);
    assert.equal((await signIn(desk.visit(), LOGINS.jonas)).status, 200);
  });

  it('are kept out by administrators alone, and never all administrators', async () => {
    const [admin, agent] = [await desk.as('ada'), await desk.as('noor')];
    const { id } = (await desk.services.stores.accounts.byLogin(LOGINS.ada))!;
    const path = `/admin/people/${id}`;
    const token = (await agent.get('/account')).form('/sign-out').controls.find(({ name }) => name === '_csrf')!.value;
    const form = { access: 'closed', confirmed: 'yes', _csrf: token };
    assert.equal((await agent.post(`${path}/access`, { form })).status, 403);
    const asked = await admin.submit(await admin.get(path), {}, { form: `${path}/access` });
    const refused = await admin.submit(asked, {}, { form: `${path}/access` });
    assert.equal(refused.status, 422);
    assert.match(refused.text, /Somebody has to be administrator/);
    assert.equal((await desk.services.stores.accounts.byId(id))?.disabled, false);
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
