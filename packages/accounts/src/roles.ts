/**
 * A change of roles as one transaction: what was read still holds when it is written, and sessions learn of it or
 * nothing happened.
 * @module
 */
import type { AccountStore, MaybePromise, Stores } from '@dewar/core';

/** Told of every change of roles, inside the same transaction: `(id, roles) => sessions.privilegesChanged(id, roles)`. */
export type PrivilegesChanged = (account: string, roles: readonly string[]) => MaybePromise<unknown>;

/** What came of a change of roles. */
export type RoleChange =
  | 'changed'
  | 'unchanged'
  | 'unknown-account'
  | 'unknown-role'
  | 'last-administrator'
  | 'conflict';

const PAGE = 1000;

/** Gives `id` these roles, unless nobody would be administrator then. */
export function changeRoles(
  stores: Pick<Stores, 'accounts' | 'transaction'>,
  administrator: string,
  id: string,
  roles: readonly string[],
  told: PrivilegesChanged,
): Promise<RoleChange> {
  return stores.transaction(async (): Promise<RoleChange> => {
    const account = await stores.accounts.byId(id);
    if (account === null) return 'unknown-account';
    if (account.roles.length === roles.length && roles.every((role) => account.roles.includes(role)))
      return 'unchanged';
    const resigns = account.roles.includes(administrator) && !roles.includes(administrator);
    if (resigns && !(await hasOther(stores.accounts, administrator, id))) return 'last-administrator';
    if (!(await stores.accounts.update(id, account.version, { roles }))) return 'conflict';
    await told(id, roles);
    return 'changed';
  });
}

/** Whether somebody else holds the role and can sign in. Walks the accounts, which only an administrator's leaving pays for. */
export async function hasOther(accounts: AccountStore, role: string, id: string): Promise<boolean> {
  let after: string | undefined;
  for (;;) {
    const page = await accounts.list(after === undefined ? { limit: PAGE } : { after, limit: PAGE });
    if (page.some((one) => one.id !== id && !one.disabled && one.passwordHash !== '' && one.roles.includes(role)))
      return true;
    if (page.length < PAGE) return false;
    after = page.at(-1)!.login;
  }
}
