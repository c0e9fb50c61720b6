/**
 * Lists and searches of tickets, on the real database: what is found, what stays hidden, and text that means SQL.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sqliteStores } from 'dewar';
import type { SqliteStores } from 'dewar';
import { openTickets, PAGE } from './tickets.ts';
import { migrations, NAMESPACE } from './schema.ts';
import { SEARCH_MOST } from './ticket-search.ts';
import type { Selection } from './ticket-search.ts';
import type { Author, Place, Ticket, Tickets } from './tickets.ts';

const ANN: Author = { id: 'ann', name: 'Ann Größe', staff: false, at: 1000 };
const BEN: Author = { id: 'ben', name: 'Ben', staff: false, at: 2000 };
const STAFF: Author = { id: 'sue', name: 'Sue', staff: true, at: 3000 };
const ALL: Selection = { owner: null, internal: true };
const ANNS: Selection = { owner: 'ann', internal: false };

let stores: SqliteStores;
let tickets: Tickets;
before(async () => {
  stores = sqliteStores({ file: ':memory:' });
  tickets = openTickets(stores);
  const first = await tickets.open({ subject: 'Lamp is 100% broken', body: 'It went out.' }, ANN);
  await tickets.answer(first, 'Never tell her about the fuse_box.', true, STAFF);
  await tickets.answer(first, 'We send somebody.', false, STAFF);
  const second = await tickets.open({ subject: 'ÜBERFÄLLIG: Ｌａｍｐ', body: "It's 5\\7 done; really" }, BEN);
  await tickets.triage(second, { priority: 'urgent', assignee: { id: 'sue', name: 'Sue' } });
  await tickets.open({ subject: 'Other', body: 'Nothing' }, ANN);
  await tickets.setStatus(first, 'closed', 4000);
});
after(() => stores.close());

async function found(text: string, selection: Selection = ALL): Promise<readonly number[]> {
  const { tickets: page, total } = await tickets.page({ ...selection, text }, 1);
  assert.equal(total, page.length);
  return page.map(({ id }) => id);
}

describe('a search', () => {
  for (const [text, ids] of [
    ['lamp', [1, 2]],
    ['LAMP', [1, 2]],
    ['  lamp ', [1, 2]],
    ['überfällig', [2]],
    ['we send', [1]],
    ['größe', [1, 3]],
    ['fuse_box', [1]],
    ['fuse box', []],
    ['%', [1]],
    ['100%', [1]],
    ['_', [1]],
    ['\\', [2]],
    ['5\\7', [2]],
    ["'", [2]],
    ['2', [2]],
    ['#3', [3]],
    ['#4', []],
    ['03', []],
    ['99999999999999999999', []],
    [`' OR '1'='1`, []],
    [`%' UNION SELECT password_hash FROM dewar_accounts --`, []],
    [`x'; DROP TABLE desk_tickets; --`, []],
    ['\u0000', []],
    ['\ud800', []],
    ['%'.repeat(SEARCH_MOST), []],
  ] as const)
    it(`for ${JSON.stringify(text.slice(0, 40))} finds ${ids.join(', ') || 'nothing'}`, async () => {
      assert.deepEqual((await found(text)).toSorted(), ids);
    });

  it('finds nobody else’s tickets, and says of internal notes neither words nor that there are any', async () => {
    assert.deepEqual(await found('lamp', ANNS), [1]);
    assert.deepEqual(await found('fuse', ANNS), []);
    assert.deepEqual(await found('#2', ANNS), []);
    assert.deepEqual(await found('send', ANNS), [1]);
    const [ticket] = (await tickets.page({ ...ANNS, text: '#1' }, 1)).tickets;
    assert.equal(ticket?.messages, 2, 'the note is not counted');
  });

  it('goes along with state and assignee', async () => {
    assert.deepEqual(await found('lamp', { ...ALL, status: 'closed' }), [1]);
    assert.deepEqual(await found('lamp', { ...ALL, assignee: { id: 'sue' } }), [2]);
    assert.deepEqual(await found('lamp', { ...ALL, assignee: 'nobody' }), [1]);
    assert.deepEqual(await found('', { ...ALL, assignee: { id: `' OR 1=1 --` } }), []);
  });
});

describe('lists', () => {
  const many = 2 * PAGE + 3;
  let own: Tickets;
  before(async () => {
    own = openTickets(sqliteStores({ file: ':memory:' }));
    // Several at the same moment: the time alone is no order.
    for (let i = 1; i <= many; i++)
      await own.open({ subject: `Ticket ${i}`, body: 'x' }, { ...ANN, at: Math.ceil(i / 5) });
  });

  it('have every ticket on exactly one page, latest first', async () => {
    const seen: number[] = [];
    for (const page of [1, 2, 3, 4]) {
      const answer = await own.page(ALL, page);
      assert.equal(answer.total, many);
      seen.push(...answer.tickets.map(({ id }) => id));
    }
    assert.deepEqual(
      seen,
      Array.from({ length: many }, (_, index) => many - index),
    );
  });

  it('go on behind a place, whatever was opened or answered since', async () => {
    const seen: number[] = [];
    let place: Place | null = null;
    for (let round = 0; round < 3; round++) {
      const { tickets: page, more }: { tickets: readonly Ticket[]; more: boolean } = await own.behind(ALL, place);
      assert.equal(more, round < 2);
      seen.push(...page.map(({ id }) => id));
      place = page.at(-1)!;
      await own.open({ subject: 'New', body: 'x' }, { ...ANN, at: 100 + round });
    }
    assert.deepEqual(
      seen,
      Array.from({ length: many }, (_, index) => many - index),
    );
    assert.deepEqual((await own.behind({ ...ALL, owner: 'ben' }, null)).tickets, []);
  });
});

describe('the desk’s decision', () => {
  it('is kept, and moves nothing that the customer sees', async () => {
    const earlier = (await tickets.byId('3'))!;
    await tickets.triage(3, { priority: 'high', assignee: { id: 'sue', name: 'Sue' } });
    assert.deepEqual(
      { ...(await tickets.byId('3')) },
      {
        ...earlier,
        priority: 'high',
        assignee: 'sue',
        assigneeName: 'Sue',
      },
    );
    await tickets.triage(3, { priority: 'normal', assignee: null });
    assert.deepEqual({ ...(await tickets.byId('3')) }, { ...earlier });
  });
});

describe('a database of the release before', () => {
  it('is brought up to date, and its tickets are found', async () => {
    const old = sqliteStores({ file: ':memory:' });
    old.migrate(NAMESPACE, migrations.slice(0, 1));
    old.database.exec(`INSERT INTO desk_tickets (subject, status, owner, owner_name, created_at, updated_at)
      VALUES ('Old Lamp', 'open', 'ann', 'Ann', 1, 1);
      INSERT INTO desk_messages (ticket, author, author_name, staff, internal, body, created_at)
      VALUES (1, 'ann', 'Ann', 0, 0, 'It was Dark', 1)`);
    const updated = openTickets(old);
    for (const text of ['lamp', 'DARK', 'ann'])
      assert.deepEqual(
        (await updated.page({ ...ALL, text }, 1)).tickets.map(({ subject, priority, phone }) => [
          subject,
          priority,
          phone,
        ]),
        [['Old Lamp', 'normal', '']],
        text,
      );
    old.close();
  });
});
