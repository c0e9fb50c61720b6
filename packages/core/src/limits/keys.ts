/**
 * Whom a limit counts: the client's network, the account, the route, a field of the body, or what a function says.
 * A key that is missing is the client's network, so that leaving something out never means no limit.
 * @module
 */
import { sha256 } from '../crypto/index.ts';
import type { Context } from '../kernel/index.ts';

/** When a key is known: by the head, once it is known who asks, or once the body was read. */
export type KeyPlace = 'address' | 'identity' | 'body';

/** One way to tell whom a limit counts. */
export interface By {
  /** What it is told by, in reports and in names of limits. */
  readonly name: string;
  readonly place: KeyPlace;
  /** The key; `undefined` or the empty string where there is none. */
  key(c: Context): string | undefined;
}

/** Longer keys are hashed twice, so that a large body makes no work. */
const LONGEST = 256;

/** By the client's network: an IPv4 address, or an IPv6 /64. */
export function address(): By {
  return ADDRESS;
}

export const ADDRESS: By = Object.freeze({
  name: 'address',
  place: 'address',
  key: (c: Context) => c.facts.client.group,
});

/** By who asks: the account, or the token. Asking touches the session, so the response is nobody else's. */
export function account(): By {
  return ACCOUNT;
}

const ACCOUNT: By = Object.freeze({
  name: 'account',
  place: 'identity',
  key({ identity }: Context) {
    if (identity === undefined || identity.kind === 'anonymous') return undefined;
    return identity.kind === 'account' ? `account ${identity.id}` : `token ${identity.id}`;
  },
});

/** By the route's pattern and method; HEAD counts as its GET. */
export function route(): By {
  return ROUTE;
}

const ROUTE: By = Object.freeze({
  name: 'route',
  place: 'address',
  key: ({ route: { info } }: Context) => `${info.method === 'HEAD' ? 'GET' : info.method} ${info.path}`,
});

/** By the method; HEAD counts as GET. */
export function method(): By {
  return METHOD;
}

const METHOD: By = Object.freeze({
  name: 'method',
  place: 'address',
  key: ({ facts }: Context) => (facts.method === 'HEAD' ? 'GET' : facts.method),
});

/**
 * By a field of the body, in one spelling: `Ann@Example.org` is `ann@example.org`. What is neither text nor number
 * counts as missing. On routes without a body (GET, HEAD) such a limit does not apply.
 */
export function field(name: string): By {
  return Object.freeze({
    name: `field-${name}`,
    place: 'body',
    key({ body }: Context) {
      if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined;
      const value = (body as Readonly<Record<string, unknown>>)[name];
      if (typeof value === 'number') return String(value);
      return typeof value === 'string' ? oneSpelling(value) : undefined;
    },
  });
}

/** Compatibility forms, letter case and spaces around it make no other key. As logins are normalised, so that no two spellings of one count apart. */
function oneSpelling(text: string): string {
  const short = text.length > LONGEST * 4 ? sha256(text) : text;
  return short.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** By what a function answers, at once. `place` says when it can: by the head unless told. One that throws refuses. */
export function of(name: string, key: (c: Context) => string | undefined, place: KeyPlace = 'address'): By {
  return Object.freeze({ name, place, key });
}

const PLACES: readonly KeyPlace[] = ['address', 'identity', 'body'];

/** By all of them together: each pair of account and address, for example. */
export function each(...parts: readonly By[]): By {
  return Object.freeze({
    name: parts.map(({ name }) => name).join('+'),
    place: PLACES.findLast((place) => parts.some((part) => part.place === place)) ?? 'address',
    key(c: Context) {
      let text = '';
      // Each with its length: no two lists of parts make one text.
      for (const part of parts) text += withLength(part.key(c), c);
      return text;
    },
  });
}

/** The key as it is hashed; the client's network, marked as such, where there is none. */
export function keyOf(by: By, c: Context): string {
  const key = by.key(c);
  if (isMissing(key)) return `!${c.facts.client.group}`;
  return key.length > LONGEST ? `#${sha256(key)}` : `=${key}`;
}

/** Anything but a text: a promise of an async function, for example, would be one and the same key for everybody. */
function isMissing(key: string | undefined): key is undefined {
  return typeof key !== 'string' || key === '';
}

function withLength(key: string | undefined, c: Context): string {
  if (isMissing(key)) return `!${c.facts.client.group};`;
  return `${key.length}:${key};`;
}
