/**
 * The contract on every store of this package, and on wrappers that answer late.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { memoryStores } from '@dewar/core/store';
import { late, storeContract } from './contract/index.ts';
import { sqliteStores } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'dewar-stores-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const fresh = (): string => join(folder, `${++files}.db`);

storeContract('memory', () => memoryStores());
storeContract('sqlite in memory', () => sqliteStores({ file: ':memory:' }));
storeContract('sqlite in a file', () => sqliteStores({ file: fresh() }));
storeContract('memory that answers late', () => late(memoryStores()));
storeContract('sqlite that answers late', () => late(sqliteStores({ file: ':memory:' })));
