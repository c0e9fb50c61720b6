import Fastify from 'fastify';
import { anyone, signedIn } from 'dewar';
import { defineDewar } from 'dewar/fastify';

export default defineDewar({
  policy: { hosts: { allowed: ['app.example'] } },
  app: async (dewar) => {
    const app = Fastify(dewar.options);
    await app.register(dewar);
    app.get('/', { access: anyone() }, () => ({ hello: 'world' }));
    app.get('/account', { access: signedIn() }, async (request) => ({ you: await request.dewar.who() }));
    return app;
  },
});
