#!/usr/bin/env node
/**
 * The `dewar` command, in plain JavaScript that a Node of 20 can read: finds a Node of at least 24 and runs there.
 * @module
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LEAST = 24;
const SOURCE = '@dewar/source';

const here = dirname(fileURLToPath(import.meta.url));
// Packages are published without their sources, so these are there in the workspace alone and never older than dist.
const source = join(here, '..', 'src', 'cli', 'main.ts');
const fromSource = existsSync(source);
const main = fromSource ? source : join(here, '..', 'dist', 'cli', 'main.js');
const node = major(process.versions.node) >= LEAST ? process.execPath : findNode();

if (!existsSync(main)) {
  fail(`${main} is missing; install the package "dewar" again`);
} else if (node === undefined) {
  fail(
    `needs Node ${LEAST} or later, and this is ${process.versions.node}; ` +
      `install one, or let npm bring it into the project: npm install --save-dev node@${LEAST}`,
  );
} else if (node === process.execPath && (!fromSource || givenFlags().includes(SOURCE))) {
  await (fromSource ? import('../src/cli/main.ts') : import('../dist/cli/main.js'));
} else {
  rerun(node);
}

/** A Node that npm brought, in the nearest folder of packages that holds this one. The working folder has no say. */
function findNode() {
  const [system, file] = process.platform === 'win32' ? ['win', 'node.exe'] : [process.platform, 'node'];
  const names = [join(`node-${system}-${process.arch}`, 'bin', file), join('.bin', file)];
  for (let folder = here; ; folder = dirname(folder)) {
    for (const name of names) {
      const found = join(folder, 'node_modules', name);
      if (existsSync(found) && isNewEnough(found)) return found;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function isNewEnough(found) {
  const { stdout } = spawnSync(found, ['--version'], { encoding: 'utf8' });
  return major(String(stdout).replace('v', '')) >= LEAST;
}

function major(version) {
  return Number.parseInt(version, 10) || 0;
}

function givenFlags() {
  return [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
}

function rerun(command) {
  const flags = fromSource ? [`--conditions=${SOURCE}`] : [];
  const child = spawn(command, [...process.execArgv, ...flags, main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child as well, so that passing it on would deliver it twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => fail(`${command} does not run: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(message) {
  console.error(`dewar: ${message}`);
  process.exitCode = 1;
}
