/**
 * A kernel from a policy: the environment is read here, once, and nowhere below.
 * @module
 */
import { url as inspectorUrl } from 'node:inspector';
import { Secret } from '../config/index.ts';
import { createKeyRing, secretFaults, systemRandom } from '../crypto/index.ts';
import {
  checkFacts,
  compileFacts,
  eventLog,
  FACTS_DEFAULTS,
  Kernel,
  nearest,
  requestIds,
  systemClock,
  unknownKeys,
} from '../kernel/index.ts';
import type { AnyProtection, Clock, ConfigFault, EventSink, Profile, Random, Setting } from '../kernel/index.ts';
import { memoryStores } from '../store/index.ts';
import type { Stores } from '../store/index.ts';
import { declareRoute } from './declare.ts';
import type { Policy } from './policy.ts';
import { PROTECTIONS } from './protections.ts';

/** What a test or a command puts in place of the real thing. */
export interface Replacements {
  readonly profile?: Profile;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly stores?: Stores;
  readonly events?: readonly EventSink[];
  readonly secret?: string;
  /** Protections whose steps are left out: how a twin is made. In the test profile only. */
  readonly omit?: ReadonlySet<string>;
}

const PROFILES: readonly Profile[] = ['production', 'development', 'test'];
const OWN_OPTIONS = ['profile', 'secret', 'facts', 'routes', 'identity', 'protections', 'events'];

/** Builds the kernel. Faults are kept until `kernel.start()`, which reports all of them together. */
export function createKernel(policy: Policy, replacements: Replacements = {}): Kernel {
  return assemble(policy, PROTECTIONS, replacements);
}

/** The same with another list of protections; `only()` uses it. */
export function assemble(policy: Policy, protections: readonly AnyProtection[], given: Replacements): Kernel {
  const faults: ConfigFault[] = [];
  const profile = given.profile ?? readProfile(policy, faults);
  const random = given.random ?? systemRandom();
  const clock = given.clock ?? systemClock;
  const secrets = readSecrets(policy, given, profile, random, faults);
  const more = policy.protections ?? [];
  const facts = { ...FACTS_DEFAULTS, ...policy.facts };
  const names = [...protections, ...more.map(({ protection }) => protection)].map(({ name }) => name);
  faults.push(...unknownKeys(policy, [...OWN_OPTIONS, ...names], ''), ...twice(names));
  faults.push(...checkFacts(facts, 'facts'), ...routeFaults(policy));
  const weakSecrets = secretFaults(secrets, 'secret');
  const texts = secrets.filter((secret) => typeof secret === 'string');
  const newId = requestIds(random);
  return new Kernel({
    profile,
    clock,
    random,
    // What is no text is a fault that `start` reports; until then some key must stand in its place.
    keys: createKeyRing(texts.length === 0 ? [random.token(32)] : texts),
    stores: given.stores ?? memoryStores(),
    sinks: given.events ?? policy.events ?? [eventLog().sink],
    // With faults no facts are compiled from them; nothing is answered either.
    readFacts: compileFacts(faults.length === 0 ? facts : FACTS_DEFAULTS, { clock, newId }),
    newId,
    protections: [
      ...protections.map((protection) => ({ protection, setting: settingOf(policy, protection.name) })),
      // What stands under its name wins over what it was configured with.
      ...more.map(({ protection, setting }) => ({
        protection,
        setting: settingOf(policy, protection.name) ?? setting,
      })),
    ],
    view: {
      trustedProxies: facts.trustedProxies,
      debug: inspectorUrl() !== undefined,
      maxHead: facts.maxTarget + facts.maxHeaderBytes,
      secretFaults: weakSecrets,
      resolvers: policy.identity ?? [],
    },
    facts: { options: facts, given: policy.facts ?? {} },
    declare: (found) => declareRoute(policy, found),
    expected: Object.keys(policy.routes ?? {}),
    faults,
    ...(given.omit === undefined ? undefined : { omit: given.omit }),
  });
}

/** Two protections of one name would share one setting, and the later would take the other's place without a word. */
function twice(names: readonly string[]): ConfigFault[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
    option: `protections: ${name}`,
    wrong: 'is there already under that name',
    write: `give yours another name, or set the one there is: ${name}: { … }`,
  }));
}

function settingOf(policy: Policy, name: string): Setting<object> | undefined {
  // A protection's option stands under its name; `unknownKeys` has refused all others.
  return (policy as Readonly<Record<string, Setting<object> | undefined>>)[name];
}

function readProfile(policy: Policy, faults: ConfigFault[]): Profile {
  const given: string = policy.profile ?? process.env['DEWAR_PROFILE'] ?? 'production';
  const profile = PROFILES.find((name) => name === given);
  if (profile !== undefined) return profile;
  const near = nearest(given, PROFILES);
  const option = policy.profile === undefined ? 'DEWAR_PROFILE' : 'profile';
  const fault = { option, wrong: `"${given}" is no profile`, write: `write one of ${PROFILES.join(', ')}` };
  faults.push(near === undefined ? fault : { ...fault, nearest: near });
  return 'production';
}

function readSecrets(
  policy: Policy,
  given: Replacements,
  profile: Profile,
  random: Random,
  faults: ConfigFault[],
): string[] {
  const secret = given.secret ?? policy.secret ?? process.env['DEWAR_SECRET'];
  const list = secret === undefined || secret === '' ? [] : Array.isArray(secret) ? secret : [secret];
  // What is neither is left as it is, and reported as no text.
  if (list.length > 0) return list.map((one: string | Secret) => (one instanceof Secret ? one.reveal() : one));
  // Sessions then end with the process, which development can bear.
  if (profile === 'development') return [random.token(32)];
  const write = `set DEWAR_SECRET to 32 random bytes: node -p "crypto.randomBytes(32).toString('base64url')"`;
  faults.push({ option: 'secret', wrong: 'is missing', write });
  return [];
}

/** Their settings are checked with the routes they are for; a key that names none is reported by `start`. */
function routeFaults(policy: Policy): ConfigFault[] {
  return Object.keys(policy.routes ?? {})
    .filter((key) => !/^[A-Z]+ \/\S*$/.test(key))
    .map((key) => ({ option: `routes["${key}"]`, wrong: 'names no route', write: `write "GET /assets/*"` }));
}
