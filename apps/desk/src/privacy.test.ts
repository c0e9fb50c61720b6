/**
 * Who sees what of a ticket, and who may change it: over a real socket, as browsers and scripts ask.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LOGINS, startDesk, ticketId } from './desk.fixture.ts';
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
