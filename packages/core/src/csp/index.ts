/**
 * Content Security Policy.
 * @module
 */
export { csp, mergedCsp } from './csp.ts';
export type { CspState } from './csp.ts';
export { DIRECTIVE_NAMES } from './directives.ts';
export type { DirectiveName, Directives, SandboxFlag } from './directives.ts';
export type { CspFinding, CspFindingId, CspSeverity, LintContext } from './finding.ts';
export { lintCsp } from './lint.ts';

export { proposeCsp } from './propose.ts';
export type { CspProposal, ProposalNote, ProposedSource } from './propose.ts';
export { CSP_DEFAULTS, STRICT_PAGE, TIGHT_DATA } from './policy.ts';
export type { CspOptions, CspPreset, ReportOnlyPolicy } from './policy.ts';
