/**
 * What Desk's pages work with: its stores, accounts and tickets.
 * @module
 */
import { createAccounts } from '@dewar/accounts';
import type { Accounts } from '@dewar/accounts';
import { sqliteStores } from 'dewar';
import type { SqliteStores } from 'dewar';
import type { Assets } from './assets.ts';
import { databaseOf } from './config.ts';
import type { DeskConfig } from './config.ts';
import { openTickets } from './tickets.ts';
import type { Tickets } from './tickets.ts';

export interface Services {
  readonly stores: SqliteStores;
  readonly accounts: Accounts;
  readonly tickets: Tickets;
}

/** The same with what a page's head loads. */
export interface Site extends Services {
  readonly assets: Assets;
}

/** Every role, with what an administrator is told about it. */
export const ROLES: Readonly<Record<'customer' | 'agent' | 'administrator', string>> = Object.freeze({
  customer: 'opens tickets, sees their own',
  agent: 'answers every ticket, writes internal notes',
  administrator: 'all of that, and gives roles',
});

/** Opens the database, makes or updates its tables. */
export function openServices(config: DeskConfig): Services {
  const stores = sqliteStores({ file: databaseOf(config) });
  const accounts = createAccounts({
    stores,
    roles: Object.keys(ROLES),
    newcomer: ['customer'],
    administrator: 'administrator',
    ...(config.clock === undefined ? undefined : { clock: config.clock }),
  });
  return { stores, accounts, tickets: openTickets(stores) };
}
