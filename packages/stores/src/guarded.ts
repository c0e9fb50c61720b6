/**
 * Owners share the connection for their own tables. A statement of theirs that ran while somebody else's transaction
 * is open would fall into it, and be lost with its rollback: it throws instead, and names the way that waits.
 * @module
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { noteWrite, StoreError, type TransactionLock } from '@dewar/core/store';
import { onlyReads } from './statement.ts';

/** Puts the guard on a connection. What was prepared before is not guarded: the stores take their turn themselves. */
export function guard(database: DatabaseSync, lock: TransactionLock): void {
  const exec = database.exec.bind(database);
  const prepare = database.prepare.bind(database);
  database.exec = (sql) => {
    turn(lock);
    if (!onlyReads(sql)) noteWrite('sql', 'exec');
    exec(sql);
  };
  // Its statements are made out of our sight.
  database.createTagStore = () => {
    throw new StoreError('store/busy', 'a tag store would pass by open transactions; prepare statements instead');
  };
  database.prepare = (...input) => guarded(prepare(...input), lock, !onlyReads(input[0]));
}

function guarded(statement: StatementSync, lock: TransactionLock, writes: boolean): StatementSync {
  for (const name of ['get', 'all', 'run', 'iterate'] as const) {
    const method = statement[name].bind(statement) as (...input: readonly unknown[]) => never;
    statement[name] = (...input: readonly unknown[]): never => {
      turn(lock);
      if (writes) noteWrite('sql', name);
      return method(...input);
    };
  }
  return statement;
}

function turn(lock: TransactionLock): void {
  if (lock.blocked())
    throw new StoreError(
      'store/busy',
      'a transaction of somebody else is open on this connection; write stores.use((database) => …), which waits for it',
    );
}
