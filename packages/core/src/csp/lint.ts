/**
 * What a policy leaves open, finding by finding: for the start, which asks a reason for each weak option, and for the
 * audit, which judges other people's policies by the same rules.
 * @module
 */
import { effective } from './directives.ts';
import type { Directives } from './directives.ts';
import type { Add, CspFinding, CspSeverity, LintContext } from './finding.ts';
import { lintScripts, lintStyles } from './lint-scripts.ts';
import { isScheme, partsOf } from './sources.ts';

/** Every finding, the gravest first. */
export function lintCsp(directives: Directives, context: LintContext): readonly CspFinding[] {
  const found: CspFinding[] = [];
  const add: Add = (severity, id, directive, text, source) =>
    void found.push({ id, severity, directive, text, ...(source === undefined ? undefined : { source }) });
  lintScripts(directives, context, add);
  lintStyles(directives, add);
  lintDocument(directives, context, add);
  lintFetches(directives, add);
  return found.sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
}

const RANK: readonly CspSeverity[] = ['high', 'medium', 'low', 'info'];

function lintDocument(directives: Directives, context: LintContext, add: Add): void {
  const page = context.of !== 'data';
  const object = effective(directives, 'object-src');
  if (object === undefined)
    add('medium', 'missing-object-src', 'object-src', 'plugins and embedded documents load from anywhere');
  else if (!isNone(directives[object]) && (page || object === 'object-src')) {
    add('low', 'open-object-src', 'object-src', 'an injected <object> or <embed> loads what is listed');
  }
  const base = directives['base-uri'];
  if (base === undefined) {
    add(
      'high',
      'missing-base-uri',
      'base-uri',
      'an injected <base> sends relative script URLs, nonce and all, elsewhere',
    );
  } else if (!isNone(base)) {
    const own = listOf(base).every((source) => source === "'self'");
    add(own ? 'low' : 'medium', 'open-base-uri', 'base-uri', 'an injected <base> moves relative script URLs');
  }
  const action = directives['form-action'];
  if (action === undefined)
    add('medium', 'missing-form-action', 'form-action', 'an injected form sends passwords anywhere');
  for (const source of listOf(action)) {
    if (isScheme(source) || partsOf(source).host === '*') {
      add('medium', 'open-form-action', 'form-action', 'an injected form sends passwords anywhere', source);
    }
  }
  const ancestors = directives['frame-ancestors'];
  if (ancestors === undefined)
    add('medium', 'missing-frame-ancestors', 'frame-ancestors', 'any site can frame the page and steal clicks');
  for (const source of listOf(ancestors)) {
    if (source === "'none'") continue;
    const anybody = isScheme(source) || partsOf(source).host.startsWith('*');
    add(
      anybody ? 'medium' : 'low',
      'open-frame-ancestors',
      'frame-ancestors',
      'who frames the page can steal clicks',
      source,
    );
  }
  if (page) lintPage(directives, add);
  else lintSandbox(directives, add);
}

function lintPage(directives: Directives, add: Add): void {
  if (directives['default-src'] === undefined) {
    add(
      'medium',
      'missing-default-src',
      'default-src',
      'what no directive names loads from anywhere, and sends data there',
    );
  }
  if (directives['require-trusted-types-for'] === undefined) {
    add(
      'low',
      'missing-trusted-types',
      'require-trusted-types-for',
      'scripts may put plain text where it runs (DOM XSS)',
    );
  } else {
    const names = directives['trusted-types'];
    const any = names === undefined || names === false || names.includes('*');
    if (any)
      add('low', 'trusted-types-any', 'trusted-types', 'any script may make a policy that lets everything through');
  }
  if (directives['upgrade-insecure-requests'] === undefined) {
    add('info', 'missing-upgrade', 'upgrade-insecure-requests', 'links in clear text stay so');
  }
}

function lintSandbox({ sandbox }: Directives, add: Add): void {
  if (sandbox === undefined || sandbox === false) {
    add('low', 'missing-sandbox', 'sandbox', 'what is opened by itself has the origin of this site');
  } else if (sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin')) {
    add('medium', 'open-sandbox', 'sandbox', 'scripts with the origin of this site can leave it');
  }
}

/** Directives that only say where data comes from and goes to. */
const FETCHES = ['default-src', 'child-src', 'connect-src', 'font-src', 'frame-src', 'img-src', 'media-src'] as const;

function lintFetches(directives: Directives, add: Add): void {
  for (const name of FETCHES) {
    for (const source of listOf(directives[name])) {
      const { scheme, host } = partsOf(source);
      const open = host === '*' || ['http:', 'https:', 'ws:', 'wss:'].includes(source.toLowerCase());
      if (open) add('low', 'wildcard', name, 'data of the page can be sent to anybody', source);
      else if (scheme === 'http' || scheme === 'ws')
        add('low', 'clear-text', name, 'it is read and written on the way', source);
      else if (/^[\d.]+$/.test(host)) add('info', 'address', name, 'browsers need not match addresses', source);
    }
  }
}

function isNone(list: readonly string[] | boolean | undefined): boolean {
  return Array.isArray(list) && list[0] === "'none'";
}

function listOf(list: readonly string[] | boolean | undefined): readonly string[] {
  return Array.isArray(list) ? (list as readonly string[]) : [];
}
