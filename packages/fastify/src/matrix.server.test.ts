/**
 * Every attack of the list on Fastify, over a real socket: it succeeds on the twin and fails here.
 * @module
 */
import { it } from 'node:test';
import { ATTACKS, matrix, SUBJECT_ORIGIN, subjectApp } from '@dewar/testing';
import Fastify from 'fastify';
import { defineDewar } from './index.ts';

const subject = subjectApp();
const dewar = defineDewar({
  policy: subject.policy,
  async app(plugin) {
    const app = Fastify(plugin.options);
    await app.register(plugin);
    // A new set of notes for each application, so that no attack sees another's.
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

for (const { title, run } of matrix([{ adapter: 'fastify', origin: SUBJECT_ORIGIN, dewar }], ATTACKS)) it(title, run);
