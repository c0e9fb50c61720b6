/**
 * Finds out who is asking: by exactly one credential, at most once, and only when somebody wants to know.
 * @module
 */
import type { Context, Credentials } from './context.ts';
import { ANONYMOUS } from './identity.ts';
import type { Identity, IdentityResolver } from './identity.ts';
import type { Report } from './report.ts';
import { isPromise } from './verdict.ts';
import type { Denial, MaybePromise } from './verdict.ts';

/** Two credentials on one request: which one counts would depend on who reads it first. */
export const AMBIGUOUS_CREDENTIALS: Denial = Object.freeze({
  code: 'identity/ambiguous',
  status: 400,
  by: 'identity',
  option: 'credential',
  input: 'credential',
});

export interface Identifier {
  /** Fills `c.identity`; answers the denial of a credential that must be refused. */
  identify(c: Context): MaybePromise<Denial | null>;
  /** Which credentials stand on the request, before any is verified. */
  credentials(c: Context): Credentials;
}

/** An identifier over all ways to tell who asks. */
export function identifier(resolvers: readonly IdentityResolver[], report: Report): Identifier {
  function settle(c: Context, resolver: IdentityResolver, result: Identity | Denial | null): Denial | null {
    c.identifying = undefined;
    if (result !== null && 'code' in result) {
      report.identityFailed(c, resolver.kind, result.code);
      return result;
    }
    if (result === null) report.identityFailed(c, resolver.kind, 'unknown or expired');
    c.identity = result ?? ANONYMOUS;
    return null;
  }

  function choose(c: Context): IdentityResolver | Denial | null {
    const preferred = c.route.info.credential;
    let found: IdentityResolver | null = null;
    let several = false;
    for (const resolver of resolvers) {
      if (!resolver.present(c.facts)) continue;
      if (resolver.kind === preferred) return resolver;
      several = found !== null;
      found = resolver;
    }
    return several ? AMBIGUOUS_CREDENTIALS : found;
  }

  return {
    identify(c) {
      if (c.identity !== undefined) return null;
      if (c.identifying !== undefined) return c.identifying;
      const chosen = choose(c);
      if (chosen === null) {
        c.identity = ANONYMOUS;
        return null;
      }
      if ('code' in chosen) return chosen;
      const result = chosen.resolve(c);
      if (!isPromise(result)) return settle(c, chosen, result);
      return (c.identifying = result.then((identity) => settle(c, chosen, identity)));
    },
    credentials(c) {
      if (c.credentials !== undefined) return c.credentials;
      let ambient = false;
      let explicit = false;
      for (const resolver of resolvers) {
        if (!resolver.present(c.facts)) continue;
        if (resolver.ambient) ambient = true;
        else explicit = true;
      }
      return (c.credentials = COUNTS[(ambient ? 2 : 0) + (explicit ? 1 : 0)]!);
    },
  };
}

const COUNTS: readonly Credentials[] = [
  { ambient: false, explicit: false },
  { ambient: false, explicit: true },
  { ambient: true, explicit: false },
  { ambient: true, explicit: true },
].map((row) => Object.freeze(row));
