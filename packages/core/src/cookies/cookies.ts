/**
 * Cookies that leave are as strong as the policy says, whoever wrote them; a weaker one stands there by name, with a
 * reason.
 * @module
 */
import { protection } from '../kernel/index.ts';
import type { Context, CookieChoices, CookiesPart, Env, Protection, ResponseHead, Step } from '../kernel/index.ts';
import { checkCookies, cookieCombinations, COOKIES_DEFAULTS, weakerCookies } from './policy.ts';
import type { CookiesOptions } from './policy.ts';
import { CookieRules } from './rules.ts';

/** What `cookies` keeps: the part that other protections use, and its guard of the response head. */
export class CookieJar implements CookiesPart {
  readonly #rules: CookieRules;
  readonly #maxTotal: number;
  readonly #emit: Env['emit'];
  /** The same for every route. */
  readonly steps: readonly Step[];

  constructor(options: CookiesOptions, emit: Env['emit']) {
    this.#rules = new CookieRules(options);
    this.#maxTotal = options.maxTotal;
    this.#emit = emit;
    this.steps = Object.freeze([
      { place: 'cookies', finish: (c: Context, head: ResponseHead) => this.#guard(c, head) },
    ]);
  }

  set(c: Context, name: string, value: string, choices?: CookieChoices): void {
    const made = this.#rules.line(name, value, choices);
    let total = made.size;
    for (const line of c.cookies) if (!begins(line, made.name)) total += sizeOf(line);
    if (total > this.#maxTotal) {
      throw new RangeError(
        `with the cookie ${made.name} this response sets ${total} bytes: ${this.#maxTotal} may come back`,
      );
    }
    c.setCookie(made.name, made.line);
  }

  clear(c: Context, name: string, choices?: CookieChoices): void {
    this.set(c, name, '', { ...choices, maxAge: 0 });
  }

  /** What the browser sent. */
  get(c: Context, name: string): string | undefined {
    return c.facts.cookies[this.#rules.nameOf(name)];
  }

  /** Tells every exception, so that none is forgotten. */
  start(): void {
    for (const [name, { reason }] of this.#rules.exceptions) {
      this.#emit('policy.weakened', { option: `cookies.exceptions["${name}"]`, how: 'option', reason });
    }
  }

  #guard(c: Context, head: ResponseHead): void {
    if (head.cookies.length === 0 && !c.setsCookies) return;
    const taken = new Map<string, string>();
    let total = 0;
    // `setCookie` of the context is for ready lines; only this part makes them.
    for (const line of c.cookies) {
      const sound = this.#rules.harden(line);
      if (sound?.line !== line) throw new Error(`the cookie line "${nameIn(line)}" was not made by the cookies part`);
      taken.set(sound.name, '');
      total += sound.size;
    }
    if (head.cookies.length === 0) return;
    const written = head.cookies.splice(0);
    // From the last: of two of one name browsers keep that one, and our own protections' come behind it.
    for (let i = written.length - 1; i >= 0; i--) {
      const sound = this.#rules.harden(written[i]!);
      if (sound === null || taken.get(sound.name) === '') {
        c.kernel.report.conflict(c, `set-cookie: ${nameIn(written[i]!)}`);
        continue;
      }
      if (taken.has(sound.name)) continue;
      total += sound.size;
      if (sound.refused || total > this.#maxTotal) c.kernel.report.conflict(c, `set-cookie: ${sound.name}`);
      if (total > this.#maxTotal) continue;
      taken.set(sound.name, sound.line);
      head.cookies.unshift(sound.line);
    }
  }
}

/** The protection. It vetoes no request, so there is nothing to observe. */
export const cookies: Protection<CookiesOptions, CookieJar> = protection<CookiesOptions, CookieJar>({
  name: 'cookies',
  defaults: COOKIES_DEFAULTS,
  codes: [],
  detectable: false,
  check: checkCookies,
  weaker: weakerCookies,
  setup: (options, { emit }) => new CookieJar(options, emit),
  start: (jar) => jar.start(),
  compile: ({ state }) => state.steps,
  combinations: cookieCombinations,
});

/** Sets a cookie with the policy's attributes, under the policy's prefix. Throws for one that would not arrive. */
export function setCookie(c: Context, name: string, value: string, choices?: CookieChoices): void {
  jarOf(c).set(c, name, value, choices);
}

/** Takes back a cookie that was set with the same choices. */
export function clearCookie(c: Context, name: string, choices?: CookieChoices): void {
  jarOf(c).clear(c, name, choices);
}

/** The value that the browser sent for a cookie of `setCookie`. Anybody can have written it. */
export function getCookie(c: Context, name: string): string | undefined {
  return jarOf(c).get(c, name);
}

function jarOf(c: Context): CookieJar {
  const jar = c.kernel.part('cookies');
  if (jar === undefined) throw new Error('cookies are off in this policy: nothing sets one safely');
  // What stands under this protection's name is made by its `setup`.
  return jar as CookieJar;
}

function begins(line: string, name: string): boolean {
  return line.startsWith(name) && line.charCodeAt(name.length) === 61;
}

/** Bytes of name and value: everything is ASCII by then. */
function sizeOf(line: string): number {
  const end = line.indexOf(';');
  return (end < 0 ? line.length : end) - 1;
}

function nameIn(line: string): string {
  return line.slice(0, Math.min(64, Math.max(line.indexOf('='), 0)));
}
