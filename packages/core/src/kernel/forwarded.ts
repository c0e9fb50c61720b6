/**
 * Who the client is, behind proxies: forwarding fields are walked from the right, one trusted hop at a time. What
 * stands left of the first untrusted address was written by whoever that is, and is never read.
 * @module
 */
import type { FactsCode } from './facts-codes.ts';
import type { ClientAddress } from './facts-types.ts';
import type { FieldLines } from './field-lines.ts';
import type { FactsOptions } from './facts-options.ts';
import type { Peer, PeerBook } from './peers.ts';

/** What the nearest trusted proxies say. `undefined`: they do not say it, and the connection's own holds. */
export interface Told {
  readonly client: ClientAddress;
  readonly scheme: 'http' | 'https' | undefined;
  readonly host: string | undefined;
}

/** Parameters of one element of `Forwarded` that facts read. */
interface Element {
  readonly node: string | undefined;
  readonly proto: string | undefined;
  readonly host: string | undefined;
}

/** Reads the forwarding fields of a trusted peer. A field that its proxies cannot have meant is refused, not skipped. */
export function readForwarded(
  lines: FieldLines,
  peer: Peer,
  book: PeerBook,
  kind: FactsOptions['forwardedHeader'],
): Told | FactsCode {
  return kind === 'forwarded' ? standard(lines, peer, book) : customary(lines, peer, book);
}

/** `X-Forwarded-For`, `-Proto`, `-Host`. */
function customary(lines: FieldLines, peer: Peer, book: PeerBook): Told | FactsCode {
  const scheme = schemeOf(lines.forwardedProto);
  if (scheme === null) return 'facts/forwarded';
  let client = peer.direct;
  if (lines.forwardedFor !== undefined) {
    const text = lines.forwardedFor;
    let end = text.length;
    while (end >= 0) {
      const comma = text.lastIndexOf(',', end - 1);
      const hop = book.find(addressOf(text.slice(comma + 1, end).trim()));
      // Written by a hop we trust, so it has to be an address: guessing would put all its clients into one bucket.
      if (hop === null) return 'facts/forwarded';
      client = hop.told;
      if (!hop.trusted || comma < 0) break;
      end = comma;
    }
  }
  return { client, scheme, host: lines.forwardedHost };
}

/** `Forwarded` (RFC 7239): scheme and host are those of the element that names the client. */
function standard(lines: FieldLines, peer: Peer, book: PeerBook): Told | FactsCode {
  if (lines.forwarded === undefined) return { client: peer.direct, scheme: undefined, host: undefined };
  const elements = parseForwarded(lines.forwarded);
  if (elements === null) return 'facts/forwarded';
  for (let i = elements.length - 1; ; i--) {
    const { node, proto, host } = elements[i]!;
    const hop = node === undefined ? null : book.find(addressOf(node));
    // `unknown` and `_hidden` hide who asks from every limit and ban.
    if (hop === null) return 'facts/forwarded';
    if (hop.trusted && i > 0) continue;
    const scheme = schemeOf(proto);
    return scheme === null ? 'facts/forwarded' : { client: hop.told, scheme, host };
  }
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const PAIR = new RegExp(`[ \\t]*(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)")[ \\t]*([;,]|$)`, 'y');

/**
 * The elements of a `Forwarded` value, or null. The whole value has to be sound: a client's open quote at the left
 * would otherwise swallow what the proxy added at the right.
 */
export function parseForwarded(text: string): readonly Element[] | null {
  const elements: Element[] = [];
  let element: Record<string, string> = Object.create(null);
  PAIR.lastIndex = 0;
  for (;;) {
    const match = PAIR.exec(text);
    if (match === null) return null;
    const name = match[1]!.toLowerCase();
    if (element[name] !== undefined) return null;
    element[name] = match[2] ?? match[3]!.replace(/\\(.)/g, '$1');
    if (match[4] === ';') continue;
    elements.push({ node: element['for'], proto: element['proto'], host: element['host'] });
    if (match[4] === '') return elements;
    element = Object.create(null);
  }
}

/** Null for what is no scheme of ours, a list included: two proxies that both wrote one do not agree. */
function schemeOf(text: string | undefined): 'http' | 'https' | undefined | null {
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  return lower === 'http' || lower === 'https' ? lower : null;
}

/** The address of a node: some proxies add a port, IPv6 then stands in brackets. */
function addressOf(node: string): string {
  if (node.startsWith('[')) return /^\[([^\]]*)\](?::\d{1,5})?$/.exec(node)?.[1] ?? '';
  const colon = node.indexOf(':');
  return colon > 0 && node.includes('.') && node.lastIndexOf(':') === colon && /^\d{1,5}$/.test(node.slice(colon + 1))
    ? node.slice(0, colon)
    : node;
}
