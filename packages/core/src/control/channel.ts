/**
 * The socket itself: one question a connection, one line each way, bounded in every direction. Never on a network.
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { answerTo } from './answers.ts';
import type { ControlAnswer, ControlSource } from './answers.ts';
import { placeFor } from './place.ts';

/** Bytes of a question. */
const MOST_ASKED = 1024;
/** Bytes of an answer. */
const MOST_TOLD = 16 * 1024 * 1024;
const MOST_CONNECTIONS = 8;
/** Milliseconds in which a question is asked and its answer taken. */
const PATIENCE = 5_000;

export interface ControlOptions extends ControlSource {
  /** Path of the socket. Its folder is made with mode 0700 where it is missing; others must not be able to write to it. */
  readonly path: string;
}

/** A channel that is open. */
export interface Control {
  /** Absolute. */
  readonly path: string;
  close(): Promise<void>;
}

/** Opens the channel. A socket that a process before left, or still has, is replaced: the newest process answers. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const { kernel } = options;
  const place = placeFor(options.path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => serve(socket, options, sockets));
  server.maxConnections = MOST_CONNECTIONS;
  try {
    await listen(server, place.draft);
    place.settle();
  } catch (error) {
    server.close();
    place.remove();
    throw error;
  }
  // Whoever looks must not keep alive what is looked at.
  server.unref();
  kernel.emit('control.opened', { path: place.path });
  return {
    path: place.path,
    async close() {
      place.remove();
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  server.listen({ path });
  await once(server, 'listening');
}

function serve(socket: Socket, source: ControlSource, sockets: Set<Socket>): void {
  let asked = '';
  sockets.add(socket);
  socket.unref();
  socket.setEncoding('utf8');
  socket.setTimeout(PATIENCE, () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
  // A reader that is gone is no fault of the application.
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: string) => {
    asked += part;
    const end = asked.indexOf('\n');
    if (end === -1 && asked.length <= MOST_ASKED) return;
    socket.removeAllListeners('data');
    socket.pause();
    void tell(socket, source, end === -1 || end > MOST_ASKED ? undefined : asked.slice(0, end));
  });
}

async function tell(socket: Socket, source: ControlSource, line: string | undefined): Promise<void> {
  const asked = parsed(line);
  let text: string;
  let answered = false;
  try {
    const answer: ControlAnswer =
      asked === undefined ? failed('a question is one line of JSON') : await answerTo(source, asked);
    text = JSON.stringify(answer);
    answered = answer.ok;
  } catch {
    // What a part threw is for the log of the application, which it may name anything in.
    text = JSON.stringify(failed('the question could not be answered'));
  }
  const { ask } = (asked ?? {}) as { readonly ask?: unknown };
  source.kernel.emit('control.asked', { ask: KNOWN.has(ask) ? String(ask) : 'unknown', answered });
  socket.end(`${text.length <= MOST_TOLD ? text : JSON.stringify(failed('the answer is too large'))}\n`);
}

function failed(error: string): ControlAnswer {
  return { ok: false, error };
}

const KNOWN: ReadonlySet<unknown> = new Set(['explain', 'policy', 'config', 'report']);

function parsed(line: string | undefined): unknown {
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
