/**
 * The way of a request: every place a step can stand at, in order, with the reason it stands there.
 * Order is data: a protection names its place, nobody registers by number.
 * @module
 */

/** Where a step can stand. */
export type Place =
  | 'bans'
  | 'hosts'
  | 'https'
  | 'detection.target'
  | 'cors'
  | 'csrf.origin'
  | 'limits.address'
  | 'identity'
  | 'csrf.header'
  | 'limits.identity'
  | 'schema.head'
  | 'access'
  | 'body'
  | 'body.structure'
  | 'csrf.field'
  | 'limits.body'
  | 'detection.body'
  | 'schema.body'
  | 'access.input'
  | 'endpoint'
  | 'handler'
  | 'headers'
  | 'csp'
  | 'cors.headers'
  | 'cookies'
  | 'cache'
  | 'limits.headers'
  | 'response.body'
  | 'limits.settle'
  | 'detection.score';

export type Phase = PlaceRow['phase'];

/** One row of the order. */
export interface PlaceRow {
  readonly place: Place;
  /** Before the body is read, reading it, after it, around the handler, while the response head is made, or when all is over. */
  readonly phase: 'before' | 'body' | 'after' | 'handler' | 'finish' | 'end';
  readonly why: string;
}

/** The list itself. Places of later protections stand here already, so that adding one moves nothing. */
export const ORDER: readonly PlaceRow[] = [
  { place: 'bans', phase: 'before', why: 'a banned client costs nothing but a look-up' },
  { place: 'hosts', phase: 'before', why: 'every later answer may name our host, so it must be one of ours' },
  { place: 'https', phase: 'before', why: 'nothing is decided about, or read from, a request in clear text' },
  { place: 'detection.target', phase: 'before', why: 'attacks on unmatched paths are signals too' },
  { place: 'cors', phase: 'before', why: 'a preflight carries no credentials and ends here' },
  { place: 'csrf.origin', phase: 'before', why: 'needs headers only, so no state is touched for a forged request' },
  { place: 'limits.address', phase: 'before', why: 'guards the cost of resolving an identity' },
  {
    place: 'identity',
    phase: 'before',
    why: 'a credential that is ambiguous or broken is refused before anything trusts it',
  },
  { place: 'csrf.header', phase: 'before', why: 'a token in a header is checked before a body is read' },
  { place: 'limits.identity', phase: 'before', why: 'needs to know who asks' },
  { place: 'schema.head', phase: 'before', why: 'parameters are checked before a rule loads objects by them' },
  { place: 'access', phase: 'before', why: 'who may not use the route makes us read no body' },
  { place: 'body', phase: 'body', why: 'only for those who may use the route' },
  { place: 'body.structure', phase: 'after', why: 'nothing walks a body whose shape was not judged' },
  { place: 'csrf.field', phase: 'after', why: 'the token stands in the body' },
  { place: 'limits.body', phase: 'after', why: 'keyed on a field of the body' },
  { place: 'detection.body', phase: 'after', why: 'needs the body' },
  { place: 'schema.body', phase: 'after', why: 'the handler sees only what was declared' },
  { place: 'access.input', phase: 'after', why: 'rules on what is being written' },
  { place: 'endpoint', phase: 'after', why: 'what a protection answers by itself needs no handler' },
  { place: 'handler', phase: 'handler', why: 'what the handler does is watched while it does it' },
  { place: 'headers', phase: 'finish', why: 'constant for a route, so first' },
  { place: 'csp', phase: 'finish', why: 'knows whether the page asked for a nonce' },
  { place: 'cors.headers', phase: 'finish', why: 'adds to Vary' },
  { place: 'cookies', phase: 'finish', why: 'all steps that set one have run' },
  { place: 'cache', phase: 'finish', why: 'knows at last whether the session was touched' },
  { place: 'limits.headers', phase: 'finish', why: 'tells what is left, on success and refusal alike' },
  { place: 'response.body', phase: 'finish', why: 'the leak filter sees the whole head' },
  { place: 'limits.settle', phase: 'end', why: 'some limits count by what came of the request' },
  { place: 'detection.score', phase: 'end', why: 'knows how the request ended' },
];

const INDEX: ReadonlyMap<string, number> = new Map(ORDER.map((row, index) => [row.place, index]));

/** Position of a place in the order; throws for a name that is not in the list. */
export function placeIndex(place: Place): number {
  const index = INDEX.get(place);
  if (index === undefined) throw new TypeError(`"${place}" is no place of the pipeline; see kernel/order.ts`);
  return index;
}

/** The phase in which a place runs. */
export function phaseOf(place: Place): Phase {
  return ORDER[placeIndex(place)]!.phase;
}
