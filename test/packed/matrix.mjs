/**
 * Runs inside the scratch project of `packed.test.ts`: every attack, on the published packages alone.
 * Prints one JSON list of outcomes.
 * @module
 */
import Fastify from 'fastify';
import { ATTACKS, runAttack, SUBJECT_ORIGIN, subjectApp } from '@dewar/testing';
import { defineDewar } from '@dewar/fastify';

const dewar = defineDewar({
  policy: subjectApp().policy,
  async app(plugin) {
    const app = Fastify(plugin.options);
    await app.register(plugin);
    for (const route of subjectApp().routes) {
      const { method, path: url, access, policy = {}, schema = {} } = route;
      app.route({
        method,
        url,
        access,
        policy,
        schema,
        async handler(request, reply) {
          const { status = 200, type = 'application/json', body, fields = {} } = await route.handle(request.dewar);
          return reply.status(status).headers(fields).type(type).send(body);
        },
      });
    }
    return app;
  },
});

const outcomes = [];
for (const attack of ATTACKS)
  outcomes.push(await runAttack({ adapter: 'fastify', origin: SUBJECT_ORIGIN, dewar }, attack));
process.stdout.write(`${JSON.stringify(outcomes)}\n`);
