/**
 * Writes exactly the bytes it is given to a loopback socket and reads what comes back: smuggling, duplicates, bad
 * framing and slow clients cannot be expressed through an HTTP library that corrects its caller.
 * @module
 */
import { BlockList, connect, isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResponseReader } from './http-message.ts';
import type { Socket } from 'node:net';
import type { Field, RawResponse } from './http-message.ts';

/** Where to connect: an `http:` URL, of which only host and port count, or these two. */
export type RawTarget = string | { readonly host: string; readonly port: number };

/** One step of a request written in pieces; a string is sent as latin1. */
export type RawStep =
  | string
  | Buffer
  /** Milliseconds to wait before the next piece, as a slow client does. */
  | { readonly pause: number }
  /** Waits for a 1xx response, as a client does that sent `Expect: 100-continue`; gives up at the timeout. */
  | { readonly until: 'interim' };

/** How a raw request is sent and when its answer is complete. */
export interface RawOptions {
  /** Milliseconds until the connection is given up. @default 2000 */
  readonly timeout?: number;
  /** Whether to close our writing side (FIN) when everything is written. @default false */
  readonly half?: boolean;
  /** How many final responses to wait for; `Infinity` collects until close or timeout. @default 1 */
  readonly responses?: number;
  /** Whether to see the server close after a last response that announces it. @default true */
  readonly awaitClose?: boolean;
  /** The methods of the requests in these bytes, for HEAD and CONNECT. @default the first word of the bytes */
  readonly methods?: readonly string[];
}

/** What happened on the connection. */
export interface RawExchange {
  /** Every complete final response, in order. */
  readonly responses: readonly RawResponse[];
  /** The first response; throws, saying what came instead, when there was none. */
  readonly response: RawResponse;
  /** What the server sent that is no HTTP, or not whole. */
  readonly fault: string | undefined;
  /** Bytes after the last complete response. */
  readonly rest: Buffer;
  /** Whether the server closed the connection before we did. */
  readonly closed: boolean;
  /** Whether that was a reset. */
  readonly reset: boolean;
  /** Whether the timeout ended the exchange. */
  readonly timedOut: boolean;
  /** Every byte received. */
  readonly raw: Buffer;
}

const DEFAULT_TIMEOUT = 2000;
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Sends these bytes to a loopback address, on a connection of their own, and reports all that came back. */
export async function rawRequest(
  target: RawTarget,
  bytes: string | Buffer | readonly RawStep[],
  options: RawOptions = {},
): Promise<RawExchange> {
  const { host, port } = locate(target);
  const steps = typeof bytes === 'string' || Buffer.isBuffer(bytes) ? [bytes] : bytes;
  const { timeout = DEFAULT_TIMEOUT, responses = 1, awaitClose = true, half = false } = options;
  const reader = new ResponseReader(options.methods ?? [firstWord(steps)]);
  const socket = await open(host, port, timeout);
  const received: Buffer[] = [];
  const end = { closed: false, reset: false, timedOut: false };
  const stop = new AbortController();
  let interim: (() => void) | undefined;

  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => ((end.timedOut = true), resolve()), timeout);
    stop.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk);
      reader.push(chunk);
      if (reader.interimCount > 0) interim?.();
      const last = reader.responses.at(-1);
      if (reader.responses.length >= responses && !(awaitClose && announcesClose(last))) resolve();
    });
    socket.on('end', () => ((end.closed = true), resolve()));
    socket.on('error', (fault: NodeJS.ErrnoException) => {
      end.closed = true;
      end.reset = fault.code === 'ECONNRESET' || fault.code === 'EPIPE';
      // After a failed write the answer may still be in the socket: `close` comes when it has been read.
    });
    socket.on('close', () => resolve());
    const untilInterim = new Promise<void>((seen) => (interim = seen));
    write(socket, steps, untilInterim, stop.signal)
      .then((done) => void (done && half && socket.end()))
      .catch(() => undefined);
  });

  stop.abort();
  if (end.closed) reader.end();
  socket.destroy();
  return exchangeOf(reader, end, Buffer.concat(received));
}

/** The bytes of a request with field order, duplicates and letter case exactly as given; nothing is added. */
export function head(
  method: string,
  target: string,
  fields: readonly Field[] = [],
  body: string | Buffer = '',
): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...fields.map(([name, value]) => `${name}: ${value}`)];
  const content = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
}

async function write(
  socket: Socket,
  steps: readonly RawStep[],
  untilInterim: Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  for (const step of steps) {
    if (signal.aborted || socket.destroyed) return false;
    if (typeof step === 'string') socket.write(step, 'latin1');
    else if (Buffer.isBuffer(step)) socket.write(step);
    else if ('pause' in step) await sleep(step.pause, undefined, { signal });
    else await untilInterim;
  }
  return true;
}

function exchangeOf(
  reader: ResponseReader,
  end: Pick<RawExchange, 'closed' | 'reset' | 'timedOut'>,
  raw: Buffer,
): RawExchange {
  const { responses, fault, rest } = reader;
  return {
    responses,
    fault,
    rest,
    raw,
    ...end,
    get response(): RawResponse {
      const first = responses[0];
      if (first !== undefined) return first;
      if (fault !== undefined) throw new Error(fault);
      const why = end.reset ? 'reset the connection' : end.closed ? 'closed the connection' : 'stayed silent';
      throw new Error(`no response: the server ${why} after ${raw.length} bytes${end.timedOut ? ' (timed out)' : ''}`);
    },
  };
}

function announcesClose(response: RawResponse | undefined): boolean {
  return response?.header('connection')?.toLowerCase().includes('close') ?? false;
}

function firstWord(steps: readonly RawStep[]): string {
  const first = steps.find((step) => typeof step === 'string' || Buffer.isBuffer(step));
  return (first?.toString('latin1') ?? '').split(' ', 1)[0]!;
}

function locate(target: RawTarget): { host: string; port: number } {
  if (typeof target !== 'string') return { host: target.host, port: target.port };
  const url = new URL(target);
  if (url.protocol !== 'http:') throw new Error(`rawRequest: "${target}" is not an http: URL`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port) };
}

/** Loopback only: a test kit that can be pointed at other people's machines is a weapon. */
function open(host: string, port: number, timeout: number): Promise<Socket> {
  if (host !== 'localhost' && !isLoopback(host)) {
    throw new Error(`rawRequest connects to loopback addresses only: "${host}" is none`);
  }
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeout} ms`)), timeout);
    socket.once('error', reject);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', reject);
      if (isLoopback(socket.remoteAddress ?? '')) return resolve(socket);
      socket.destroy();
      reject(new Error(`rawRequest connects to loopback addresses only: "${host}" led to ${socket.remoteAddress}`));
    });
    socket.once('close', () => clearTimeout(timer));
  });
}

function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
