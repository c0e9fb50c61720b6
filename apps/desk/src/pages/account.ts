/**
 * One's own profile: who one is here, the name that others see, and where one is signed in.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { signedIn } from 'dewar';
import { sessionsOf } from '@dewar/core/sessions';
import type { SessionRecord } from '@dewar/core';
import type { NameChange } from '@dewar/accounts';
import { csrfInput, html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { form, hidden, input } from '../forms.ts';
import { textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { render } from '../layout.ts';
import { accountOf, recordOf } from '../people.ts';
import type { Site } from '../services.ts';
import { avatar, time } from './parts.ts';
import { NAME_FAULTS } from './register.ts';

const CONFLICT = 'Your account was changed at the same moment. Look again, then try again.';

/** Declares `/account`, what changes the name, and what ends sessions. */
export function accountPages(app: FastifyInstance, site: Site): void {
  app.get('/account', { access: signedIn() }, (request, reply) => show(request, reply, site));

  app.post('/account/name', { access: signedIn() }, async (request, reply) => {
    const { id } = await accountOf(request.dewar);
    const name = textOf(request.body, 'name');
    const result = await site.accounts.rename(id, name);
    if (result === 'changed' || result === 'unchanged') return reply.redirect('/account?done=renamed', 303);
    return show(request, reply, site, name, [{ field: 'name', message: inWords(result) }]);
  });

  app.post('/account/sessions/end', { access: signedIn() }, async (request, reply) => {
    const c = request.dewar;
    const { id, sessionId } = await accountOf(c);
    const hash = textOf(request.body, 'session');
    if (hash === sessionId) {
      await sessionsOf(c).signOut(c);
      return reply.redirect('/sign-in?done=signed-out', 303);
    }
    // Only those of this account: the hash of somebody else's ends nothing.
    const ended = await sessionsOf(c).revoke(id, hash);
    return reply.redirect(ended ? '/account?done=session-ended' : '/account', 303);
  });

  app.post('/account/sessions/end-others', { access: signedIn() }, async (request, reply) => {
    const c = request.dewar;
    await sessionsOf(c).revokeOthers(c);
    return reply.redirect('/account?done=others-ended', 303);
  });
}

function inWords(result: Exclude<NameChange, 'changed' | 'unchanged'>): string {
  return result === 'conflict' || result === 'unknown-account' ? CONFLICT : NAME_FAULTS[result];
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  typed?: string,
  faults: readonly Fault[] = [],
): Promise<FastifyReply> {
  const c = request.dewar;
  const { id, sessionId } = await accountOf(c);
  const { login, name, roles, createdAt } = await recordOf(c, site);
  const [sessions, csrf] = [await sessionsOf(c).list(id), await csrfInput(c)];
  const hint = 'Others see it beside what you write. What you have written keeps the name it was signed with.';
  const rename = html`${input({ name: 'name', label: 'Your name', autocomplete: 'name', value: typed ?? name, most: 80, hint, faults })}
    <div class="actions"><button>Save</button></div>`;
  const others = html`<button class="quiet">End all others</button>`;
  const main = html`<div class="columns">
    <div>
      <div class="head">
        <h2>Where you are signed in</h2>
        ${sessions.length > 1 ? form('/account/sessions/end-others', csrf, others, 'plain') : null}
      </div>
      <ul class="list">
        ${sessions.map((one) => row(one, one.hash === sessionId, csrf))}
      </ul>
    </div>
    <section class="card details" aria-labelledby="profile">
      <h2 id="profile">Profile</h2>
      <dl>
        <div><dt>E-mail address</dt><dd><bdi>${login}</bdi></dd></div>
        <div><dt>Roles</dt><dd>${roles.length === 0 ? 'none' : roles.map((one) => html`<span class="badge ${one}">${one}</span> `)}</dd></div>
        <div><dt>Member since</dt><dd>${time(createdAt)}</dd></div>
      </dl>
      ${form('/account/name', csrf, rename)}
    </section>
  </div>`;
  const face = avatar(name, 'large');
  return render(request, reply, site, { title: name, face, lead: 'Your profile', main, faults });
}

function row({ hash, device, address, createdAt, seenAt }: SessionRecord, own: boolean, csrf: Html): Html {
  const end = html`${hidden('session', hash)}<button class="quiet">${own ? 'Sign out here' : 'End'}</button>`;
  return html`<li>
    <div class="what">
      <strong>${device || 'Unknown browser'}</strong>${own ? html` <span class="badge open">this one</span>` : null}
      <p class="meta"><span>${address}</span><span>since ${time(createdAt)}</span><span>last seen ${time(seenAt)}</span></p>
    </div>
    ${form('/account/sessions/end', csrf, end, 'plain')}
  </li>`;
}
