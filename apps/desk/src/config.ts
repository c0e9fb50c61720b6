/**
 * What Desk reads from its environment. Reading finds faults but throws none: whoever starts Desk reports them together.
 * @module
 */
import { join } from 'node:path';
import type { Clock, ConfigFault, Profile } from '@dewar/core';

export interface DeskConfig {
  readonly profile: Profile;
  readonly port: number;
  /** Address to listen on. In development always loopback. */
  readonly listen: string;
  /** Folder of the database; `:memory:` keeps everything in memory. */
  readonly data: string;
  /** Host names that Desk answers to. */
  readonly hosts: readonly string[];
  /** Networks of the proxies in front, which say who the client is and that it came over https. */
  readonly proxies: readonly string[];
  /** What stands in the way of starting. */
  readonly faults: readonly ConfigFault[];
  /** For tests. @default the system's */
  readonly clock?: Clock;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment, and says of everything that is missing or wrong what to write. */
export function readConfig(env: Environment): DeskConfig {
  const faults: ConfigFault[] = [];
  const profile = profileOf(env['DEWAR_PROFILE'], faults);
  const development = profile === 'development';
  const listed = (name: string): string[] =>
    (env[name] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  const required = (name: string, why: string, write: string): void => {
    if (!development && (env[name] ?? '').trim() === '')
      faults.push({ option: name, wrong: `is missing: ${why}`, write });
  };
  required('DESK_HOST', 'any Host header would be believed', 'set it to your host name: DESK_HOST=desk.example');
  required(
    'DESK_PROXIES',
    'nobody could say that a request came over https',
    'set it to the network of your proxy: DESK_PROXIES=127.0.0.1/32',
  );
  required('DEWAR_SECRET', 'all keys are made from it', `set it to 32 random bytes: openssl rand -base64 32`);
  return {
    profile,
    port: portOf(env['PORT'], faults),
    listen: development ? '127.0.0.1' : (env['DESK_LISTEN'] ?? '127.0.0.1'),
    data: env['DESK_DATA'] || '.data',
    hosts: listed('DESK_HOST'),
    proxies: listed('DESK_PROXIES'),
    faults,
  };
}

/** The database of a configuration. */
export function databaseOf({ data }: Pick<DeskConfig, 'data'>): string {
  return data === ':memory:' ? data : join(data, 'desk.db');
}

const PROFILES: readonly Profile[] = ['production', 'development', 'test'];

/** A name that nobody knows is a fault, and production until it is mended. */
function profileOf(given: string | undefined, faults: ConfigFault[]): Profile {
  if (given === undefined) return 'production';
  const known = PROFILES.find((name) => name === given);
  if (known !== undefined) return known;
  // No two of them begin alike, which tells what `prod` or `developement` was meant to be.
  const nearest = PROFILES.find((name) => name[0] === given[0]?.toLowerCase());
  const fault = {
    option: 'DEWAR_PROFILE',
    wrong: `"${given}" is no profile`,
    write: `write one of ${PROFILES.join(', ')}`,
  };
  faults.push(nearest === undefined ? fault : { ...fault, nearest });
  return 'production';
}

function portOf(given: string | undefined, faults: ConfigFault[]): number {
  if (given === undefined || given === '') return 3000;
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given);
  faults.push({
    option: 'PORT',
    wrong: `"${given}" is no port`,
    write: 'write a number from 0 to 65535, or leave it out for 3000',
  });
  return 0;
}
