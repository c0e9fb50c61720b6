/**
 * The directives of Content Security Policy Level 3 and its companions (Trusted Types, upgrade-insecure-requests),
 * and what each takes.
 * @module
 */

/** What a directive takes: sources with the keywords of scripts or styles, plain sources, or words of its own. */
export type DirectiveKind = 'script' | 'style' | 'sources' | 'words' | 'sandbox' | 'trusted-types' | 'flag';

export type DirectiveName =
  | 'default-src'
  | 'script-src'
  | 'script-src-elem'
  | 'script-src-attr'
  | 'style-src'
  | 'style-src-elem'
  | 'style-src-attr'
  | 'child-src'
  | 'connect-src'
  | 'fenced-frame-src'
  | 'font-src'
  | 'frame-src'
  | 'img-src'
  | 'manifest-src'
  | 'media-src'
  | 'object-src'
  | 'worker-src'
  | 'base-uri'
  | 'form-action'
  | 'frame-ancestors'
  | 'require-trusted-types-for'
  | 'webrtc'
  | 'trusted-types'
  | 'sandbox'
  | 'upgrade-insecure-requests';

const KINDS: Readonly<Record<DirectiveName, DirectiveKind>> = {
  'default-src': 'script',
  'script-src': 'script',
  'script-src-elem': 'script',
  'script-src-attr': 'script',
  'style-src': 'style',
  'style-src-elem': 'style',
  'style-src-attr': 'style',
  'child-src': 'sources',
  'connect-src': 'sources',
  'fenced-frame-src': 'sources',
  'font-src': 'sources',
  'frame-src': 'sources',
  'img-src': 'sources',
  'manifest-src': 'sources',
  'media-src': 'sources',
  'object-src': 'sources',
  'worker-src': 'sources',
  'base-uri': 'sources',
  'form-action': 'sources',
  'frame-ancestors': 'sources',
  'require-trusted-types-for': 'words',
  webrtc: 'words',
  'trusted-types': 'trusted-types',
  sandbox: 'sandbox',
  'upgrade-insecure-requests': 'flag',
};

/** All names, in the order of the table. */
export const DIRECTIVE_NAMES: readonly DirectiveName[] = Object.freeze(Object.keys(KINDS) as DirectiveName[]);

/** Values of `sandbox`, each of which gives something back (HTML, 4.8.5). */
export const SANDBOX_FLAGS: readonly SandboxFlag[] = [
  'allow-downloads',
  'allow-forms',
  'allow-modals',
  'allow-orientation-lock',
  'allow-pointer-lock',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
  'allow-presentation',
  'allow-same-origin',
  'allow-scripts',
  'allow-storage-access-by-user-activation',
  'allow-top-navigation',
  'allow-top-navigation-by-user-activation',
  'allow-top-navigation-to-custom-protocols',
];

export type SandboxFlag =
  | 'allow-downloads'
  | 'allow-forms'
  | 'allow-modals'
  | 'allow-orientation-lock'
  | 'allow-pointer-lock'
  | 'allow-popups'
  | 'allow-popups-to-escape-sandbox'
  | 'allow-presentation'
  | 'allow-same-origin'
  | 'allow-scripts'
  | 'allow-storage-access-by-user-activation'
  | 'allow-top-navigation'
  | 'allow-top-navigation-by-user-activation'
  | 'allow-top-navigation-to-custom-protocols';

/** What stands beside a directive: its sources, the flags of a sandbox, `true` for what takes none; `false` removes it. */
export type Directives = {
  readonly [N in DirectiveName]?:
    | (N extends 'upgrade-insecure-requests' ? true : N extends 'sandbox' ? readonly SandboxFlag[] : readonly string[])
    | false;
};

/** The only words that these directives know. */
export const WORDS: Readonly<Partial<Record<DirectiveName, readonly string[]>>> = Object.freeze({
  'require-trusted-types-for': ["'script'"],
  webrtc: ["'allow'", "'block'"],
});

/** Names that stand in many old policies, with what to do instead. */
export const OBSOLETE: Readonly<Record<string, string>> = Object.freeze({
  'report-uri': `write reportTo: '/csp-reports'`,
  'report-to': `write reportTo: '/csp-reports'`,
  'block-all-mixed-content': 'leave it out: browsers block it by themselves',
  'plugin-types': 'leave it out: no browser reads it any more',
  'prefetch-src': 'leave it out: default-src covers it',
  'navigate-to': 'leave it out: no browser reads it',
  'require-sri-for': 'leave it out: no browser reads it',
  'reflected-xss': 'leave it out: no browser reads it',
  referrer: 'write headers: { referrerPolicy }',
});

/** Directives in which a nonce means something. */
export const NONCEABLE: readonly DirectiveName[] = Object.freeze([
  'script-src',
  'script-src-elem',
  'style-src',
  'style-src-elem',
  'default-src',
]);

/** What a directive takes; `undefined` for a name that is none. */
export function kindOf(name: string): DirectiveKind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name as DirectiveName] : undefined;
}

/** Directives of fetches, which fall back to `default-src` where they are missing. */
function isFetch(name: string): boolean {
  return /-src(-elem|-attr)?$/.test(name) && kindOf(name) !== undefined;
}

/** Layers of directives, later ones over earlier ones. What ends as `false` is gone. */
export function mergeDirectives(...layers: readonly Directives[]): Directives {
  const merged = Object.entries(Object.assign({}, ...layers) as Directives);
  return Object.fromEntries(merged.filter(([, value]) => value !== false && value !== undefined));
}

/** The list that decides for a directive: its own, or that of what it falls back to (CSP3, 6.8.3). */
export function effective(directives: Directives, name: DirectiveName): DirectiveName | undefined {
  const fallbacks = isFetch(name) ? [name, ...(FALLBACK[name] ?? []), 'default-src' as const] : [name];
  return fallbacks.find((one) => Array.isArray(directives[one]));
}

const FALLBACK: Readonly<Partial<Record<DirectiveName, readonly DirectiveName[]>>> = {
  'script-src-elem': ['script-src'],
  'script-src-attr': ['script-src'],
  'style-src-elem': ['style-src'],
  'style-src-attr': ['style-src'],
  'worker-src': ['child-src', 'script-src'],
  'frame-src': ['child-src'],
  'fenced-frame-src': ['frame-src', 'child-src'],
};
