/** Bare node:http: the floor under everything. @module */
import http from 'node:http';
import { JSON_BODY, page, PORT } from './common.ts';

http
  .createServer((req, res) => {
    const send = (type: string, body: string): void => {
      res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
    };
    if (req.method !== 'POST')
      return req.url === '/json'
        ? send('application/json; charset=utf-8', JSON.stringify(JSON_BODY))
        : send('text/html; charset=utf-8', page('', ''));
    let text = '';
    req.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    req.on('end', () => {
      const email = new URLSearchParams(text).get('email');
      send('application/json; charset=utf-8', JSON.stringify({ ok: true, email }));
    });
  })
  .listen(PORT, '127.0.0.1');
