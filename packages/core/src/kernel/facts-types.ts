/**
 * The canonical request: what every protection, log line and metric reads, and nothing else.
 * @module
 */
import type { Denial } from './verdict.ts';

/** What an adapter hands over: the bytes of the request head as the runtime gives them. */
export interface RawRequest {
  readonly method: string;
  /** Request target exactly as it stood on the request line. */
  readonly target: string;
  /** Field lines in order, as a flat list: name, value, name, value (`IncomingMessage.rawHeaders`). */
  readonly headers: readonly string[];
  readonly httpVersion: string;
  /** Address of the socket's other end; the empty string where there is none (a Unix socket, an injected request). */
  readonly peer: string;
  /** True where this very connection is TLS. */
  readonly encrypted: boolean;
  readonly kind: RequestKind;
}

export type RequestKind = 'request' | 'upgrade' | 'connect';

/** Name to value, or to all values in order where the name was repeated. Has no prototype. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

export interface ClientAddress {
  /** Canonical text: dotted IPv4, or lower-case compressed IPv6 (RFC 5952); never an IPv4-mapped IPv6. */
  readonly ip: string;
  /** What counters are kept by: the IPv4 address, or the IPv6 network (`2001:db8:0:1::/64`). */
  readonly group: string;
  /** True where the address was read from a forwarding field of a trusted proxy. */
  readonly viaTrusted: boolean;
}

/** Made once, before the framework's router. Everything is canonical; what is ambiguous was refused. */
export interface RequestFacts {
  /** Our own id, unguessable, never the client's. */
  readonly id: string;
  /** Milliseconds since 1970 by the kernel's clock. */
  readonly at: number;
  readonly method: string;
  /** As received; for logs and for refused requests only. Never decide on it. */
  readonly rawTarget: string;
  /** Percent-encoded path as the router will see it. One spelling per path: what could be spelt otherwise was refused. */
  readonly path: string;
  /** Decoded once; `+` is a space. */
  readonly query: Query;
  /** The path holds `%2F` or `%5C`; refused later unless the route allows it. */
  readonly encodedSeparators: boolean;
  /** HTTP/1.0 without Host: only routes that declare `withoutHost` may answer. `host` is then the empty string. */
  readonly hostMissing: boolean;
  readonly httpVersion: string;
  readonly scheme: 'http' | 'https';
  readonly secure: boolean;
  /** Lower-case host with its port, if one was given; the empty string only on a route that permits none. */
  readonly host: string;
  readonly hostname: string;
  /** `scheme://host`, without a default port. */
  readonly origin: string;
  readonly client: ClientAddress;
  /** Canonical address of the socket's other end. */
  readonly peer: string;
  readonly kind: RequestKind;
  /** Names to values. Name collisions were refused here, so that no two parsers can pick different ones. */
  readonly cookies: Readonly<Record<string, string>>;
  /** Value of a field by lower-case name; repeated list fields joined with `, ` (RFC 9110, 5.3). */
  header(name: string): string | undefined;
  /** Lower-case names of all fields, in order; one that was repeated stands there again. */
  readonly headerNames: readonly string[];
  /** Why the request head itself is refused; `null` when it is sound. Fields above then hold safe fallbacks. */
  readonly refused: Denial | null;
}
