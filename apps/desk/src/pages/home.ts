/**
 * The first page: what this is, the way on, and for whoever is signed in what waits for them.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { anyone } from 'dewar';
import type { AccountIdentity } from '@dewar/core';
import { html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { render } from '../layout.ts';
import { isStaff } from '../people.ts';
import type { Site } from '../services.ts';
import { emptyState, icon } from './parts.ts';
import { ticketRows } from './ticket-rows.ts';

/** Tickets that the first page shows. */
const FEW = 5;

/** Declares `/`. */
export function homePage(app: FastifyInstance, site: Site): void {
  app.get('/', { access: anyone() }, async (request, reply) => {
    const identity = await request.dewar.who();
    if (identity.kind !== 'account')
      return render(request, reply, site, { title: 'How can we help?', main: FRONT, kind: 'front' });
    const aside = html`<a class="button" href="/tickets/new">${icon('plus')}Open a ticket</a>`;
    const lead = 'Ask a question, report a fault, follow the answer.';
    const main = await waiting(site, identity);
    return render(request, reply, site, { title: 'How can we help?', lead, main, aside });
  });
}

async function waiting({ tickets }: Site, identity: AccountIdentity): Promise<Html> {
  const staff = isStaff(identity);
  const seen = { owner: staff ? null : identity.id, internal: staff };
  const counted: readonly (readonly [label: string, path: string, selection: object])[] = staff
    ? [
        ['open', '/tickets?status=open', { status: 'open' }],
        ['yours', '/tickets?status=open&who=me', { status: 'open', assignee: { id: identity.id } }],
        ['unassigned', '/tickets?status=open&who=nobody', { status: 'open', assignee: 'nobody' }],
      ]
    : [
        ['open', '/tickets?status=open', { status: 'open' }],
        ['closed', '/tickets?status=closed', { status: 'closed' }],
      ];
  const figures = await Promise.all(
    counted.map(async ([label, path, selection]) => {
      const { total } = await tickets.page({ ...seen, ...selection }, 1);
      return html`<li>
        <a class="card figure" href="${path}"><strong>${total}</strong> ${label}</a>
      </li>`;
    }),
  );
  const latest = (await tickets.page(seen, 1)).tickets.slice(0, FEW);
  const list =
    latest.length === 0
      ? emptyState('No tickets yet', 'Open your first one, and somebody from the desk will answer.')
      : ticketRows(latest, staff);
  return html`<ul class="figures">
      ${figures}
    </ul>
    <div class="head">
      <h2>Latest</h2>
      <a href="/tickets">See all tickets</a>
    </div>
    ${list}`;
}

const FRONT: Html = html`<div class="hero">
    <div>
      <h1>How can we help?</h1>
      <p class="lead">
        Ask a question, report a fault, follow the answer. People read what you write, and people answer.
      </p>
      <p class="actions"><a class="button" href="/register">Register</a> <a class="button second" href="/sign-in">Sign in</a></p>
    </div>
    <div class="sketch" aria-hidden="true">
      <div class="card talk-sketch">
        <p><span class="avatar tone-1">JL</span><span class="bubble">Sensor 14 reports −273 °C.</span></p>
        <p class="ours"><span class="bubble">Congratulations! Or a broken wire?</span><span class="avatar tone-4">PV</span></p>
        <p><span class="avatar tone-1">JL</span><span class="bubble">It was the wire.</span></p>
      </div>
    </div>
  </div>
  <ul class="features">
    <li>
      ${icon('chat')}
      <h2>One conversation</h2>
      <p>Your question and every answer to it stay in one place, for as long as you need them.</p>
    </li>
    <li>
      ${icon('lock')}
      <h2>Private</h2>
      <p>What you write is seen by you and by the people of the desk, and by nobody else.</p>
    </li>
    <li>
      ${icon('shield')}
      <h2>Yours to control</h2>
      <p>See where you are signed in, and end any session at once.</p>
    </li>
  </ul>`;
