/** The same protections by hand in one function, everything prepared: how much cost is avoidable. Not for use. @module */
import { createHmac, createSecretKey, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';
import { openSync, write } from 'node:fs';
import http from 'node:http';
import { JSON_BODY, LOG, page, PORT } from './page.ts';

const csp = (nonce: string): string =>
  `default-src 'self';script-src 'self'${nonce === '' ? '' : ` 'nonce-${nonce}'`};style-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'`;
const FIXED = [
  ['strict-transport-security', 'max-age=31536000; includeSubDomains'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), microphone=(), geolocation=()'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['origin-agent-cluster', '?1'],
].flat();
const BASE = [...FIXED, 'content-security-policy', csp('')];

const pool = Buffer.allocUnsafe(4096);
let at = pool.length;
function random(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  return pool.toString('base64url', at, (at += 16));
}

const fd = openSync(LOG, 'w');
let lines = '';
function flush(): void {
  if (lines === '') return;
  const out = lines;
  lines = '';
  write(fd, out, () => undefined);
}
function log(method: string, url: string, status: number): void {
  lines += `{"t":${Date.now()},"m":"${method}","u":${JSON.stringify(url)},"s":${status}}\n`;
  if (lines.length > 8192) flush();
}
setInterval(flush, 250).unref();

const key = createSecretKey(randomBytes(32));
const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sessions = new Map<string, { readonly csrf: string }>();
function sessionOf(cookie: string | undefined): { readonly csrf: string } | undefined {
  const value = cookie === undefined ? undefined : /(?:^|; )sid=([^.;]+)\.([^;]+)/.exec(cookie);
  if (!value) return undefined;
  const tag = Buffer.from(value[2]!, 'base64url');
  const right = mac(value[1]!);
  return tag.length === right.length && timingSafeEqual(tag, right) ? sessions.get(value[1]!) : undefined;
}

http
  .createServer((req, res) => {
    const url = req.url ?? '';
    const send = (status: number, type: string, body: string, head = BASE.slice()): void => {
      head.push('content-type', type, 'content-length', String(Buffer.byteLength(body)));
      res.writeHead(status, head).end(body);
      log(req.method ?? '', url, status);
    };
    if (url === '/json') return send(200, 'application/json; charset=utf-8', JSON.stringify(JSON_BODY));
    if (url !== '/page') return send(403, 'application/json', '{}');
    let session = sessionOf(req.headers.cookie);
    const nonce = random();
    const head = [...FIXED, 'content-security-policy', csp(nonce)];
    if (session === undefined) {
      const id = random();
      session = { csrf: random() };
      sessions.set(id, session);
      head.push('set-cookie', `sid=${id}.${mac(id).toString('base64url')}; Path=/; HttpOnly; SameSite=Lax`);
    }
    send(200, 'text/html; charset=utf-8', page(nonce, session.csrf), head);
  })
  .listen(PORT, '127.0.0.1');
