/**
 * The first page: what this is, and the way on.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { anyone } from 'dewar';
import { html } from '../html.ts';
import { render } from '../layout.ts';
import type { Services } from '../services.ts';

/** Declares `/`. */
export function homePage(app: FastifyInstance, services: Services): void {
  app.get('/', { access: anyone() }, async (request, reply) => {
    const guest = (await request.dewar.who()).kind !== 'account';
    const ways = guest
      ? html`<a class="button" href="/register">Register</a> <a href="/sign-in">Sign in</a>`
      : html`<a class="button" href="/tickets/new">Open a ticket</a> <a href="/tickets">See your tickets</a>`;
    const main = html`<p>
        Ask a question, report a fault, follow the answer. What you write is seen by you and by the people of the desk,
        and by nobody else.
      </p>
      <p class="actions">${ways}</p>`;
    return render(request, reply, services, { title: 'How can we help?', main, narrow: true });
  });
}
