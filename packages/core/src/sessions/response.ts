/**
 * A response that touched a session, or merely asked for one, is for one browser only. Whoever caches it hands it to
 * the next visitor (CVE-2023-30861, CVE-2026-27205); `Vary` alone does not stop caches that ignore it (CVE-2026-44457).
 * @module
 */
import { Slot } from '../kernel/index.ts';
import type { Context, ResponseHead, Step } from '../kernel/index.ts';

/** Somebody signed out in this request. */
export const SIGNED_OUT: Slot<boolean> = new Slot();

/** Not `cookies`: that would end the sign-in at every other application of the same registrable domain. */
const CLEAR = '"cache", "storage"';

/** Fields by which a shared cache is told otherwise than by Cache-Control (RFC 9213 and what was there before it). */
const FOR_SHARED_CACHES = /(?:^|-)cdn-cache-control$|^surrogate-control$|^x-accel-expires$|^edge-control$/;

/** The step, the same for every route. */
export function cacheStep(name: string, clearSiteData: boolean): Step {
  const start = `${name}=`;
  return {
    place: 'cache',
    finish(c, head) {
      if (head.cookies.length > 0) dropForged(c, head, start);
      if (!isPersonal(c, head)) return;
      forbidCaching(head);
      if (clearSiteData && SIGNED_OUT.get(c) === true) head.set('clear-site-data', CLEAR);
    },
  };
}

/** The session cookie is ours: what a handler writes under its name would be an id that somebody chose. */
function dropForged(c: Context, { cookies }: ResponseHead, start: string): void {
  for (let i = cookies.length - 1; i >= 0; i--) {
    if (!cookies[i]!.startsWith(start)) continue;
    cookies.splice(i, 1);
    c.kernel.report.conflict(c, 'set-cookie: the session');
  }
}

/** Whether the session was touched: to be asked and to say nobody is an answer about one browser as well. */
function isPersonal(c: Context, head: ResponseHead): boolean {
  const asked = c.touchedSession || c.identity !== undefined || c.identifying !== undefined;
  return asked || c.setsCookies || head.cookies.length > 0;
}

function forbidCaching(head: ResponseHead): void {
  const { fields } = head;
  // Only a handler sets these; the policy's own fields need no look.
  for (let i = head.handlers - 2; i >= 0; i -= 2) if (FOR_SHARED_CACHES.test(fields[i]!)) fields.splice(i, 2);
  head.set('cache-control', 'no-store');
  head.vary.push('Cookie');
}
