/**
 * Facts of a request that was never parsed: what Node's own parser refused before there was anything to read.
 * @module
 */
import type { ClientAddress, Query, RequestFacts, RequestKind } from './facts-types.ts';
import type { Denial } from './verdict.ts';

const NOTHING: Readonly<Record<string, never>> = Object.freeze(Object.create(null) as Record<string, never>);

/** Safe fallbacks for everything but the id, the time, the peer and the denial. */
export class UnreadFacts implements RequestFacts {
  readonly id: string;
  readonly at: number;
  readonly method = '';
  readonly rawTarget = '';
  readonly path = '';
  readonly query: Query = NOTHING;
  readonly encodedSeparators = false;
  readonly hostMissing = false;
  readonly httpVersion = '1.1';
  readonly scheme: 'http' | 'https';
  readonly secure: boolean;
  readonly host = '';
  readonly hostname = '';
  readonly origin = '';
  readonly client: ClientAddress;
  readonly peer: string;
  readonly kind: RequestKind = 'request';
  readonly cookies: Readonly<Record<string, string>> = NOTHING;
  readonly headerNames: readonly string[] = [];
  readonly refused: Denial;

  constructor({ id, at, peer, secure, scheme, client }: RequestFacts, refused: Denial) {
    this.id = id;
    this.at = at;
    this.peer = peer;
    this.secure = secure;
    this.scheme = scheme;
    this.client = client;
    this.refused = refused;
  }

  header(): undefined {
    return undefined;
  }
}
