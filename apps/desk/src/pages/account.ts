/**
 * One's own account: who one is here, and where one is signed in.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { signedIn } from 'dewar';
import { sessionsOf } from '@dewar/core/sessions';
import type { SessionRecord } from '@dewar/core';
import { form } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { textOf } from '../input.ts';
import { csrfOf, render } from '../layout.ts';
import { accountOf, recordOf } from '../people.ts';
import type { Services } from '../services.ts';
import { time } from './parts.ts';

/** Declares `/account` and what ends sessions. */
export function accountPages(app: FastifyInstance, services: Services): void {
  app.get('/account', { access: signedIn() }, async (request, reply) => {
    const c = request.dewar;
    const { id, sessionId } = await accountOf(c);
    const record = await recordOf(c, services);
    const [sessions, csrf] = [await sessionsOf(c).list(id), await csrfOf(c)];
    const others = html`<button class="quiet">End all others</button>`;
    const main = html`<p>Signed in as <strong>${record.login}</strong>. Roles: ${record.roles.join(', ') || 'none'}.</p>
      <div class="head">
        <h2>Where you are signed in</h2>
        ${sessions.length > 1 ? form('/account/sessions/end-others', csrf, others, 'plain') : null}
      </div>
      <ul class="list">
        ${sessions.map((one) => row(one, one.hash === sessionId, csrf))}
      </ul>`;
    return render(request, reply, services, { title: record.name, main });
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

function row({ hash, device, address, createdAt, seenAt }: SessionRecord, own: boolean, csrf: Html): Html {
  const end = html`<input type="hidden" name="session" value="${hash}" /><button class="quiet">
      ${own ? 'Sign out' : 'End'}
    </button>`;
  return html`<li>
    <div class="what">
      <strong>${device || 'Unknown browser'}</strong>${own ? html` <span class="badge open">this one</span>` : null}
      <p class="dim">${address}, since ${time(createdAt)}, last seen ${time(seenAt)}</p>
    </div>
    ${form('/account/sessions/end', csrf, end, 'plain')}
  </li>`;
}
