/**
 * The canonical request, made once from the raw head before any router: what protections, logs and metrics read.
 * A head that two parties could read differently is refused here, and only here.
 * @module
 */
import type { Clock } from './clock.ts';
import { NO_COOKIES, parseCookies } from './cookie-header.ts';
import type { Cookies } from './cookie-header.ts';
import { FACTS_DENIALS } from './facts-codes.ts';
import type { FactsCode } from './facts-codes.ts';
import type { FactsOptions } from './facts-options.ts';
import type { ClientAddress, Query, RawRequest, RequestFacts, RequestKind } from './facts-types.ts';
import { FieldLines, framingFault } from './field-lines.ts';
import { readForwarded } from './forwarded.ts';
import { parseHost } from './host.ts';
import type { HostName } from './host.ts';
import { PeerBook } from './peers.ts';
import type { Peer } from './peers.ts';
import { EMPTY_QUERY, parseQuery } from './query.ts';
import { readTarget } from './target.ts';
import type { Denial } from './verdict.ts';

/** What facts need besides the request. */
export interface FactsEnv {
  readonly clock: Clock;
  readonly newId: () => string;
}

const ORDINARY_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
// HTTP's methods are upper-case tokens; a router that folds case would see another method than a guard.
const METHOD = /^[A-Z][A-Z0-9-]{0,31}$/;
/** They echo the request, cookies and all (cross-site tracing). */
const ECHOES: ReadonlySet<string> = new Set(['TRACE', 'TRACK']);
const NO_HOST: HostName = Object.freeze({ host: '', hostname: '', port: '' });
const HOSTS_KEPT = 256;

/** Fields of one request, all set from the start: a refused one keeps the fallbacks of what was not reached. */
class Facts implements RequestFacts {
  readonly id: string;
  readonly at: number;
  readonly method: string;
  readonly rawTarget: string;
  readonly httpVersion: string;
  readonly kind: RequestKind;
  readonly peer: string;
  path = '/';
  query: Query = EMPTY_QUERY;
  encodedSeparators = false;
  hostMissing = false;
  scheme: 'http' | 'https';
  secure: boolean;
  host = '';
  hostname = '';
  origin = '';
  client: ClientAddress;
  cookies: Cookies = NO_COOKIES;
  refused: Denial | null = null;
  readonly #lines: FieldLines;

  constructor(raw: RawRequest, id: string, at: number, peer: string, client: ClientAddress, lines: FieldLines) {
    this.id = id;
    this.at = at;
    this.method = raw.method;
    this.rawTarget = raw.target;
    this.httpVersion = raw.httpVersion;
    this.kind = raw.kind;
    this.peer = peer;
    this.scheme = raw.encrypted ? 'https' : 'http';
    this.secure = raw.encrypted;
    this.client = client;
    this.#lines = lines;
  }

  header(name: string): string | undefined {
    return this.#lines.get(name);
  }

  get headerNames(): readonly string[] {
    return this.#lines.names;
  }
}

/** Compiles the reader of request heads. It always answers; `refused` says whether the head is sound. */
export function compileFacts(options: FactsOptions, env: FactsEnv): (raw: RawRequest) => RequestFacts {
  const book = new PeerBook(options.trustedProxies, options.ipv6Prefix);
  const hosts = new Map<string, HostName>();
  const hostOf = (text: string): HostName | FactsCode => {
    const known = hosts.get(text);
    if (known !== undefined) return known;
    const parsed = parseHost(text);
    if (typeof parsed === 'string') return parsed;
    if (hosts.size >= HOSTS_KEPT) hosts.clear();
    hosts.set(text, parsed);
    return parsed;
  };

  /** Fills the facts, most general first; answers with the first code that refuses. */
  const fill = (facts: Facts, raw: RawRequest, lines: FieldLines, peer: Peer): FactsCode | null => {
    // Who asks comes first: a refused request is counted and banned by its client too.
    let saidHost: string | undefined;
    if (peer.trusted) {
      const told = readForwarded(lines, peer, book, options.forwardedHeader);
      if (typeof told === 'string') return lines.refused ?? told;
      facts.client = told.client;
      if (told.scheme !== undefined) {
        facts.scheme = told.scheme;
        facts.secure = told.scheme === 'https';
      }
      saidHost = told.host;
    }
    const code = lines.refused ?? connectionFault(raw, lines, options) ?? framingFault(lines, raw.httpVersion);
    if (code !== null) return code;

    if (lines.host === undefined && raw.httpVersion !== '1.0') return 'facts/host-missing';
    const own = lines.host === undefined ? NO_HOST : hostOf(lines.host);
    if (typeof own === 'string') return own;
    const host = saidHost === undefined ? own : hostOf(saidHost);
    if (typeof host === 'string') return host;
    facts.hostMissing = host === NO_HOST;
    facts.host = host.host;
    facts.hostname = host.hostname;
    if (host !== NO_HOST) facts.origin = originOf(facts.scheme, host);

    if (raw.target.length > options.maxTarget) return 'facts/target-length';
    const target = readTarget(raw.target, raw.method);
    if (target.refused !== null) return target.refused;
    if (target.authority !== '') {
      const named = parseHost(target.authority);
      if (typeof named === 'string') return named === 'facts/userinfo' ? named : 'facts/target-host';
      if (named.host !== own.host || target.scheme !== facts.scheme) return 'facts/target-host';
    }
    if (target.query !== '') {
      const query = parseQuery(target.query, options);
      if (typeof query === 'string') return query;
      facts.query = query;
    }
    if (lines.cookie !== undefined) {
      const cookies = parseCookies(lines.cookie, options.maxCookies);
      if (typeof cookies === 'string') return cookies;
      facts.cookies = cookies;
    }
    facts.path = target.path;
    facts.encodedSeparators = target.encodedSeparators;
    return null;
  };

  return (raw) => {
    const lines = new FieldLines(raw.headers, options);
    const peer = book.peer(raw.peer);
    const facts = new Facts(raw, env.newId(), env.clock.now(), peer.ip, peer.direct, lines);
    const code = fill(facts, raw, lines, peer);
    if (code !== null) facts.refused = FACTS_DENIALS[code];
    return facts;
  };
}

/** What is wrong with the request as a whole: its method, version, and attempts to leave HTTP. */
function connectionFault(raw: RawRequest, lines: FieldLines, options: FactsOptions): FactsCode | null {
  const { method, kind, httpVersion } = raw;
  if (kind === 'connect' || method === 'CONNECT') return 'facts/connect';
  if (!ORDINARY_METHODS.has(method) && (!METHOD.test(method) || ECHOES.has(method))) return 'facts/method';
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'facts/http-version';
  if (lines.upgrade !== undefined || kind === 'upgrade') {
    const websocket = options.websocket && method === 'GET' && lines.upgrade?.toLowerCase() === 'websocket';
    if (!websocket) return 'facts/upgrade';
  }
  if (lines.expect !== undefined && lines.expect.toLowerCase() !== '100-continue') return 'facts/expect';
  return null;
}

function originOf(scheme: 'http' | 'https', host: HostName): string {
  const standard = host.port === '' || host.port === (scheme === 'https' ? '443' : '80');
  return `${scheme}://${standard ? host.hostname : host.host}`;
}
