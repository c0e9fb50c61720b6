/**
 * The packages of the workspace, in an order in which each finds its own dependencies built.
 * @module
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './tree.ts';

/** One workspace package. */
export interface WorkspacePackage {
  readonly name: string;
  /** Absolute folder. */
  readonly folder: string;
  /** Export paths as an importer writes them: `@dewar/core/csrf`. */
  readonly entries: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The packages that are published, dependencies first. */
export function publicPackages(): readonly WorkspacePackage[] {
  const manifests = new Map<string, { manifest: Manifest; folder: string }>();
  for (const file of globSync('packages/*/package.json', { cwd: root }).toSorted()) {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
    if (manifest.private !== true) manifests.set(manifest.name, { manifest, folder: dirname(join(root, file)) });
  }
  const ordered = new Map<string, WorkspacePackage>();
  const visit = (name: string, path: readonly string[]): void => {
    const found = manifests.get(name);
    if (found === undefined || ordered.has(name)) return;
    if (path.includes(name)) throw new Error(`packages depend in a circle: ${[...path, name].join(' > ')}`);
    const { manifest, folder } = found;
    for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      visit(dependency, [...path, name]);
    }
    const entries = Object.keys(manifest.exports ?? {}).map((path) => name + path.slice(1));
    ordered.set(name, { name, folder, entries });
  };
  for (const name of manifests.keys()) visit(name, []);
  return [...ordered.values()];
}
