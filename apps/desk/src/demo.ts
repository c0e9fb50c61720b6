/**
 * What development starts with: people to sign in as, and conversations to look at. Passwords are random, printed once
 * and stored nowhere.
 * @module
 */
import { systemRandom } from '@dewar/core';
import { CONVERSATIONS, PEOPLE } from './demo-data.ts';
import { MORE_CONVERSATIONS } from './demo-more.ts';
import type { Services } from './services.ts';
import type { Author } from './tickets.ts';
import { isStaff } from './people.ts';

/** Somebody to sign in as. */
export interface DemoLogin {
  readonly role: string;
  readonly login: string;
  readonly password: string;
}

const HOUR = 3_600_000;
/** Bytes of a password: 16 characters. */
const PASSWORD_BYTES = 12;

/** Fills an empty Desk; `null` where there are accounts already. `passwordOf` is for tests. */
export async function seedDemo(
  services: Services,
  now: number,
  passwordOf: (login: string) => string = () => systemRandom().token(PASSWORD_BYTES),
): Promise<readonly DemoLogin[] | null> {
  const { stores, accounts, tickets } = services;
  if ((await stores.accounts.list({ limit: 1 })).length > 0) return null;
  const authors = new Map<string, Omit<Author, 'at'>>();
  const logins: DemoLogin[] = [];
  for (const { login, name, role } of PEOPLE) {
    const password = passwordOf(login);
    const done = await accounts.register({ login, name, password });
    if (done.result !== 'made') throw new Error(`the demo account ${login} could not be made: ${done.result}`);
    // Nobody is signed in yet, so there are no sessions to tell.
    if (role !== 'customer') await accounts.setRoles(done.account.id, [role], () => undefined);
    authors.set(login, { id: done.account.id, name, staff: isStaff({ roles: [role] }) });
    logins.push({ role, login, password });
  }
  for (const { subject, hoursAgo, closed, priority = 'normal', assignee, phone = '', messages } of [
    ...CONVERSATIONS,
    ...MORE_CONVERSATIONS,
  ]) {
    let at = now - hoursAgo * HOUR;
    let id = 0;
    for (const { by, text, internal = false } of messages) {
      const author = { ...authors.get(by)!, at };
      if (id === 0) id = await tickets.open({ subject, body: text, phone }, author);
      else await tickets.answer(id, text, internal, author);
      at += HOUR / 2;
    }
    await tickets.triage(id, { priority, assignee: assignee === undefined ? null : authors.get(assignee)! });
    if (closed === true) await tickets.setStatus(id, 'closed', at);
  }
  return logins;
}

/** A table for the terminal, or how to get one. */
export function describeDemo(logins: readonly DemoLogin[] | null, data: string): string {
  if (logins === null)
    return `Demo accounts exist; their passwords were shown once. To start anew, delete the folder "${data}".`;
  const rows = [['role', 'e-mail address', 'password'], ...logins.map((one) => [one.role, one.login, one.password])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('   ')}`.trimEnd());
  return ['Demo accounts, shown this once:', ...lines].join('\n');
}
