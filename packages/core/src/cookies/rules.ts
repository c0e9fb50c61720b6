/**
 * What each cookie of an application must look like: the policy, with the exceptions that are named in it.
 * @module
 */
import type { CookieChoices } from '../kernel/index.ts';
import { isName, isPath, isValue, prefixOf } from './grammar.ts';
import { MAX_AGE, readCookie, writeAttributes, writeCookie } from './line.ts';
import type { Cookie } from './line.ts';
import type { CookieException, CookiesOptions, SameSite } from './policy.ts';

const STRENGTH: Readonly<Record<SameSite, number>> = { None: 0, Lax: 1, Strict: 2 };
const NO_CHOICES: CookieChoices = {};

/** A line that was made sound. */
export interface Sound {
  readonly name: string;
  readonly line: string;
  readonly size: number;
  /** The line asked for something weaker than the policy allows, and was not given it. */
  readonly refused: boolean;
}

export class CookieRules {
  readonly #options: CookiesOptions;
  readonly #exceptions: ReadonlyMap<string, CookieException>;
  /** Attributes of what nearly every cookie is. */
  readonly #ordinary: string;

  constructor(options: CookiesOptions) {
    this.#options = options;
    this.#exceptions = new Map(Object.entries(options.exceptions));
    this.#ordinary = writeAttributes(this.#attributes('', NO_CHOICES));
  }

  get exceptions(): ReadonlyMap<string, CookieException> {
    return this.#exceptions;
  }

  /** The name a cookie has in the browser: as named in an exception, or with the policy's prefix. */
  nameOf(name: string): string {
    return this.#exceptions.has(name) || prefixOf(name).secure ? name : this.#options.prefix + name;
  }

  /** The line of a cookie that a handler or a protection sets; throws where it would be weaker, or would not arrive. */
  line(given: string, value: string, choices: CookieChoices = NO_CHOICES): Omit<Sound, 'refused'> {
    const name = this.nameOf(given);
    if (!isName(given)) throw new TypeError(`the cookie name ${JSON.stringify(given)} is no token (RFC 6265, 4.1.1)`);
    // Quotes are taken off when it comes back: they would not survive.
    if (typeof value !== 'string' || value.startsWith('"') || !isValue(value)) {
      throw new TypeError(`the value of the cookie ${name} has characters that no cookie can carry: encode it`);
    }
    const size = name.length + value.length;
    if (size > this.#options.maxSize) {
      throw new RangeError(`the cookie ${name} has ${size} bytes: browsers drop more than ${this.#options.maxSize}`);
    }
    const ordinary = choices === NO_CHOICES && !this.#exceptions.has(name);
    const tail = ordinary ? this.#ordinary : writeAttributes(this.#attributes(name, choices));
    return { name, line: `${name}=${value}${tail}`, size };
  }

  /** A line that somebody wrote by hand, made as strong as the policy asks; `null` where that cannot be done. */
  harden(written: string): Sound | null {
    const cookie = readCookie(written);
    if (cookie === null) return null;
    const { name } = cookie;
    const size = name.length + cookie.value.length;
    const rules = prefixOf(name);
    if (size > this.#options.maxSize || (rules.host && cookie.path !== '' && cookie.path !== '/')) return null;
    const exception = this.#exceptions.get(name);
    const weakest = exception?.sameSite ?? this.#options.sameSite;
    const tooWeak = cookie.sameSite !== '' && STRENGTH[cookie.sameSite] < STRENGTH[weakest];
    const tooWide = cookie.domain !== '' && cookie.domain !== exception?.domain;
    const sameSite = cookie.sameSite === '' || tooWeak ? weakest : cookie.sameSite;
    const sound: Cookie = {
      ...cookie,
      domain: tooWide ? '' : cookie.domain,
      path: cookie.path === '' ? '/' : cookie.path,
      // Partitioned and None are refused by browsers without Secure.
      secure: cookie.secure || exception?.insecure !== true || sameSite === 'None' || cookie.partitioned,
      httpOnly: cookie.httpOnly || exception?.readable !== true,
      sameSite,
    };
    return { name, line: writeCookie(sound), size, refused: tooWeak || tooWide };
  }

  /** Attributes by policy, exception and choice. A choice may be stronger than both, never weaker. */
  #attributes(name: string, choices: CookieChoices): Omit<Cookie, 'name' | 'value'> {
    const exception = this.#exceptions.get(name);
    const weakest = exception?.sameSite ?? this.#options.sameSite;
    const sameSite = choices.sameSite ?? weakest;
    if (STRENGTH[sameSite] === undefined || STRENGTH[sameSite] < STRENGTH[weakest]) {
      throw weaker(name, `SameSite=${sameSite}`, `sameSite: '${sameSite}'`);
    }
    const readable = choices.readable ?? exception?.readable === true;
    if (readable && exception?.readable !== true) throw weaker(name, 'readable by scripts', 'readable: true');
    const path = choices.path ?? exception?.path ?? '/';
    if (!isPath(path)) throw new TypeError(`the path of the cookie ${name} is none: ${JSON.stringify(path)}`);
    if (path !== '/' && prefixOf(name).host) {
      throw new TypeError(
        `browsers refuse the cookie ${name} with a path: name it in cookies.exceptions without prefix`,
      );
    }
    return {
      domain: exception?.domain ?? '',
      path,
      maxAge: lifetime(name, choices.maxAge),
      expires: '',
      secure: exception?.insecure !== true || sameSite === 'None',
      httpOnly: !readable,
      sameSite,
      partitioned: false,
    };
  }
}

function lifetime(name: string, seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (Number.isSafeInteger(seconds) && seconds >= 0) return Math.min(seconds, MAX_AGE);
  throw new RangeError(`the cookie ${name} is to live ${seconds} seconds: write a whole number, 0 or more`);
}

function weaker(name: string, what: string, write: string): Error {
  return new Error(
    `the cookie ${name} may not be ${what}: write cookies: { exceptions: { '${name}': { ${write}, reason: 'why' } } }`,
  );
}
