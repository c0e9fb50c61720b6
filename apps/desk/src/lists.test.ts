/**
 * Lists and searches as people use them: what they find, and what they do not tell.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDesk, ticketId } from './desk.fixture.ts';
import type { DeskUnderTest } from './desk.fixture.ts';

let desk: DeskUnderTest;
let jonas: number;
before(async () => {
  desk = await startDesk();
  jonas = await ticketId(desk.services, /10,000 rows/);
});
after(() => desk.target.close());

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
