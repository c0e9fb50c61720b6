/**
 * The bootstrap behind every npm script. It needs git, npm and any Node from 20 on: it installs what package-lock.json
 * says, then runs the command under the pinned Node, which runs the TypeScript sources as they are.
 * @module
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, pinnedNode } from './install.js';

const COMMANDS = {
  start: {
    file: 'apps/desk/src/serve.ts',
    // The only place that asks for the development profile; everything else starts in production.
    env: { DEWAR_PROFILE: process.env.DEWAR_PROFILE || 'development' },
    help: 'Serves the Desk application.\n\n  PORT       port to listen on, 3000 by default\n  DESK_DATA  folder of the database',
  },
  test: {
    file: 'scripts/test.ts',
    help: 'Runs every suite, or those whose path contains one of the filters: npm test -- csrf fastify',
  },
  check: {
    file: 'scripts/check.ts',
    help: 'Checks the tree, all of it or the named parts: npm run check -- types lint',
  },
  build: { file: 'scripts/build.ts', help: 'Emits JavaScript and declarations of every package into its dist folder.' },
  mutate: { file: 'scripts/mutate.ts', help: 'Removes each protection in turn and names the test that notices.' },
  bench: { file: 'bench/run.ts', help: 'Measures server CPU per request beside the usual plugins.' },
  format: { file: 'scripts/format.ts', help: 'Formats the sources and mends what the linter can mend.' },
};

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;

if (command === undefined) {
  console.error(`dewar: write one of ${Object.keys(COMMANDS).join(', ')} (npm run NAME -- --help tells more)`);
  process.exitCode = 2;
} else if (args.includes('--help') || args.includes('-h')) {
  console.log(command.help);
} else if (!ensureInstalled(root)) {
  console.error('dewar: the install failed, see above');
  process.exitCode = 1;
} else {
  runUnderPinnedNode();
}

function runUnderPinnedNode() {
  const node = pinnedNode(root);
  if (node === undefined) {
    console.error(`dewar: no Node is pinned for ${process.platform} ${process.arch}; run with a Node of at least 24`);
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, ['--conditions=@dewar/source', join(root, command.file), ...args], {
    cwd: root,
    stdio: 'inherit',
    // Tools of node_modules/.bin find their Node by PATH.
    env: { ...process.env, ...command.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH },
  });
  // A terminal sends Ctrl-C to the child as well, so that passing it on would deliver it twice.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  // Ended from outside, npm ends its shell, which dies without a word to us: a new parent tells that nobody waits.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  child.on('exit', (code, signal) => {
    clearInterval(watch);
    if (signal === null) process.exitCode = code;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}
