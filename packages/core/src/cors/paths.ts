/**
 * Path patterns of rules. A rule is found by the canonical path of the request, the same that the router matches, and
 * never by a second idea of it: letter case, `+`, a trailing slash and escapes mean what they mean to routes.
 * @module
 */
import type { Fault } from './origins.ts';

/** One segment of a pattern: a text, any one segment, or everything that follows. */
type Segment = string | typeof ONE | typeof REST;

const ONE: unique symbol = Symbol('one segment');
const REST: unique symbol = Symbol('everything below');

/** A pattern, ready to be asked. */
export interface PathPattern {
  readonly text: string;
  /** The same for two patterns that fit the same paths. */
  readonly shape: string;
  readonly segments: readonly Segment[];
  fits(path: string): boolean;
}

/** What stands in a canonical path. */
const SEGMENT = /^(?:[\w\-.~!$&'()+,=@][\w\-.~!$&'()+,=:@%]*|%[0-9A-F]{2}[\w\-.~!$&'()+,=:@%]*)?$/;
const PARAMETER = /^:\w+$/;

/** What is wrong with the path of a rule. */
export function pathFault(path: unknown): Fault | undefined {
  const write = `write '/api/orders', '/api/orders/:id' or '/api/*'`;
  if (typeof path !== 'string' || !path.startsWith('/')) return { wrong: 'is no path', write };
  const star = path.indexOf('*');
  if (star >= 0 && (star !== path.length - 1 || !path.endsWith('/*'))) {
    return { wrong: `"${path}" has its star elsewhere than at the end, after a slash`, write };
  }
  const segments = path.slice(1).split('/');
  const wrong = segments.find((one) => one !== '*' && !PARAMETER.test(one) && (!SEGMENT.test(one) || isDots(one)));
  return wrong === undefined ? undefined : { wrong: `"${path}" holds "${wrong}", which stands in no request`, write };
}

function isDots(segment: string): boolean {
  return segment === '.' || segment === '..';
}

/** Compiles a path that has no fault. */
export function compilePath(text: string): PathPattern {
  const segments = segmentsOf(text);
  const source = segments.map((one) => (one === ONE ? '[^/]+' : one === REST ? '.*' : literal(one))).join('/');
  const whole = new RegExp(`^/${source}$`);
  const exact = segments.every((one) => typeof one === 'string');
  return {
    text,
    shape: segments.map((one) => (one === ONE ? ':' : one === REST ? '*' : one)).join('/'),
    segments,
    fits: exact ? (path) => path === text : (path) => whole.test(path),
  };
}

function segmentsOf(path: string): Segment[] {
  return path
    .slice(1)
    .split('/')
    .map((one) => (one === '*' ? REST : PARAMETER.test(one) ? ONE : one));
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The more specific first: at the first segment that differs, a text comes before a parameter, and that before a star. */
export function bySpecificity(a: PathPattern, b: PathPattern): number {
  for (let at = 0; at < Math.max(a.segments.length, b.segments.length); at++) {
    const difference = rank(a.segments[at]) - rank(b.segments[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(segment: Segment | undefined): number {
  return segment === undefined || segment === REST ? 2 : segment === ONE ? 1 : 0;
}

/** True where some path fits both a rule's pattern and a route's, which may hold more than rules can say. */
export function overlap(pattern: PathPattern, route: string): boolean {
  const other = route.slice(1).split('/');
  for (let at = 0; ; at++) {
    const mine = pattern.segments[at];
    const theirs = other[at];
    if (mine === REST) return theirs !== undefined;
    // A star of a router may stand inside a segment and then takes everything behind it as well.
    if (theirs !== undefined && theirs.includes('*')) return mine !== undefined;
    if (mine === undefined && theirs?.endsWith('?') === true) return true;
    if (mine === undefined || theirs === undefined) return mine === theirs;
    const free = mine === ONE || theirs.includes(':') || theirs.includes('(');
    if (!free && mine !== theirs) return false;
  }
}
