/**
 * Signing in and out. The answer is the same for an unknown address and a wrong password, and takes as long.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { anyone } from 'dewar';
import { sessionsOf } from '@dewar/core/sessions';
import { csrfInput, html } from '@dewar/core/html';
import { form, input } from '../forms.ts';
import { textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { render } from '../layout.ts';
import { SIGNING_IN } from '../limits.ts';
import { safeNext } from '../next.ts';
import type { Site } from '../services.ts';

const HOME = '/tickets';
const REFUSED: readonly Fault[] = [{ field: 'login', message: 'The e-mail address or the password is wrong.' }];

const LEAD = 'To your tickets and their answers.';

/** Declares `/sign-in` and `/sign-out`. */
export function signInPages(app: FastifyInstance, site: Site): void {
  app.get('/sign-in', { access: anyone() }, async (request, reply) => {
    const next = safeNext(request.dewar.facts.query['next'], HOME);
    if ((await request.dewar.who()).kind === 'account') return reply.redirect(next, 303);
    return show(request, reply, site, next);
  });

  app.post('/sign-in', { access: anyone(), policy: { limits: { rules: SIGNING_IN } } }, async (request, reply) => {
    const [login, password] = [textOf(request.body, 'login'), textOf(request.body, 'password')];
    const next = safeNext(textOf(request.body, 'next'), HOME);
    const c = request.dewar;
    const account = await site.accounts.authenticate(login, password, c);
    if (account === null) return show(request, reply, site, next, login, REFUSED);
    const { id, roles, version } = account;
    await sessionsOf(c).signIn(c, { account: id, roles, methods: ['password'], version });
    return reply.redirect(next, 303);
  });

  app.post('/sign-out', { access: anyone() }, async (request, reply) => {
    const c = request.dewar;
    if ((await c.who()).kind === 'account') await sessionsOf(c).signOut(c);
    return reply.redirect('/sign-in?done=signed-out', 303);
  });
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  next: string,
  login = '',
  faults: readonly Fault[] = [],
): Promise<FastifyReply> {
  const fields = html`<input type="hidden" name="next" value="${next}" />
    ${input({ name: 'login', label: 'E-mail address', type: 'email', autocomplete: 'username', value: login, faults })}
    ${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password' })}
    <div class="actions"><button>Sign in</button> <a href="/register">Make an account</a></div>`;
  const main = form('/sign-in', await csrfInput(request.dewar), fields, 'stack card');
  return render(request, reply, site, { title: 'Sign in', lead: LEAD, main, faults, kind: 'narrow' });
}
