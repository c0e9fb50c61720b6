/**
 * Makes the head of a response: what the handler set, less what the policy owns, plus what the protections add.
 * @module
 */
import { variantIndex } from './compile.ts';
import type { Context } from './context.ts';
import type { FieldList, ResponseHead } from './protection.ts';
import type { CompiledRoute } from './route.ts';

/** Fields that name the server or its parts; removed from every response. */
const NAMES_THE_SERVER: ReadonlySet<string> = new Set([
  'server',
  'x-powered-by',
  'x-aspnet-version',
  'x-runtime',
  'via',
]);

/** The one mutable thing finish steps see. */
class Head implements ResponseHead {
  readonly secure: boolean;
  readonly page: boolean;
  readonly status: number;
  readonly fields: string[];
  readonly vary: string[] = [];
  readonly cookies: string[] = [];

  constructor(secure: boolean, page: boolean, status: number, fields: string[]) {
    this.secure = secure;
    this.page = page;
    this.status = status;
    this.fields = fields;
  }

  set(name: string, value: string): void {
    const { fields } = this;
    for (let i = fields.length - 2; i >= 0; i -= 2) if (fields[i]!.toLowerCase() === name) fields.splice(i, 2);
    fields.push(name, value);
  }
}

/**
 * The complete head as a flat list. `own` are the handler's fields: one that the policy owns gives way to the
 * policy's, since two values of one security field are read differently by different browsers.
 */
export function makeHead(c: Context, status: number, own: FieldList, page: boolean = isPage(own)): string[] {
  const { route, facts } = c;
  const constant = route.heads[variantIndex(facts.secure, page)]!;
  const fields: string[] = [];
  const head = new Head(facts.secure, page, status, fields);
  const owned = ownedNames(route);
  for (let i = 0; i < own.length; i += 2) {
    const name = own[i]!;
    const value = own[i + 1]!;
    const lower = name.toLowerCase();
    if (lower === 'vary') head.vary.push(value);
    else if (lower === 'set-cookie') head.cookies.push(value);
    else if (owned.has(lower)) c.kernel.conflict(c, lower);
    else if (!NAMES_THE_SERVER.has(lower)) fields.push(name, value);
  }
  for (let i = 0; i < constant.length; i++) fields.push(constant[i]!);
  for (const step of route.finish) step.finish(c, head);
  for (const cookie of head.cookies) fields.push('set-cookie', cookie);
  if (c.setCookies !== undefined) for (const cookie of c.setCookies) fields.push('set-cookie', cookie);
  if (head.vary.length > 0) fields.push('vary', joinVary(head.vary));
  return fields;
}

const owned = new WeakMap<CompiledRoute, ReadonlySet<string>>();

/** Names that the constant part sets in any variant. */
function ownedNames(route: CompiledRoute): ReadonlySet<string> {
  let names = owned.get(route);
  if (names === undefined) {
    names = new Set(route.heads.flatMap((list) => list.filter((_, index) => index % 2 === 0)));
    owned.set(route, names);
  }
  return names;
}

function isPage(own: FieldList): boolean {
  for (let i = 0; i < own.length; i += 2) {
    const name = own[i]!;
    if (name.length === 12 && name.toLowerCase() === 'content-type') return own[i + 1]!.startsWith('text/html');
  }
  return false;
}

/** Joins without repeating; `*` swallows the rest (RFC 9110, 12.5.5). */
function joinVary(values: readonly string[]): string {
  if (values.length === 1) return values[0]!;
  const names = new Map(
    values.flatMap((value) => value.split(',')).map((name) => [name.trim().toLowerCase(), name.trim()]),
  );
  return names.has('*') ? '*' : [...names.values()].join(', ');
}
