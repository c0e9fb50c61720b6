/**
 * Names that nobody reads. One that looks like a name somebody does read was mistyped, and what holds instead is not
 * what was meant.
 * @module
 */
import { nearest } from '../kernel/index.ts';
import type { ConfigFault } from '../kernel/index.ts';
import type { Named, Sources } from './sources.ts';

export interface Stray {
  /** Names in files that nothing reads. */
  readonly unused: readonly Named[];
  readonly faults: readonly ConfigFault[];
  readonly warnings: readonly ConfigFault[];
}

/** Variables of the toolkit itself, whatever the application's prefix is. */
const TOOLKIT: readonly string[] = ['DEWAR_PROFILE', 'DEWAR_SECRET', 'DEWAR_CONTROL'];
const WRITE = 'mend its name, or take it away';

/** Looks through files, and through the environment by the application's prefix. */
export function strayNames(
  names: readonly string[],
  /** Those of them that stand nowhere. */
  missing: readonly string[],
  sources: Pick<Sources, 'named'>,
  env: Readonly<Record<string, string | undefined>>,
  prefix: string,
): Stray {
  const known = new Set([...names, ...names.map((name) => `${name}_FILE`), ...TOOLKIT]);
  const inFiles = sources.named.filter(({ name }) => !known.has(name));
  const inEnvironment =
    prefix === '' ? [] : Object.keys(env).filter((name) => name.startsWith(prefix) && !known.has(name));
  const strays = [...inEnvironment.map((name) => ({ name, origin: 'environment' })), ...inFiles];
  const faults: ConfigFault[] = [];
  const warnings: ConfigFault[] = [];
  for (const { name, origin } of strays) {
    const option = origin === 'environment' ? name : `${name} (${origin})`;
    const near = nearest(name, names);
    // A name that is given by itself was not meant by another.
    if (near !== undefined && missing.includes(near))
      faults.push({ option, wrong: 'is read by nothing', write: WRITE, nearest: near });
    else if (origin === 'environment') warnings.push({ option, wrong: 'is read by nothing', write: WRITE });
  }
  return { unused: inFiles, faults, warnings };
}
