/**
 * One person's roles, and whether they may sign in. A change is shown in words first and made when it is confirmed;
 * somebody stays administrator.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { all, any, owner, resource, role } from 'dewar';
import { sessionsOf } from '@dewar/core/sessions';
import type { AccountRecord } from '@dewar/core';
import type { DisableChange, RoleChange } from '@dewar/accounts';
import { csrfInput, html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { checkbox, form, hidden } from '../forms.ts';
import { textOf, textsOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { render } from '../layout.ts';
import type { Page } from '../layout.ts';
import { ROLES } from '../services.ts';
import type { Site } from '../services.ts';
import { avatar, icon, named, time } from './parts.ts';

const REFUSED: Readonly<Partial<Record<RoleChange | DisableChange, string>>> = {
  'unknown-account': 'That account is gone. Nothing was changed.',
  'unknown-role': 'That role does not exist. Nothing was changed.',
  'last-administrator': 'Somebody has to be administrator. Give the role to another person first.',
  conflict: 'Somebody else changed this account at the same moment. Look again, then try again.',
};

/** Declares `/admin/people/:id`, the change of roles, and what keeps somebody out. */
export function personPages(app: FastifyInstance, site: Site): void {
  const person = resource<AccountRecord>('person', {
    load: async ({ id }) => site.stores.accounts.byId(id ?? ''),
    of: (found) => found.id,
  });
  // The second part loads the account, so that one that does not exist is not found before anything else happens.
  const access = all(role('administrator'), any(role('administrator'), owner(person)));

  app.get('/admin/people/:id', { access }, (request, reply) => show(request, reply, site, person.from(request)));

  app.post('/admin/people/:id', { access }, async (request, reply) => {
    const c = request.dewar;
    const found = person.from(request);
    const wanted = textsOf(request.body, 'role');
    const asks = wanted.every((one) => Object.hasOwn(ROLES, one)) && !isSame(found.roles, wanted);
    if (asks && textOf(request.body, 'confirmed') !== 'yes')
      return confirm(request, reply, site, found, pathOf(found.id), otherRoles(found, wanted));
    const told = (id: string, roles: readonly string[]): unknown => sessionsOf(c).privilegesChanged(id, roles);
    const result = await site.accounts.setRoles(found.id, wanted, told, c);
    const message = REFUSED[result];
    if (message !== undefined) return show(request, reply, site, found, [{ field: 'roles', message }]);
    return reply.redirect(`/admin/people/${found.id}?done=roles`, 303);
  });

  app.post('/admin/people/:id/access', { access }, async (request, reply) => {
    const c = request.dewar;
    const found = person.from(request);
    const closes = textOf(request.body, 'access') === 'closed';
    if (closes && textOf(request.body, 'confirmed') !== 'yes')
      return confirm(request, reply, site, found, accessPathOf(found.id), keptOut(found));
    const told = (id: string): unknown => sessionsOf(c).revokeAll(id, 'disabled');
    const result = closes ? await site.accounts.disable(found.id, told, c) : await site.accounts.enable(found.id, c);
    const message = REFUSED[result];
    if (message !== undefined) return show(request, reply, site, found, [{ field: 'access', message }]);
    return reply.redirect(`/admin/people/${found.id}?done=${closes ? 'disabled' : 'enabled'}`, 303);
  });
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  found: AccountRecord,
  faults: readonly Fault[] = [],
): Promise<FastifyReply> {
  const { id, name, login, roles, disabled, createdAt } = found;
  const last = roles.includes('administrator') && !(await hasOther(site, id));
  const ticks = Object.entries(ROLES).map(([one, about]) =>
    checkbox('role', one, roles.includes(one), { value: one, id: `role-${one}`, about }),
  );
  const only = html`<p class="notice">
    ${icon('shield')}<span>${named(name)} is the only administrator. Give the role to somebody else first.</span>
  </p>`;
  const fields = html`<fieldset id="roles" tabindex="-1"><legend>Roles</legend>${ticks}</fieldset>
    <div class="actions"><button>Continue</button> <a href="/admin">Back</a></div>`;
  const csrf = await csrfInput(request.dewar);
  const state = html`<h2>${disabled ? 'Kept out' : 'May sign in'}</h2>
    <p class="dim">
      ${disabled ? 'The account is disabled: it signs in nowhere.' : 'Disabling ends all sessions; the tickets stay.'}
    </p>
    ${hidden('access', disabled ? 'open' : 'closed')}<button id="access" class="quiet">
      ${disabled ? 'Let in again' : 'Disable the account'}
    </button>`;
  const main = html`${last ? only : null}${form(pathOf(id), csrf, fields, 'stack card')}
    ${form(accessPathOf(id), csrf, state, 'stack card second')}`;
  const lead = html`${named(login)}, member since ${time(createdAt)}`;
  return render(request, reply, site, { ...frameOf(name), lead, main, faults });
}

/** The change in words, with the button that makes it. */
async function confirm(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  { id, name }: AccountRecord,
  path: string,
  change: Html,
): Promise<FastifyReply> {
  const fields = html`${hidden('confirmed', 'yes')}
    <h2>Is this what you want?</h2>
    ${change}
    <p><a href="${pathOf(id)}">No, leave it as it is</a></p>`;
  const main = form(path, await csrfInput(request.dewar), fields, 'stack card');
  return render(request, reply, site, { ...frameOf(name), main });
}

function otherRoles({ name, roles }: AccountRecord, wanted: readonly string[]): Html {
  const gets = wanted.filter((one) => !roles.includes(one));
  const loses = roles.filter((one) => !wanted.includes(one));
  const line = (verb: string, one: string): Html =>
    html`<li>${verb} <span class="badge ${one}">${one}</span> <span class="dim">${aboutOf(one)}</span></li>`;
  return html`${wanted.map((one) => hidden('role', one))}
    <ul class="changes">
      ${gets.map((one) => line('gets', one))}${loses.map((one) => line('loses', one))}
    </ul>
    <p class="dim">It holds at once, in the sessions that ${named(name)} has, too.</p>
    <button>Change the roles</button>`;
}

function keptOut({ name }: AccountRecord): Html {
  return html`${hidden('access', 'closed')}
    <p>${named(name)} is signed out everywhere, at once, and cannot sign in until you allow it again.</p>
    <button>Disable the account</button>`;
}

function frameOf(name: string): Pick<Page, 'title' | 'above' | 'face' | 'kind'> {
  const above = html`<p class="crumb"><a href="/admin">${icon('left')}People</a></p>`;
  return { title: name, above, face: avatar(name, 'large'), kind: 'narrow' };
}

/** Whether somebody else is administrator. The accounts decide in the end, in the transaction of the change. */
async function hasOther({ stores }: Site, id: string): Promise<boolean> {
  const administrators = await stores.accounts.list({ role: 'administrator', limit: 100 });
  return administrators.some((one) => one.id !== id && !one.disabled);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return new Set(one).size === new Set(other).size && other.every((each) => one.includes(each));
}

function aboutOf(name: string): string {
  return Object.entries(ROLES).find(([one]) => one === name)?.[1] ?? '';
}

function pathOf(id: string): string {
  return `/admin/people/${id}`;
}

function accessPathOf(id: string): string {
  return `/admin/people/${id}/access`;
}
