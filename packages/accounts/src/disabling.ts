/**
 * Disabling and enabling an account as one transaction: its sessions end with it, or nothing happened.
 * @module
 */
import type { MaybePromise, Stores } from '@dewar/core';
import { hasOther } from './roles.ts';

/** Ends an account's sessions, inside the same transaction: `(id) => sessions.revokeAll(id, 'disabled')`. */
export type AccountDisabled = (account: string) => MaybePromise<unknown>;

/** What came of enabling an account. */
export type EnableChange = 'changed' | 'unchanged' | 'unknown-account' | 'conflict';

/** What came of disabling an account. */
export type DisableChange = EnableChange | 'last-administrator';

/** Keeps `id` out from now on, unless nobody would be administrator then. */
export function disableAccount(
  stores: Pick<Stores, 'accounts' | 'transaction'>,
  administrator: string,
  id: string,
  told: AccountDisabled,
): Promise<DisableChange> {
  return stores.transaction(async (): Promise<DisableChange> => {
    const account = await stores.accounts.byId(id);
    if (account === null) return 'unknown-account';
    if (account.disabled) {
      // By other means, perhaps, which told nobody.
      await told(id);
      return 'unchanged';
    }
    if (account.roles.includes(administrator) && !(await hasOther(stores.accounts, administrator, id)))
      return 'last-administrator';
    if (!(await stores.accounts.update(id, account.version, { disabled: true }))) return 'conflict';
    await told(id);
    return 'changed';
  });
}

/** Lets `id` in again. It has no sessions to tell. */
export function enableAccount(stores: Pick<Stores, 'accounts' | 'transaction'>, id: string): Promise<EnableChange> {
  return stores.transaction(async (): Promise<EnableChange> => {
    const account = await stores.accounts.byId(id);
    if (account === null) return 'unknown-account';
    if (!account.disabled) return 'unchanged';
    return (await stores.accounts.update(id, account.version, { disabled: false })) ? 'changed' : 'conflict';
  });
}
