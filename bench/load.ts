/**
 * A closed loop of keep-alive connections that sends a fixed number of requests. Run as a process of its own, so that
 * its cost is nobody's. Prints how many answers were not 200.
 * @module
 */
import { connect } from 'node:net';

const [port, count, connections, request] = process.argv.slice(2) as [string, string, string, string];
const bytes = Buffer.from(request.replaceAll('\\r\\n', '\r\n'), 'latin1');
const HEAD_END = Buffer.from('\r\n\r\n');

let toSend = Number(count);
let bad = 0;

/** One connection: a request, its whole answer, the next. */
function drive(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let buffer = Buffer.alloc(0);
    const next = (): void => {
      if (toSend-- > 0) socket.write(bytes);
      else socket.end();
    };
    socket.setNoDelay(true);
    socket.on('connect', next);
    socket.on('data', (chunk) => {
      buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
      const head = buffer.indexOf(HEAD_END);
      if (head < 0) return;
      const text = buffer.toString('latin1', 0, head);
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (buffer.length < head + 4 + length) return;
      if (!text.startsWith('HTTP/1.1 200')) bad++;
      buffer = buffer.subarray(head + 4 + length);
      next();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

await Promise.all(Array.from({ length: Number(connections) }, drive));
console.log(bad);
