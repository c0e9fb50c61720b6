/**
 * What Desk reads from its environment. Reading finds faults but throws none: whoever starts Desk reports them together.
 * @module
 */
import { join } from 'node:path';
import { ConfigError } from '@dewar/core';
import { integer, list, readConfig as read, secret, text } from '@dewar/core/config';
import type { Secret } from '@dewar/core/config';
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
  /** What all keys are made from. @default in development one that is kept in the data folder */
  readonly secret?: Secret | null;
  /** What was read, for `dewar config`: each variable with where it came from, or why it was refused. */
  readonly settings?: object;
  /** What stands in the way of starting. */
  readonly faults: readonly ConfigFault[];
  /** For tests. @default the system's */
  readonly clock?: Clock;
}

type Environment = Readonly<Record<string, string | undefined>>;

const SHAPE = {
  hosts: list('DESK_HOST', { about: 'any Host header would be believed', development: [] }),
  proxies: list('DESK_PROXIES', { about: 'nobody could say that a request came over https', development: [] }),
  secret: secret('DEWAR_SECRET', { about: 'all keys are made from it', development: null }),
  port: integer('PORT', { default: 3000, min: 0, max: 65_535 }),
  listen: text('DESK_LISTEN', { default: '127.0.0.1' }),
  data: text('DESK_DATA', { default: '.data' }),
};

/** What a configuration with faults is filled with. Nothing is opened or listened to by it. */
const NOTHING = { hosts: [], proxies: [], secret: null, port: 0, listen: '127.0.0.1', data: ':memory:' };

/** Reads the environment, and says of everything that is missing or wrong what to write. */
export function readConfig(env: Environment): DeskConfig {
  const faults: ConfigFault[] = [];
  const profile = profileOf(env['DEWAR_PROFILE'], faults);
  try {
    const found = read(SHAPE, { env, profile, prefix: 'DESK_' });
    const listen = profile === 'development' ? '127.0.0.1' : found.listen;
    return { ...found, listen, profile, faults, settings: found };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ...NOTHING, profile, faults: [...faults, ...error.faults], settings: error };
  }
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
  const fault = { option: 'DEWAR_PROFILE', wrong: 'is no profile', write: `write one of ${PROFILES.join(', ')}` };
  faults.push(nearest === undefined ? fault : { ...fault, nearest });
  return 'production';
}
