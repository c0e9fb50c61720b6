/**
 * Options of `csp`, their defaults, and the two policies that they start from.
 * @module
 */
import type { Directives, DirectiveName } from './directives.ts';

/** What a policy for pages starts from: the strict one, or nothing. */
export type CspPreset = 'strict' | 'none';

/** A second policy that only reports. */
export interface ReportOnlyPolicy {
  /** What it starts from. @default 'strict' */
  readonly preset?: CspPreset;
  /** Directives over the preset; `false` removes one. @default {} */
  readonly directives?: Directives;
}

/** Options of `csp`. What a route writes goes over the policy's, directive by directive for `directives` and `data`. */
export interface CspOptions {
  /**
   * What pages start from. With `'none'` a page is protected by what stands under `directives` and nothing else.
   * @default 'strict'
   */
  readonly preset: CspPreset;
  /** Directives for HTML pages, each in place of the preset's; `false` removes one. @default {} */
  readonly directives: Directives;
  /**
   * Directives that get the nonce of a page that asked for one. Those that are missing or `'none'` get none; `[]` leaves
   * it out everywhere.
   * @default ['script-src', 'style-src']
   */
  readonly nonceIn: readonly DirectiveName[];
  /**
   * Directives for everything that is no HTML page, over a policy that lets it load, run and embed nothing. Browsers
   * also apply it to scripts of workers, and to PDF and SVG that are opened by themselves. @default {}
   */
  readonly data: Directives;
  /** A second policy beside the enforced one, sent as Report-Only: to try a stricter one. @default false */
  readonly reportOnly: ReportOnlyPolicy | false;
  /** Where browsers report to: a path of this site, or an https URL. @default '', to `reports` if that is given */
  readonly reportTo: string;
  /**
   * A path of this site at which reports are received, counted in groups and told as `csp.violation`: `'/csp-reports'`.
   * No route is declared for it. Anybody can send reports. @default '', none are received
   */
  readonly reports: string;
}

/**
 * For pages: a script runs only if the page gave it the nonce, or if such a script loads it. No `'unsafe-inline'` and
 * no `https:` for browsers that know neither nonces nor 'strict-dynamic': for them that would be no policy at all.
 */
export const STRICT_PAGE: Directives = Object.freeze({
  'default-src': Object.freeze(["'self'"]),
  'script-src': Object.freeze(["'strict-dynamic'"]),
  'style-src': Object.freeze(["'self'"]),
  'img-src': Object.freeze(["'self'", 'data:']),
  'object-src': Object.freeze(["'none'"]),
  'base-uri': Object.freeze(["'none'"]),
  'form-action': Object.freeze(["'self'"]),
  'frame-ancestors': Object.freeze(["'none'"]),
  'require-trusted-types-for': Object.freeze(["'script'"]),
  'trusted-types': Object.freeze(["'none'"]),
  'upgrade-insecure-requests': true,
});

/**
 * For everything else. A browser that opens an SVG, an XML or an upload as a document runs nothing, loads nothing, and
 * `sandbox` takes the site's origin from it, in case it runs something after all (XSLT, a viewer's flaw).
 */
export const TIGHT_DATA: Directives = Object.freeze({
  'default-src': Object.freeze(["'none'"]),
  'base-uri': Object.freeze(["'none'"]),
  'form-action': Object.freeze(["'none'"]),
  'frame-ancestors': Object.freeze(["'none'"]),
  sandbox: Object.freeze([]),
});

/** The strict policy, with nonces, reporting nowhere. */
export const CSP_DEFAULTS: Readonly<CspOptions> = Object.freeze({
  preset: 'strict',
  directives: Object.freeze({}),
  nonceIn: Object.freeze(['script-src', 'style-src'] as const),
  data: Object.freeze({}),
  reportOnly: false,
  reportTo: '',
  reports: '',
});

/** The directives of a preset. */
export function presetOf(preset: CspPreset): Directives {
  return preset === 'strict' ? STRICT_PAGE : NOTHING;
}

const NOTHING: Directives = Object.freeze({});

/** Where browsers are told to report to. */
export function reportingTo({ reportTo, reports }: Pick<CspOptions, 'reportTo' | 'reports'>): string {
  return reportTo === '' ? reports : reportTo;
}
