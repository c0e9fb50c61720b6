/**
 * The subject of the attacks on Fastify, and an ear on the line between it and whoever attacks.
 * @module
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Dewar } from '@dewar/core';
import { defineDewar } from '@dewar/fastify';
import type { FastifyDewar } from '@dewar/fastify';
import { subjectApp } from '@dewar/testing';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';

/** The subject, mounted as an owner would. Each application that is built from it has notes of its own. */
export const subject: Dewar<FastifyDewar, FastifyInstance> = defineDewar({
  policy: subjectApp().policy,
  async app(plugin) {
    const app = Fastify(plugin.options);
    await app.register(plugin);
    for (const { method, path: url, access, policy = {}, schema = {}, handle } of subjectApp().routes) {
      app.route({
        method,
        url,
        access,
        policy,
        schema,
        async handler(request, reply) {
          const { status = 200, type = 'application/json', body, fields = {} } = await handle(request.dewar);
          return reply.status(status).headers(fields).type(type).send(body);
        },
      });
    }
    return app;
  },
});

/** What a server sent while somebody listened. */
export interface Tapped {
  /** Where clients connect instead. */
  readonly url: string;
  /** Complete answers as text, in no order. */
  answers(): readonly string[];
  close(): Promise<void>;
}

/** Passes every byte on to `url` and keeps what comes back. */
export async function tap(url: string): Promise<Tapped> {
  const { hostname, port } = new URL(url);
  const heard: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const relay = createServer((client) => {
    const server = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    heard.push(chunks);
    server.on('data', (chunk) => chunks.push(chunk));
    for (const socket of [client, server]) sockets.add(socket.on('error', () => undefined));
    client.pipe(server).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
    answers: () =>
      heard.flatMap((chunks) =>
        Buffer.concat(chunks)
          .toString('latin1')
          .split(/(?=HTTP\/1\.1 \d{3} )/),
      ),
    async close() {
      for (const socket of sockets) socket.destroy();
      relay.close();
      await once(relay, 'close');
    },
  };
}
