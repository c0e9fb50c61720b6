/**
 * What a weakness of a policy is called, how grave it is, and what it is told with.
 * @module
 */
import type { DirectiveName } from './directives.ts';

/** `info` is worth knowing; everything above stands below the default and needs a reason. */
export type CspSeverity = 'high' | 'medium' | 'low' | 'info';

/** Stable ids of findings. */
export type CspFindingId =
  | 'missing-script-src'
  | 'missing-default-src'
  | 'missing-object-src'
  | 'missing-base-uri'
  | 'missing-form-action'
  | 'missing-frame-ancestors'
  | 'missing-trusted-types'
  | 'missing-sandbox'
  | 'missing-upgrade'
  | 'unsafe-inline'
  | 'unsafe-eval'
  | 'unsafe-hashes'
  | 'wildcard'
  | 'wildcard-host'
  | 'scheme'
  | 'clear-text'
  | 'bypass-host'
  | 'script-host'
  | 'script-self'
  | 'address'
  | 'ignored'
  | 'nothing-runs'
  | 'open-object-src'
  | 'open-base-uri'
  | 'open-form-action'
  | 'open-frame-ancestors'
  | 'open-sandbox'
  | 'trusted-types-any';

/** One weakness. */
export interface CspFinding {
  readonly id: CspFindingId;
  readonly severity: CspSeverity;
  readonly directive: DirectiveName;
  /** The value that opens it; `undefined` where a directive is missing. */
  readonly source?: string;
  /** What an attacker gets, in one sentence. */
  readonly text: string;
}

/** What a policy is for. */
export interface LintContext {
  /** Directives that get nonces. */
  readonly nonceIn: readonly DirectiveName[];
  /** `data` is judged as what opens by itself: an upload, an SVG. @default 'page' */
  readonly of?: 'page' | 'data';
}

/** Notes one finding. */
export type Add = (
  severity: CspSeverity,
  id: CspFindingId,
  directive: DirectiveName,
  text: string,
  source?: string,
) => void;
