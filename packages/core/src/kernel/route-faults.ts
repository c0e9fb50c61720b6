/**
 * What can be wrong with routes, whatever protections there are.
 * @module
 */
import { nearest } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import type { IdentityResolver } from './identity.ts';
import type { RouteInfo } from './route.ts';
import { isOff } from './settings.ts';
import { INPUTS, isStandardSchema } from './standard-schema.ts';

/** A preference for a credential that nobody resolves. */
export function credentialFaults(info: RouteInfo, resolvers: readonly IdentityResolver[]): ConfigFault[] {
  const { credential } = info;
  const kinds = resolvers.map(({ kind }) => kind);
  if (credential === undefined || kinds.includes(credential)) return [];
  const option = `${info.method} ${info.path}: credential`;
  const write = `write one of ${kinds.join(', ') || '(nothing resolves an identity here)'}`;
  return [near({ option, wrong: `"${credential}" is no kind of credential here`, write }, credential, kinds)];
}

const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Schemas that are none, and such as would never run: the handler would get what nobody looked at. */
export function schemaFaults({ method, path, schema, overrides }: RouteInfo): ConfigFault[] {
  if (isOff(overrides['schema'])) return [];
  return INPUTS.filter((name) => schema[name] !== undefined).flatMap((name) => {
    const option = `${method} ${path}: schema.${name}`;
    if (name === 'body' && BODILESS.has(method)) {
      return [
        { option, wrong: `${method} has no body that anybody reads`, write: 'write schema.query, or another method' },
      ];
    }
    if (isStandardSchema(schema[name])) return [];
    const write = 'write one of zod, valibot or another: z.strictObject({ … }); JSON Schema is for responses';
    return [{ option, wrong: 'is no Standard Schema', write }];
  });
}

/** Routes of the policy that nobody declared: a typing error there leaves the real route undeclared. */
export function unmatched(expected: readonly string[], infos: readonly RouteInfo[]): ConfigFault[] {
  const declared = infos.map(({ method, path }) => `${method} ${path}`);
  const write = 'write method and pattern as the framework has them';
  return expected
    .filter((key) => !declared.includes(key))
    .map((key) => near({ option: `routes["${key}"]`, wrong: 'no such route was declared', write }, key, declared));
}

/** An override for a protection that this kernel does not have. */
export function unknownProtection(name: string, at: string, known: readonly string[]): ConfigFault {
  const write = `use one of ${known.join(', ')}`;
  return near({ option: `${at}${name}`, wrong: 'no such protection', write }, name, known);
}

function near(fault: ConfigFault, name: string, candidates: readonly string[]): ConfigFault {
  const found = nearest(name, candidates);
  return found === undefined ? fault : { ...fault, nearest: found };
}

/** Each fault once: a HEAD twin repeats its GET's. */
export function distinct(faults: readonly ConfigFault[]): ConfigFault[] {
  return [...new Map(faults.map((fault) => [`${fault.option}\n${fault.wrong}`, fault])).values()];
}
