/**
 * Where Dewar keeps its state: SQLite, and the memory stores of the core.
 * @module
 */
export {
  memoryStores,
  memoryStoresDefaults,
  type MemoryStoresOptions,
  StoreError,
  type StoreErrorCode,
  type Stores,
} from '@dewar/core/store';
export type { Migration } from './migrations.ts';
export { type SqliteStores, sqliteStores, sqliteStoresDefaults, type SqliteStoresOptions } from './sqlite.ts';
