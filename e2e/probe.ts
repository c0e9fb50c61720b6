import http from 'node:http';
import { chromium } from 'playwright-core';
const log: string[] = [];
const s = http.createServer((q, r) => {
  log.push(`${q.method} ${q.headers.host}${q.url} cookie=${q.headers.cookie ?? ''} sfs=${q.headers['sec-fetch-site'] ?? ''} o=${q.headers.origin ?? ''}`);
  if (q.url === '/set') r.setHeader('set-cookie', '__Host-s=1; Path=/; Secure; HttpOnly; SameSite=Lax');
  r.setHeader('content-type', 'text/html');
  r.end('<title>x</title>');
});
await new Promise<void>((ok) => s.listen(0, '127.0.0.1', ok));
const { port } = s.address() as { port: number };
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(' ') });
const c = await b.newContext();
const p = await c.newPage();
for (const base of ['desk.localhost', 'localhost']) {
  await p.goto(`http://${base}:${port}/set`);
  await p.goto(`http://${base}:${port}/again`);
  console.log(await c.cookies());
}
for (const from of ['evil.desk.localhost', 'evil.localhost', '127.0.0.1']) {
  await p.goto(`http://${from}:${port}/evil`);
  await Promise.all([p.waitForURL('**/post'), p.evaluate(`(() => { const f = document.createElement('form'); f.method='post'; f.action='http://desk.localhost:${port}/post'; document.body.append(f); f.submit(); })()`)]);
}
console.log(log.filter((l) => !l.includes('favicon')).join('\n'));
await b.close(); s.close();
