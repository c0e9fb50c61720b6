/**
 * Options of `cors` and their defaults: nobody else's page reads anything.
 * @module
 */

/** Which pages elsewhere may read the answers under one path. */
export interface CorsRule {
  /**
   * Path of this application as routes spell it, from its first letter to its last: `/api/orders`, `/api/orders/:id`,
   * or `/api/*` for everything below `/api/`. Where several fit, the most specific decides alone.
   */
  readonly path: string;
  /**
   * Whose pages: exact origins (`https://shop.example`); `https://*.shop.example`, any one name below a domain that is
   * yours alone; an anchored regular expression; or `['*']`, everybody. All but exact ones need a `reason`.
   */
  readonly origins: readonly (string | RegExp)[];
  /** Methods they may use. GET includes HEAD. @default ['GET'] */
  readonly methods?: readonly string[];
  /** Request fields they may send beside the harmless ones: `content-type` for JSON, `authorization`. @default [] */
  readonly headers?: readonly string[];
  /** Response fields they may read beside the harmless ones. @default [] */
  readonly expose?: readonly string[];
  /**
   * They may send our cookies along, and read what the signed-in visitor reads. With exact origins only.
   * @default false
   */
  readonly credentials?: boolean;
  /** Seconds for which a browser need not ask again: so long it may go on after the rule is gone. @default 600 */
  readonly maxAge?: number;
  /** Pages of the public internet may reach this server in a private network. Needs a `reason`. @default false */
  readonly privateNetwork?: boolean;
}

export interface CorsOptions {
  /** What may be read from elsewhere. Nothing is, unless a rule says so. @default [] */
  readonly rules: readonly CorsRule[];
}

/** Nobody. */
export const CORS_DEFAULTS: Readonly<CorsOptions> = Object.freeze({ rules: Object.freeze([]) });

/** What a rule is where it does not say. */
export const RULE_DEFAULTS: Required<Omit<CorsRule, 'path' | 'origins'>> = Object.freeze({
  methods: Object.freeze(['GET']),
  headers: Object.freeze([]),
  expose: Object.freeze([]),
  credentials: false,
  maxAge: 600,
  privateNetwork: false,
});

/** A rule with everything it left out. */
export function complete(rule: CorsRule): Required<CorsRule> {
  // What is `undefined` was not given: it must not take the place of a default.
  const given = Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
  return { ...RULE_DEFAULTS, ...(given as unknown as CorsRule) };
}

/** True for a rule that lets in more than origins that were named one by one. */
export function isWide(rule: CorsRule): boolean {
  return rule.privateNetwork === true || rule.origins.some((one) => typeof one !== 'string' || one.includes('*'));
}
