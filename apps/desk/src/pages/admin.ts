/**
 * The people of this desk and their roles, for administrators.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { role } from 'dewar';
import { sessionsOf } from '@dewar/core/sessions';
import type { AccountRecord } from '@dewar/core';
import type { RoleChange } from '@dewar/accounts';
import { checkbox, form } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { textOf, textsOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { csrfOf, render } from '../layout.ts';
import { ROLES } from '../services.ts';
import type { Services } from '../services.ts';

const PAGE = 50;

const REFUSED: Readonly<Partial<Record<RoleChange, string>>> = {
  'unknown-account': 'That account is gone. Nothing was changed.',
  'unknown-role': 'That role does not exist. Nothing was changed.',
  'last-administrator': 'Somebody has to be administrator. Give the role to another person first.',
  conflict: 'Somebody else changed this account at the same moment. Look again, then try again.',
};

/** Declares `/admin`. */
export function adminPages(app: FastifyInstance, services: Services): void {
  app.get('/admin', { access: role('administrator') }, (request, reply) => show(request, reply, services, []));

  app.post('/admin/roles', { access: role('administrator') }, async (request, reply) => {
    const c = request.dewar;
    const account = textOf(request.body, 'account');
    const told = (id: string, roles: readonly string[]): unknown => sessionsOf(c).privilegesChanged(id, roles);
    const result = await services.accounts.setRoles(account, textsOf(request.body, 'role'), told, c);
    const message = REFUSED[result];
    if (message !== undefined) return show(request, reply, services, [{ field: 'main', message }]);
    return reply.redirect('/admin?done=roles', 303);
  });
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { stores, ...rest }: Services,
  faults: readonly Fault[],
): Promise<FastifyReply> {
  const { after } = request.dewar.facts.query;
  const accounts = await stores.accounts.list(
    typeof after === 'string' ? { after, limit: PAGE + 1 } : { limit: PAGE + 1 },
  );
  const shown = accounts.slice(0, PAGE);
  const csrf = await csrfOf(request.dewar);
  const about = Object.entries(ROLES).map(([name, what]) => html`<li><strong>${name}</strong> ${what}</li>`);
  const next =
    accounts.length > PAGE
      ? html`<p><a href="/admin?${new URLSearchParams({ after: shown.at(-1)!.login }).toString()}">More people</a></p>`
      : null;
  const main = html`<ul class="dim">
      ${about}
    </ul>
    <ul class="list">
      ${shown.map((one) => row(one, csrf))}
    </ul>
    ${next}`;
  return render(request, reply, { stores, ...rest }, { title: 'People', main, faults });
}

function row({ id, name, login, roles }: AccountRecord, csrf: Html): Html {
  const ticks = Object.keys(ROLES).map((one) => checkbox('role', one, roles.includes(one), one, `${id}-${one}`));
  const fields = html`<input type="hidden" name="account" value="${id}" />${ticks}<button
      class="quiet"
      aria-label="Save the roles of ${name}"
    >
      Save
    </button>`;
  return html`<li>
    <div class="what">
      <strong>${name}</strong>
      <p class="dim">${login}</p>
    </div>
    ${form('/admin/roles', csrf, fields, 'roles')}
  </li>`;
}
