/**
 * The JSON interface: what it takes, what it refuses, and in which words.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDesk, ticketId } from './desk.fixture.ts';
import type { DeskUnderTest } from './desk.fixture.ts';
import { PAGE } from './tickets.ts';

let desk: DeskUnderTest;
let jonas: number;
before(async () => {
  desk = await startDesk();
  jonas = await ticketId(desk.services, /10,000 rows/);
});
after(() => desk.target.close());

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
    const { total } = await desk.services.tickets.page({ owner: null, internal: true }, 1);
    assert.ok(total > PAGE, 'there are several pages');
    assert.equal(seen.length, total);
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

  const wrong: readonly (readonly [
    json: unknown,
    errors: readonly (readonly [path: string | undefined, message: string])[],
  ])[] = [
    [
      {},
      [
        ['subject', 'Write what it is about.'],
        ['body', 'Write a message.'],
      ],
    ],
    [
      { subject: 7, body: ['x'] },
      [
        ['subject', 'Write what it is about.'],
        ['body', 'Write a message.'],
      ],
    ],
    [
      { subject: '', body: '' },
      [
        ['subject', 'Write what it is about.'],
        ['body', 'Write a message.'],
      ],
    ],
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
