/**
 * Changes one source file as it is loaded. Preloaded by `scripts/mutate.ts`; nothing on disk is touched.
 * @module
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Mutation } from '../test/mutations.ts';
import { root } from './tree.ts';

const { file, from, to } = JSON.parse(process.env['DEWAR_MUTATION'] ?? '{}') as Mutation;
const target = new URL(file, pathToFileURL(`${root}/`)).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    const source = readFileSync(new URL(url), 'utf8');
    // A mutation that no longer fits its source would prove nothing for ever.
    if (source.split(from).length !== 2) throw new Error(`${file} does not hold exactly once: ${from}`);
    return { ...loaded, source: source.replace(from, () => to) };
  },
});
