/**
 * The README's snippets are this file's own text, so they compile and hold.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Context } from '../kernel/index.ts';
import { access, accessDefaults, all, any, fresh, owner, resource, role, shared } from './index.ts';
import { account, stage } from './stage.test.ts';

const desk = {
  byId: (id: string | undefined) => (id === '1' ? { owner: 'ann', title: 'The printer is on fire' } : undefined),
};

const ticket = resource('ticket', {
  load: ({ id }) => desk.byId(id),
  of: (found) => found.owner,
});

const read = any(role('agent'), owner(ticket));
const remove = all(owner(ticket), fresh('15 minutes'));
const answerAny = all(role('agent'), shared('agents answer every ticket'));

const handler = (request: { dewar: Context }) => ticket.from(request).title;

const policy = {
  access: {
    roles: {
      customer: { permissions: ['tickets:open'] },
      agent: { permissions: ['tickets:answer'], includes: ['customer'] },
      admin: { includes: ['agent'] },
    },
  },
};

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('shows nothing but snippets of this test', async () => {
    const source = readFileSync(new URL(import.meta.url), 'utf8');
    const snippets = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!.trim());
    assert.equal(snippets.length, 2);
    for (const snippet of snippets) assert.ok(source.includes(snippet), snippet);
  });

  it('shows rules that start, and decide as it says', async () => {
    const ann = account('ann', { roles: ['customer'] });
    for (const [rule, allowed] of [
      [read, true],
      [remove, true],
      [answerAny, false],
    ] as const) {
      const on = stage(rule, { path: '/tickets/:id', setting: policy.access, credential: () => ann });
      await on.kernel.start();
      const c = on.context({ id: '1' });
      assert.equal((await on.kernel.before(c)) === null, allowed);
      if (allowed) assert.equal(handler({ dewar: c }), 'The printer is on fire');
    }
  });

  it('names every code and every option with its default', async () => {
    for (const code of access.codes) assert.ok(readme.includes(`\`${code}\``), code);
    for (const name of Object.keys(accessDefaults)) assert.match(readme, new RegExp(`^\\| \`${name}\` \\|`, 'm'));
    assert.ok(readme.includes(`['${accessDefaults.secondFactors.join("', '")}']`));
  });
});
