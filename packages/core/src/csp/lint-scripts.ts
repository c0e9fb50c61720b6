/**
 * What a policy lets run: scripts, workers, and styles, which read attribute values and cover pages.
 * @module
 */
import { bypassOf } from './bypass-hosts.ts';
import type { BypassReason } from './bypass-hosts.ts';
import { effective } from './directives.ts';
import type { DirectiveName, Directives } from './directives.ts';
import type { Add, CspFindingId, CspSeverity, LintContext } from './finding.ts';
import { isHash, isScheme, partsOf } from './sources.ts';

const SCRIPTS = ['script-src', 'script-src-elem', 'script-src-attr', 'worker-src'] as const;

/** Scripts and workers. */
export function lintScripts(directives: Directives, context: LintContext, add: Add): void {
  if (effective(directives, 'script-src') === undefined) {
    add('high', 'missing-script-src', 'script-src', 'any script of any origin runs');
  }
  const names = new Set(SCRIPTS.map((name) => effective(directives, name)));
  for (const name of names) if (name !== undefined) lintScriptList(name, directives[name] as string[], context, add);
}

function lintScriptList(name: DirectiveName, list: readonly string[], { nonceIn }: LintContext, add: Add): void {
  // Only script-src and what stands for it know 'strict-dynamic'; there it makes browsers ignore hosts and schemes.
  const dynamic = list.includes("'strict-dynamic'");
  const trusted = nonceIn.includes(name) || list.some(isHash);
  const worker = name === 'worker-src' || name === 'child-src';
  if (dynamic && !trusted) add('info', 'nothing-runs', name, "'strict-dynamic' without a nonce or a hash runs nothing");
  if (list.includes("'unsafe-eval'")) {
    add('medium', 'unsafe-eval', name, 'text that reaches eval() and its kin runs', "'unsafe-eval'");
  }
  if (list.includes("'unsafe-hashes'")) {
    add('low', 'unsafe-hashes', name, 'the hashed handlers run on any element that is injected', "'unsafe-hashes'");
  }
  if (list.includes("'unsafe-inline'")) lintInline(name, list, dynamic, 'high', add);
  for (const source of list) {
    if (source.startsWith("'") && source !== "'self'") continue;
    const [severity, id, text] = judgeScriptSource(source);
    if (dynamic) add('info', 'ignored', name, `only browsers without 'strict-dynamic' obey it: ${text}`, source);
    else if (!worker) add(severity, id, name, text, source);
    else if (source !== "'self'") add('low', id, name, `workers: ${text}`, source);
  }
}

/** A hash, or for scripts 'strict-dynamic', makes browsers ignore it. A nonce does so only on pages that asked for one. */
function lintInline(
  name: DirectiveName,
  list: readonly string[],
  dynamic: boolean,
  severity: CspSeverity,
  add: Add,
): void {
  if (dynamic || list.some(isHash)) add('info', 'ignored', name, 'only very old browsers obey it', "'unsafe-inline'");
  else add(severity, 'unsafe-inline', name, 'what is injected into a page counts as its own', "'unsafe-inline'");
}

const BYPASS: Readonly<Record<BypassReason, string>> = {
  jsonp: 'it answers with JSONP, which calls what the attacker names',
  libraries: 'it serves every library, AngularJS among them, which runs templates as code',
  anybody: 'anybody can put files there',
};

function judgeScriptSource(source: string): readonly [CspSeverity, CspFindingId, string] {
  if (source === "'self'")
    return ['low', 'script-self', 'every script this site serves runs: uploads, JSONP, old files'];
  if (isScheme(source)) return ['high', 'scheme', `any script that comes by ${source} runs`];
  const { scheme, host, file } = partsOf(source);
  if (host === '*') return ['high', 'wildcard', 'any script of any origin runs'];
  const bypass = bypassOf(host);
  if (bypass !== undefined) {
    // A path is forgotten after a redirect (CSP3, 7.6), so it only makes it harder.
    return [file ? 'medium' : 'high', 'bypass-host', BYPASS[bypass]];
  }
  if (host.startsWith('*.')) return ['medium', 'wildcard-host', 'one forgotten subdomain is enough'];
  if (scheme === 'http') return ['medium', 'clear-text', 'whoever is on the way writes the script'];
  return ['low', 'script-host', 'one JSONP answer, old library or upload on that host is enough'];
}

/** Styles. */
export function lintStyles(directives: Directives, add: Add): void {
  for (const name of ['style-src', 'style-src-elem', 'style-src-attr'] as const) {
    const list = directives[name];
    if (list === undefined || list === false) continue;
    if (list.includes("'unsafe-inline'")) lintInline(name, list, false, 'medium', add);
    for (const source of list) {
      if (isScheme(source) || partsOf(source).host === '*') {
        add('low', 'wildcard', name, 'styles of any origin can read attribute values and cover the page', source);
      }
    }
  }
}
