/**
 * Runs the careless application for a test, and for nothing else: as a child with a channel to its parent, on loopback,
 * in a throw-away folder, without root's rights. It refuses to start in any other way, and ends with its parent.
 * @module
 */
import { chownSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { seedDemo } from '../demo.ts';
import { openServices } from '../services.ts';
import { leakyApp } from './app.ts';

/** The user that owns nothing. */
const NOBODY = 65_534;

const folder = throwAwayFolder(process.argv[2]);
becomeNobody(folder);

/** A clock that the test moves: what never expires must be seen not to. */
let offset = 0;
const now = (): number => Date.now() + offset;

const services = openServices({
  profile: 'test',
  port: 0,
  listen: '127.0.0.1',
  data: folder,
  hosts: [],
  proxies: [],
  faults: [],
  clock: { now },
});
await seedDemo(services, now(), (login) => `password of ${login}`);
const app = leakyApp(services, now);
process.on('message', (message: { readonly advance: number }) => {
  offset += message.advance;
  process.send?.({ now: now() });
});
process.on('disconnect', () => process.exit());
process.send?.({ url: await app.listen({ port: 0, host: '127.0.0.1' }), uid: process.getuid?.() });

function throwAwayFolder(given: string | undefined): string {
  if (process.send === undefined || process.env['DESK_LEAKY'] !== 'in-a-test')
    throw new Error('the leaky application runs only as a child of its test');
  if (given === undefined) throw new Error('the leaky application needs a throw-away folder');
  const real = realpathSync(given);
  const made = basename(real).startsWith('dewar-leaky-') && dirname(real) === realpathSync(tmpdir());
  if (!made || !lstatSync(given).isDirectory() || readdirSync(real).length > 0)
    throw new Error(`"${given}" is no empty throw-away folder`);
  return real;
}

function becomeNobody(own: string): void {
  if (process.getuid?.() !== 0) return;
  chownSync(own, NOBODY, NOBODY);
  process.setgroups!([]);
  process.setgid!(NOBODY);
  process.setuid!(NOBODY);
  if (process.getuid() === 0) throw new Error('the leaky application does not run as root');
}
