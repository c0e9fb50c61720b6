/**
 * Learns a policy from what was reported: the tightest that would have let it pass, and for what no list of sources can
 * mend, what to change in the page. Whoever can send a report can ask for an origin, so it proposes and a person decides.
 * @module
 */
import type { CspReport, CspViolationGroup } from '../kernel/index.ts';
import { effective, kindOf } from './directives.ts';
import type { DirectiveName, Directives } from './directives.ts';
import { lintCsp } from './lint.ts';
import { sourceFault } from './sources.ts';

/** A source that would have to be let in. */
export interface ProposedSource {
  readonly directive: DirectiveName;
  readonly source: string;
  /** How often it was reported, and on which pages. */
  readonly count: number;
  readonly documents: readonly string[];
}

/** What cannot be let in, with what to do instead. */
export interface ProposalNote {
  readonly directive: string;
  readonly blocked: string;
  readonly count: number;
  readonly documents: readonly string[];
  readonly write: string;
}

export interface CspProposal {
  /** What to write under `csp.directives`; empty where nothing is to be added. */
  readonly directives: Readonly<Record<string, readonly string[]>>;
  readonly sources: readonly ProposedSource[];
  readonly notes: readonly ProposalNote[];
}

/** Proposes from a report. Never `'unsafe-inline'`, `'unsafe-eval'`, a wildcard, a scheme for scripts, or clear text. */
export function proposeCsp({ groups, page }: CspReport): CspProposal {
  const sources: ProposedSource[] = [];
  const notes: ProposalNote[] = [];
  for (const { directive, blocked, count, documents } of joined(groups)) {
    const name = home(directive, page);
    const write = name === undefined ? 'this is no list of sources' : instead(directive, blocked, name, page);
    if (write !== undefined) notes.push({ directive, blocked, count, documents, write });
    else sources.push({ directive: name!, source: blocked, count, documents });
  }
  const directives: Record<string, string[]> = {};
  for (const { directive, source } of sources) {
    const list = (directives[directive] ??= listOf(page, directive));
    if (!list.includes(source)) list.push(source);
  }
  return { directives, sources, notes };
}

interface Joined {
  readonly directive: string;
  readonly blocked: string;
  readonly count: number;
  readonly documents: readonly string[];
}

/** One for each thing that was blocked, over all pages, the most frequent first. */
function joined(groups: readonly CspViolationGroup[]): readonly Joined[] {
  const by = new Map<string, { directive: string; blocked: string; count: number; documents: string[] }>();
  for (const { directive, blocked, document, count } of groups) {
    const key = `${directive} ${blocked}`;
    const found = by.get(key) ?? { directive, blocked, count: 0, documents: [] };
    found.count += count;
    if (!found.documents.includes(document)) found.documents.push(document);
    by.set(key, found);
  }
  return [...by.values()].sort((a, b) => b.count - a.count);
}

/** The directive to write to: `script-src` for its elements and attributes, the fetch's own where `default-src` decided. */
function home(directive: string, page: CspReport['page']): DirectiveName | undefined {
  const kind = kindOf(directive);
  if (kind === undefined || kind === 'words' || kind === 'sandbox' || kind === 'flag') return undefined;
  const name = directive as DirectiveName;
  if (Array.isArray(page[name])) return name;
  const base = name.replace(/-(?:elem|attr)$/, '') as DirectiveName;
  return kind === 'script' || kind === 'style' ? base : name;
}

/** What a new list of this directive starts from: what holds for it now, as far as it means something there. */
function listOf(page: CspReport['page'], name: DirectiveName): string[] {
  const deciding = effective(page as Directives, name);
  const list = deciding === undefined ? [] : (page[deciding] as readonly string[]);
  return list.filter((source) => source !== "'none'" && sourceFault(source, name, kindOf(name)!) === undefined);
}

/** An exact origin, ourselves, or a scheme; nothing else ever becomes a source, an IPv6 address neither: no source can say it. */
const ADDRESS = /^(?:'self'|[a-z]+:|(?:https?|wss?):\/\/[a-z0-9.\-:]+)$/;

/** What to do about it in place of letting it in; nothing where it can be let in. */
function instead(directive: string, blocked: string, name: DirectiveName, page: CspReport['page']): string | undefined {
  const kind = kindOf(name);
  if (blocked === 'inline') return inline(directive);
  if (blocked === 'eval' || blocked === 'wasm-eval') {
    return 'do without code made of text (eval, new Function, timers that take text); a library may have a build without';
  }
  if (blocked.startsWith('trusted-types')) {
    return 'make markup with the DOM, or with a policy whose name stands in trusted-types';
  }
  if (kind === 'trusted-types') return 'this is no list of sources';
  // Whoever says so, an old browser or a liar, may mean a script.
  if (directive === 'default-src') return 'name the directive of what was loaded: img-src, connect-src, …';
  if (directive === 'frame-ancestors') return 'a page elsewhere frames this one: let it in only if it is yours';
  if (directive === 'base-uri') return 'take the <base> out of the page';
  if (kind === 'script') {
    // The strict policy runs what carries the nonce, and what such a script loads; a host adds nothing but a way round.
    if (listOf(page, name).includes("'strict-dynamic'")) return 'give the <script> the nonce: c.nonce()';
    if (blocked.endsWith(':'))
      return 'a scheme lets in everybody’s scripts: load it from an address, or with the nonce';
  }
  if (!ADDRESS.test(blocked)) return 'this is no address that could be let in';
  if (/^(?:http|ws):\/\//.test(blocked)) return `serve it over ${blocked.startsWith('ws') ? 'wss' : 'https'}`;
  if (blocked.endsWith(':') && !/^(?:img|font|media)-src$/.test(name)) return 'load it from an address of its own';
  if (blocked === 'filesystem:' || blocked === 'about:') return 'load it from an address of its own';
  const [grave] = lintCsp({ ...(page as Directives), [name]: [blocked] }, { nonceIn: [] }).filter(
    ({ source, severity }) => source === blocked && severity === 'high',
  );
  return grave === undefined ? undefined : `give the element the nonce instead: with this source ${grave.text}`;
}

function inline(directive: string): string {
  if (directive === 'script-src-attr') return 'put the handler into a script: addEventListener in place of onclick';
  if (directive === 'style-src-attr') return 'put the style into a class, or set it by a script: element.style';
  const element = directive.startsWith('style') ? '<style>' : '<script>';
  // A hash taken from a report would be the hash of whatever was injected.
  return `give the ${element} the nonce: c.nonce(); a hash cannot be learned, it might be an attacker’s`;
}
