/**
 * Who is looking at a page.
 * @module
 */
import type { AccountIdentity, AccountRecord, Context } from '@dewar/core';
import type { Services } from './services.ts';
import type { Author } from './tickets.ts';

/** The account behind a request whose rule lets nobody else in. */
export async function accountOf(c: Context): Promise<AccountIdentity> {
  const identity = await c.who();
  if (identity.kind === 'account') return identity;
  throw new Error(`${c.route.info.method} ${c.route.info.path} is open to others than accounts`);
}

/** The same with its record; somebody who was deleted meanwhile has no page. */
export async function recordOf(c: Context, { stores }: Services): Promise<AccountRecord> {
  const { id } = await accountOf(c);
  const record = await stores.accounts.byId(id);
  if (record === null) throw new Error(`account ${id} has a session but no record`);
  return record;
}

/** Whether these roles are those of somebody who works at the desk. */
export function isStaff({ roles }: { readonly roles: readonly string[] }): boolean {
  return roles.includes('agent') || roles.includes('administrator');
}

/** Whether these roles may give roles to others. */
export function isAdministrator({ roles }: { readonly roles: readonly string[] }): boolean {
  return roles.includes('administrator');
}

/** Whoever asks, as the author of what they write now. Roles are those of the session, which rules were judged by. */
export async function authorOf(c: Context, services: Services): Promise<Author> {
  const identity = await accountOf(c);
  const { name } = await recordOf(c, services);
  return { id: identity.id, name, staff: isStaff(identity), at: c.facts.at };
}
