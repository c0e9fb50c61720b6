/** Bare node:http: the floor under everything. @module */
import http from 'node:http';
import { JSON_BODY, page, PORT } from './page.ts';

http
  .createServer((req, res) => {
    const [type, body] =
      req.url === '/json'
        ? ['application/json; charset=utf-8', JSON.stringify(JSON_BODY)]
        : ['text/html; charset=utf-8', page('', '')];
    res.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  })
  .listen(PORT, '127.0.0.1');
