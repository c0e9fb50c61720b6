/**
 * Making an account.
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { anyone } from 'dewar';
import { sessionsOf } from '@dewar/core/sessions';
import type { InputFault, NameFault } from '@dewar/accounts';
import { csrfInput, html } from '@dewar/core/html';
import { form, input } from '../forms.ts';
import { textOf } from '../input.ts';
import type { Fault } from '../input.ts';
import { render } from '../layout.ts';
import { REGISTERING } from '../limits.ts';
import type { Site } from '../services.ts';

interface Typed {
  readonly login: string;
  readonly name: string;
}

/** Declares `/register`. */
export function registerPages(app: FastifyInstance, site: Site): void {
  app.get('/register', { access: anyone() }, async (request, reply) => {
    if ((await request.dewar.who()).kind === 'account') return reply.redirect('/tickets', 303);
    return show(request, reply, site, { login: '', name: '' }, []);
  });

  app.post('/register', { access: anyone(), policy: { limits: { rules: REGISTERING } } }, async (request, reply) => {
    const c = request.dewar;
    const typed = { login: textOf(request.body, 'login'), name: textOf(request.body, 'name') };
    const done = await site.accounts.register({ ...typed, password: textOf(request.body, 'password') }, c);
    if (done.result !== 'made') {
      const faults = done.result === 'taken' ? [TAKEN] : done.faults.map(inWords);
      return show(request, reply, site, typed, faults);
    }
    const { id, roles } = done.account;
    await sessionsOf(c).signIn(c, { account: id, roles, methods: ['password'] });
    return reply.redirect('/tickets?done=welcome', 303);
  });

  function inWords({ field, wrong }: InputFault): Fault {
    const { least, most } = site.accounts.passwords.options;
    const words: Readonly<Record<`${InputFault['field']}/${string}`, string>> = {
      'login/not-an-address': 'Write an e-mail address, such as name@example.org.',
      'name/missing': NAME_FAULTS.missing,
      'name/too-long': NAME_FAULTS['too-long'],
      'name/not-text': NAME_FAULTS['not-text'],
      'password/too-short': `Choose a password of at least ${least} characters. A short sentence is easy to remember.`,
      'password/too-long': `Choose a password of at most ${most} characters.`,
      'password/not-text': 'Choose a password of ordinary characters.',
    };
    return { field, message: words[`${field}/${wrong}`] ?? 'Please correct this.' };
  }
}

const LEAD = 'So that your tickets are yours, and answers find you.';

/** What is wrong with a name, in words. */
export const NAME_FAULTS: Readonly<Record<NameFault, string>> = Object.freeze({
  missing: 'Write your name.',
  'too-long': 'Write a name of at most 80 characters.',
  'not-text': 'Take out of the name what cannot be shown.',
});

const TAKEN: Fault = { field: 'login', message: 'There is an account with this e-mail address. Sign in instead.' };

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  { login, name }: Typed,
  faults: readonly Fault[],
): Promise<FastifyReply> {
  const { least } = site.accounts.passwords.options;
  const fields = html`${input({ name: 'login', label: 'E-mail address', type: 'email', autocomplete: 'username', value: login, faults })}
    ${input({ name: 'name', label: 'Your name', autocomplete: 'name', value: name, most: 80, faults })}
    ${input({ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password', hint: `At least ${least} characters, of any kind.`, faults })}
    <div class="actions"><button>Make the account</button> <a href="/sign-in">I have one</a></div>`;
  const main = form('/register', await csrfInput(request.dewar), fields, 'stack card');
  return render(request, reply, site, { title: 'Make an account', lead: LEAD, main, faults, kind: 'narrow' });
}
