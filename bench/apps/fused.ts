/** The same protections by hand in one function, everything prepared: how much cost is avoidable. Not for use. @module */
import { createHmac, createSecretKey, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';
import { openSync, write } from 'node:fs';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { BODY_LIMIT, EMAIL, JSON_BODY, LOG, page, PERMISSIONS, PORT, RATE_MAX, SITE, SPA } from './common.ts';

const csp = (nonce: string): string =>
  `default-src 'self';script-src 'self'${nonce === '' ? '' : ` 'nonce-${nonce}'`};style-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'`;
const FIXED = [
  ['strict-transport-security', 'max-age=31536000; includeSubDomains'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
  ['permissions-policy', PERMISSIONS],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['origin-agent-cluster', '?1'],
  ['vary', 'Origin'],
].flat();
const BASE = [...FIXED, 'content-security-policy', csp('')];
const ALLOWED: ReadonlySet<string> = new Set([SITE, SPA]);

const pool = Buffer.allocUnsafe(4096);
let at = pool.length;
function random(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  return pool.toString('base64url', at, (at += 16));
}

// A fixed window, the cheapest limiter there is.
let now = Date.now();
let since = now;
let hits = new Map<string, number>();
setInterval(() => {
  now = Date.now();
  if (now - since < 60_000) return;
  hits = new Map();
  since = now;
}, 50).unref();

const fd = openSync(LOG, 'w');
let lines = '';
function flush(): void {
  if (lines === '') return;
  const out = lines;
  lines = '';
  write(fd, out, () => undefined);
}
function log(method: string, url: string, status: number, began: number): void {
  const us = Math.round((performance.now() - began) * 1000);
  lines += `{"t":${now},"m":"${method}","u":${JSON.stringify(url)},"s":${status},"us":${us}}\n`;
  if (lines.length > 8192) flush();
}
setInterval(flush, 250).unref();

const key = createSecretKey(randomBytes(32));
const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
const sessions = new Map<string, { readonly csrf: string }>();
function sessionOf(cookie: string | undefined): { readonly csrf: string } | undefined {
  const value = cookie === undefined ? undefined : /(?:^|; )sid=([^.;]+)\.([^;]+)/.exec(cookie);
  if (!value || !same(Buffer.from(value[2]!, 'base64url'), mac(value[1]!))) return undefined;
  return sessions.get(value[1]!);
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}
const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});

function formAnswer(text: string, session: { readonly csrf: string }): Answer {
  const form = new URLSearchParams(text);
  if (!same(Buffer.from(form.get('_csrf') ?? ''), Buffer.from(session.csrf))) return json(403, { error: 'csrf' });
  const email = form.get('email') ?? '';
  const name = form.get('name') ?? '';
  const age = Number(form.get('age'));
  const sound =
    EMAIL.test(email) &&
    email.length <= 120 &&
    name.length >= 2 &&
    name.length <= 60 &&
    Number.isInteger(age) &&
    age >= 1 &&
    age <= 150;
  return sound ? json(200, { ok: true, email }) : json(400, { error: 'invalid' });
}

function readForm(req: IncomingMessage, done: (text: string) => void): void {
  let size = 0;
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > BODY_LIMIT) req.destroy();
    else chunks.push(chunk);
  });
  req.on('end', () => done((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString()));
}

http
  .createServer((req, res) => {
    const began = performance.now();
    const { headers, url = '' } = req;
    const address = req.socket.remoteAddress ?? '';
    const count = (hits.get(address) ?? 0) + 1;
    hits.set(address, count);
    const send = ({ status, type, body }: Answer, head = BASE.slice()): void => {
      const { origin } = headers;
      if (origin !== undefined && ALLOWED.has(origin))
        head.push('access-control-allow-origin', origin, 'access-control-allow-credentials', 'true');
      head.push('ratelimit-limit', String(RATE_MAX), 'ratelimit-remaining', String(RATE_MAX - count));
      head.push('content-type', type, 'content-length', String(Buffer.byteLength(body)));
      res.writeHead(status, head).end(body);
      log(req.method ?? '', url, status, began);
    };
    if (count > RATE_MAX) return send(json(429, { error: 'rate' }));
    if (url === '/json') return send(json(200, JSON_BODY));
    let session = sessionOf(headers.cookie);
    if (url === '/form' && req.method === 'POST') {
      if (session === undefined) return send(json(403, { error: 'csrf' }));
      if (Number(headers['content-length']) > BODY_LIMIT) return send(json(413, { error: 'too large' }));
      const known = session;
      return readForm(req, (text) => send(formAnswer(text, known)));
    }
    if (url !== '/page') return send(json(404, { error: 'not found' }));
    const nonce = random();
    const head = [...FIXED, 'content-security-policy', csp(nonce)];
    if (session === undefined) {
      const id = random();
      session = { csrf: random() };
      sessions.set(id, session);
      head.push('set-cookie', `sid=${id}.${mac(id).toString('base64url')}; Path=/; HttpOnly; SameSite=Lax`);
    }
    send({ status: 200, type: 'text/html; charset=utf-8', body: page(nonce, session.csrf) }, head);
  })
  .listen(PORT, '127.0.0.1');
