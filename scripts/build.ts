/**
 * Emits every public package into its `dist`, dependencies first: a build resolves other packages as an importer of
 * the published ones does, by their declarations.
 * @module
 */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { publicPackages } from './packages.ts';
import { run } from './process.ts';

/** Builds all packages; answers with the compiler's complaints, or nothing when all went well. */
export async function build(): Promise<string> {
  for (const { name, folder } of publicPackages()) {
    const dist = join(folder, 'dist');
    await rm(dist, { recursive: true, force: true });
    const { code, output } = await run('tsc', ['--project', join(folder, 'tsconfig.build.json')]);
    if (code !== 0) return `${name}\n${output}`;
    await cp(join(folder, 'src'), dist, { recursive: true, filter: (path) => !/\.(ts|md)$/.test(path) });
  }
  return '';
}

if (import.meta.main) {
  const complaints = await build();
  if (complaints !== '') {
    console.error(complaints);
    process.exitCode = 1;
  }
}
