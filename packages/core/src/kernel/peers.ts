/**
 * What is known about an address text: its canonical form, its group, and whether it is a trusted proxy. Remembered,
 * because a few peers send most requests, in a book that cannot grow.
 * @module
 */
import { groupOf, inAny, parseAddress, parseCidr } from './address.ts';
import type { Cidr } from './address.ts';
import type { ClientAddress } from './facts-types.ts';

/** One address, with the client values facts hand out for it. */
export interface Peer {
  readonly ip: string;
  readonly trusted: boolean;
  /** It is the socket's other end. */
  readonly direct: ClientAddress;
  /** A trusted proxy told of it. */
  readonly told: ClientAddress;
}

/** The other end of a Unix socket, or of no socket: it has no address, and no list can trust it. */
const NO_PEER: Peer = peer('', '', false);

const ROOM = 4096;

/** A bounded book of addresses; emptied when full, which costs a parse each and nothing else. */
export class PeerBook {
  readonly #cidrs: readonly Cidr[];
  readonly #prefix: number;
  readonly #known: Map<string, Peer> = new Map();

  constructor(trustedProxies: readonly string[], ipv6Prefix: number) {
    this.#cidrs = trustedProxies.map(parseCidr).filter((cidr) => cidr !== null);
    this.#prefix = ipv6Prefix;
  }

  /** The socket's other end. Node names the interface of a link-local address after a `%`. */
  peer(text: string): Peer {
    const zone = text.indexOf('%');
    return this.find(zone < 0 ? text : text.slice(0, zone)) ?? NO_PEER;
  }

  /** Null for a text that is no address. */
  find(text: string): Peer | null {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const address = parseAddress(text);
    if (address === null) return null;
    const found = peer(address.text, groupOf(address, this.#prefix), inAny(this.#cidrs, address));
    if (this.#known.size >= ROOM) this.#known.clear();
    this.#known.set(text, found);
    return found;
  }
}

function peer(ip: string, group: string, trusted: boolean): Peer {
  return Object.freeze({
    ip,
    trusted,
    direct: Object.freeze({ ip, group, viaTrusted: false }),
    told: Object.freeze({ ip, group, viaTrusted: true }),
  });
}
