/**
 * The bootstrap's first half: makes node_modules what package-lock.json says. Plain JavaScript for Node 20 or later,
 * node: only, because it runs before anything is installed.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs when the tree differs from the lock file; true when the tree is right afterwards. */
export function ensureInstalled(root) {
  const stale = difference(root);
  if (stale === undefined) return true;
  console.log(`dewar: ${stale}, running npm ci`);
  // Inside an npm script npm names itself, which spares a search of PATH and npm.cmd on Windows.
  const [command, ...args] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const { status } = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  return status === 0 && difference(root) === undefined;
}

/** The pinned Node of this workspace, or this one where no build is pinned for the machine and it is new enough. */
export function pinnedNode(root) {
  const [system, file] = process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  const pinned = join(root, 'node_modules', `node-${system}-${process.arch}`, 'bin', file);
  if (existsSync(pinned)) return pinned;
  return Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
}

/**
 * What differs, in words; nothing when the tree is right. npm writes node_modules/.package-lock.json at the very end
 * of an install, so an interrupted one never passes, and `npm install` needs no stamp of ours.
 */
export function difference(root) {
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'nothing is installed yet';
  const locked = packagesIn(join(root, 'package-lock.json')) ?? {};
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    // Builds for other machines are optional and stay away.
    if (
      found === undefined ? !entry.optional : found.integrity !== entry.integrity || found.version !== entry.version
    ) {
      return `${path} is not as package-lock.json says`;
    }
  }
  const extra = Object.keys(installed).find((path) => locked[path] === undefined);
  return extra === undefined ? undefined : `${extra} is not in package-lock.json`;
}

function packagesIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}
