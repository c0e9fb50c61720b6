/**
 * Runs inside the scratch project of `packed.test.ts`, on the published packages alone: no source, no condition.
 * Prints one JSON object.
 * @module
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import entries from './entries.json' with { type: 'json' };

const exported = {};
for (const entry of entries) {
  const file = realpathSync(fileURLToPath(import.meta.resolve(entry)));
  exported[entry] = { file, names: Object.keys(await import(entry)) };
}

process.stdout.write(`${JSON.stringify({ exported })}\n`);
