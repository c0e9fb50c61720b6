/**
 * Desk: wires the pages, the JSON interface and the assets, each route with its rule.
 * @module
 */
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { any, anyone, owner, resource, role } from 'dewar';
import type { FastifyDewar } from 'dewar/fastify';
import { api } from './api.ts';
import { serveAssets } from './assets.ts';
import { accountPages } from './pages/account.ts';
import { adminPages } from './pages/admin.ts';
import { homePage } from './pages/home.ts';
import { newTicketPages } from './pages/new-ticket.ts';
import { personPages } from './pages/person.ts';
import { registerPages } from './pages/register.ts';
import { signInPages } from './pages/sign-in.ts';
import { ticketPages } from './pages/ticket.ts';
import { ticketListPages } from './pages/tickets.ts';
import type { Services } from './services.ts';
import type { Ticket } from './tickets.ts';

/** The application, not listening. */
export async function deskApp(dewar: FastifyDewar, services: Services): Promise<FastifyInstance> {
  const app = Fastify(dewar.options);
  await app.register(dewar);

  const ticket = resource<Ticket>('ticket', {
    load: ({ id }) => services.tickets.byId(id),
    of: (found) => found.owner,
  });
  const ownerOrDesk = any(role('agent'), owner(ticket));

  const site = { ...services, assets: serveAssets(app) };
  homePage(app, site);
  registerPages(app, site);
  signInPages(app, site);
  ticketListPages(app, site);
  newTicketPages(app, site);
  ticketPages(app, site, ticket, ownerOrDesk);
  accountPages(app, site);
  adminPages(app, site);
  personPages(app, site);
  api(app, services, ticket, ownerOrDesk);

  app.get('/healthz', { access: anyone(), policy: { withoutHost: true } }, async (_request, reply) => {
    const { ok } = await services.stores.health();
    return reply
      .code(ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ok });
  });
  return app;
}
