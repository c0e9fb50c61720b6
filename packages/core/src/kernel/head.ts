/**
 * Makes the head of a response: what the handler set, less what the policy owns, plus what the protections add.
 * @module
 */
import { variantIndex } from './compile.ts';
import { isReady } from './constant-fields.ts';
import type { ConstantFields } from './constant-fields.ts';
import type { Context } from './context.ts';
import type { FieldList, ResponseHead, ResponseKind } from './steps.ts';

/** Fields that name the server or its parts; removed from every response. */
const NAMES_THE_SERVER: ReadonlySet<string> = new Set([
  'server',
  'x-powered-by',
  'x-aspnet-version',
  'x-runtime',
  'via',
]);

/** A head in two parts, for who can write ready text. */
export type HeadParts = Pick<Head, 'fields' | 'flat' | 'takeReady'>;

/** The one mutable thing finish steps see, and what is written of it in the end. */
export class Head implements ResponseHead {
  readonly secure: boolean;
  readonly kind: ResponseKind;
  readonly status: number;
  readonly fields: string[] = [];
  readonly vary: string[] = [];
  readonly cookies: string[] = [];
  handlers = 0;
  /** The fields that never change, as they go over the line; `null` once one of them was replaced. */
  constant: ConstantFields | null;

  constructor(secure: boolean, kind: ResponseKind, status: number, constant: ConstantFields) {
    this.secure = secure;
    this.kind = kind;
    this.status = status;
    this.constant = constant;
  }

  set(name: string, value: string): void {
    if (this.constant?.names.has(name) === true) {
      this.fields.push(...this.constant.list);
      this.constant = null;
    }
    setField(this.fields, name, value);
  }

  /**
   * The policy's fields as ready text, constant ones and others, taken off the list: only the handler's are left there.
   * `null`, and nothing taken, where one of them has to go the ordinary way.
   */
  takeReady(): string | null {
    if (this.constant === null) return null;
    const { fields } = this;
    // A step may have dropped fields of the handler's; what then stands before the mark stays on the list.
    const from = Math.min(this.handlers, fields.length);
    let { text } = this.constant;
    for (let i = from; i < fields.length; i += 2) {
      const name = fields[i]!;
      const value = fields[i + 1]!;
      if (!isReady(name, value)) return null;
      text += `${name}: ${value}\r\n`;
    }
    fields.length = from;
    return text;
  }

  /** All fields as one flat list. */
  flat(): string[] {
    return this.constant === null ? this.fields : [...this.fields, ...this.constant.list];
  }
}

/** Sets a field in place of every earlier one of that lower-case name. */
export function setField(fields: string[], name: string, value: string): void {
  for (let i = fields.length - 2; i >= 0; i -= 2) if (fields[i] === name) fields.splice(i, 2);
  fields.push(name, value);
}

/**
 * The complete head. `own` are the handler's fields: one that the policy owns gives way to the policy's, since two
 * values of one security field are read differently by different browsers.
 */
export function makeHead(c: Context, status: number, own: FieldList, kind: ResponseKind = kindOf(status, own)): Head {
  const { route, facts } = c;
  const head = new Head(facts.secure, kind, status, route.heads[variantIndex(facts.secure, kind)]!);
  takeOwn(c, head, own);
  const { fields } = head;
  head.handlers = fields.length;
  for (const step of route.finish) step.finish(c, head);
  c.headSent = true;
  for (const cookie of head.cookies) fields.push('set-cookie', cookie);
  if (c.setsCookies) for (const cookie of c.cookies) fields.push('set-cookie', cookie);
  if (head.vary.length > 0) fields.push('vary', joinVary(head.vary));
  return head;
}

/** The constant part alone, for when a finish step is what failed. */
export function constantHead(c: Context, own: FieldList): string[] {
  c.headSent = true;
  return [...own, ...c.route.heads[variantIndex(c.facts.secure, 'data')]!.list];
}

function takeOwn(c: Context, head: Head, own: FieldList): void {
  const { owned } = c.route;
  for (let i = 0; i < own.length; i += 2) {
    const name = own[i]!;
    const value = own[i + 1]!;
    const lower = name.toLowerCase();
    if (lower === 'vary') head.vary.push(value);
    else if (lower === 'set-cookie') head.cookies.push(value);
    else if (owned.has(lower)) c.kernel.report.conflict(c, lower);
    else if (!NAMES_THE_SERVER.has(lower)) head.fields.push(lower, value);
  }
}

function kindOf(status: number, own: FieldList): ResponseKind {
  if (status === 304) return 'unchanged';
  for (let i = 0; i < own.length; i += 2) {
    const name = own[i]!;
    if (name.length === 12 && name.toLowerCase() === 'content-type') return isHtml(own[i + 1]!) ? 'page' : 'data';
  }
  return 'data';
}

/** Types are compared without case (RFC 9110, 8.3.1). XHTML and SVG documents get the tight policy. */
function isHtml(type: string): boolean {
  return type.startsWith('text/html') || /^\s*text\/html\s*(;|$)/i.test(type);
}

/** Joins without repeating; `*` swallows the rest (RFC 9110, 12.5.5). Mostly there are one or two, so no map is made. */
function joinVary(values: readonly string[]): string {
  if (values.length === 1) return values[0]!;
  let joined = '';
  const seen: string[] = [];
  for (const name of values.join(',').split(',')) {
    const text = name.trim();
    const lower = text.toLowerCase();
    if (lower === '*') return '*';
    if (text === '' || seen.includes(lower)) continue;
    seen.push(lower);
    joined = joined === '' ? text : `${joined}, ${text}`;
  }
  return joined;
}
