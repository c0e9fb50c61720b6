/**
 * Packs what is published, exactly as `npm publish` would.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { publicPackages } from './packages.ts';
import type { WorkspacePackage } from './packages.ts';
import { run } from './process.ts';
import type { Ended, RunOptions } from './process.ts';

/** A package and the file it was packed into. */
export interface PackedPackage extends WorkspacePackage {
  readonly tarball: string;
}

/** Builds and packs every public package into the folder. */
export async function pack(into: string): Promise<readonly PackedPackage[]> {
  const complaints = await build();
  if (complaints !== '') throw new Error(`the build failed: ${complaints}`);
  const packages = publicPackages();
  const chosen = packages.flatMap(({ name }) => ['--workspace', name]);
  const { code, output } = await npm(['pack', '--pack-destination', into, ...chosen]);
  if (code !== 0) throw new Error(`npm pack failed: ${output}`);
  return packages.map((one) => ({ ...one, tarball: join(into, tarballName(one)) }));
}

/** Runs npm: the one that runs us, or the one of PATH. */
export function npm(args: readonly string[], options?: RunOptions): Promise<Ended> {
  const own = process.env['npm_execpath'];
  return own === undefined ? run('npm', args, options) : run(process.execPath, [own, ...args], options);
}

function tarballName({ name, folder }: WorkspacePackage): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}
