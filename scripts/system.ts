/**
 * Programs that npm cannot bring: installed where this is root on a Debian system, named with the command elsewhere.
 * @module
 */
import { existsSync } from 'node:fs';
import { run } from './process.ts';

/** A program or library, and the Debian package that brings it. */
export interface SystemPackage {
  /** A file of it, by which one knows that it is there. */
  readonly file: string;
  readonly name: string;
}

/** The browser of the end-to-end tests. */
export const CHROMIUM: SystemPackage = { file: '/usr/bin/chromium', name: 'chromium' };

/** Makes the certificate of a TLS server for those tests. */
export const OPENSSL: SystemPackage = { file: '/usr/bin/openssl', name: 'openssl' };

const PYTHON_PATH = '/usr/lib/python3/dist-packages';

/** The Python libraries that ours are compared with, each as Debian's own Python finds it. */
export const PYTHON_LIBRARIES: readonly SystemPackage[] = [
  { file: `${PYTHON_PATH}/limits/__init__.py`, name: 'python3-limits' },
  { file: `${PYTHON_PATH}/flask_cors/__init__.py`, name: 'python3-flask-cors' },
  { file: `${PYTHON_PATH}/decouple.py`, name: 'python3-decouple' },
];

/** Makes sure that all packages are there; answers with the command somebody has to run by hand, or nothing. */
export async function ensureSystemPackages(needed: readonly SystemPackage[]): Promise<string | undefined> {
  const names = missing(needed).map(({ name }) => name);
  if (names.length === 0) return undefined;
  const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
  if (debian && process.getuid?.() === 0) {
    console.log(`dewar: installing system packages: ${names.join(' ')}`);
    const quiet = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=120'];
    await run('env', [...quiet, 'update'], { show: true });
    // The whole list of what was unpacked is of interest only when it went wrong.
    const { output } = await run('env', [...quiet, 'install', '--yes', '--no-install-recommends', ...names]);
    if (missing(needed).length === 0) return undefined;
    console.error(output);
  }
  return `sudo apt-get update && sudo apt-get install --yes --no-install-recommends ${names.join(' ')}`;
}

function missing(needed: readonly SystemPackage[]): readonly SystemPackage[] {
  return needed.filter(({ file }) => !existsSync(file));
}
