/**
 * The subject's routes: careless handlers, as real ones are, so that only the protections stand between them and harm.
 * @module
 */
import { all, anyone, off, owner, resource, role, shared, signedIn } from '@dewar/core';
import type { Context } from '@dewar/core';
import { csrfField } from '@dewar/core/csrf';
import { limit, signInLimits } from '@dewar/core/limits';
import { sessionsOf } from '@dewar/core/sessions';
import { find, textsSchema } from './subject-input.ts';
import type { SubjectApp, SubjectReply, SubjectRoute } from './subject.ts';
import { SUBJECT_HOST } from './subject.ts';

/** A private object of one account. */
interface Note {
  readonly id: string;
  readonly owner: string;
  text: string;
}

/** Accounts of the subject: name to roles. The password is the name reversed: it is the subject of no attack here. */
const ACCOUNTS: Readonly<Record<string, readonly string[]>> = {
  ann: ['member'],
  bob: ['member'],
  eve: ['member'],
  root: ['admin'],
};

/** Public caching of a private answer: the mistake that the session's own fields have to undo. */
const PUBLIC_CACHE = { 'cache-control': 'public, max-age=600' };

/** Leave to read for whoever asks: what a copied snippet does about an error message of the browser. */
const reflected = (c: Context): Readonly<Record<string, string>> => ({
  'access-control-allow-origin': c.facts.header('origin') ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-methods': 'GET, POST, PUT',
  'access-control-allow-headers': 'content-type',
});

const page = (body: string, fields: SubjectReply['fields'] = {}): SubjectReply => ({
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><html lang="en"><title>Notes</title>${body}</html>`,
  fields,
});
const json = (value: unknown, status = 200): SubjectReply => ({ status, body: JSON.stringify(value) });
const seeOther = (location: string): SubjectReply => ({ status: 303, body: '', fields: { location } });
function field(c: Context, name: string): string {
  const value = (c.body as Readonly<Record<string, unknown>> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

async function accountOf(c: Context): Promise<string> {
  const identity = await c.who();
  return identity.kind === 'account' ? identity.id : '';
}

/** A new subject with notes of ann and bob. */
export function subjectApp(): SubjectApp {
  const notes = new Map<string, Note>([
    ['a1', { id: 'a1', owner: 'ann', text: 'ann’s secret' }],
    ['b1', { id: 'b1', owner: 'bob', text: 'bob’s secret' }],
  ]);
  const profiles = new Map(Object.keys(ACCOUNTS).map((name) => [name, { name, role: 'member' }]));
  const note = resource<Note>('note', { load: ({ id = '' }) => notes.get(id), of: (found) => found.owner });
  // The handlers look notes up by themselves, as handlers do where nothing hands them the right one.
  const named = (c: Context): Note | undefined => notes.get(c.params['id'] ?? '');

  async function add(c: Context): Promise<Note> {
    const id = `n${notes.size + 1}`;
    const made = { id, owner: await accountOf(c), text: field(c, 'text') };
    notes.set(id, made);
    return made;
  }

  const form = async (c: Context, action: string, inputs: string): Promise<string> =>
    `<form method="post" action="${action}">${await csrfField(c)}${inputs}<button>Send</button></form>`;

  const routes: SubjectRoute[] = [
    {
      method: 'GET',
      path: '/',
      access: anyone(),
      handle: (c) => page(`<a href="${c.facts.origin}/reset/t0ken">reset</a>`),
    },
    { method: 'GET', path: '/json', access: anyone(), handle: () => json({ ok: true }) },
    {
      method: 'GET',
      path: '/sign-in',
      access: anyone(),
      handle: async (c) => page(await form(c, '/sign-in', '<input name="name"><input name="password">')),
    },
    {
      method: 'POST',
      path: '/sign-in',
      access: anyone(),
      policy: { limits: { rules: signInLimits({ login: 'name' }) } },
      async handle(c) {
        const name = field(c, 'name').trim().toLowerCase();
        const roles = ACCOUNTS[name];
        if (roles === undefined || field(c, 'password') !== [...name].reverse().join(''))
          return json({ wrong: true }, 403);
        await sessionsOf(c).signIn(c, { account: name, roles, methods: ['password'] });
        return seeOther('/notes');
      },
    },
    {
      method: 'POST',
      path: '/sign-out',
      access: signedIn(),
      async handle(c) {
        await sessionsOf(c).signOut(c);
        return seeOther('/');
      },
    },
    // A link that changes something: whoever gets a browser to load it acts in its visitor's name.
    {
      method: 'GET',
      path: '/leave',
      access: signedIn(),
      async handle(c) {
        await sessionsOf(c).signOut(c);
        return json({ signedIn: false });
      },
    },
    {
      method: 'GET',
      path: '/notes',
      access: signedIn(),
      async handle(c) {
        const account = await accountOf(c);
        const own = [...notes.values()].filter((one) => one.owner === account);
        const list = own.map(({ text }) => `<li>${text}</li>`).join('');
        return page(`<p>${account}</p><ul>${list}</ul>${await form(c, '/notes', '<input name="text">')}`);
      },
    },
    {
      method: 'GET',
      path: '/me',
      access: signedIn(),
      handle: async (c) => ({ ...json({ account: await accountOf(c) }), fields: PUBLIC_CACHE }),
    },
    {
      method: 'GET',
      path: '/mine',
      access: signedIn(),
      async handle(c) {
        const account = await accountOf(c);
        return { ...json([...notes.values()].filter((one) => one.owner === account)), fields: reflected(c) };
      },
    },
    {
      method: 'OPTIONS',
      path: '/notes/:id',
      access: all(anyone(), shared('says nothing of any note')),
      handle: (c) => ({ status: 204, body: '', fields: reflected(c) }),
    },
    {
      method: 'POST',
      path: '/notes',
      access: signedIn(),
      async handle(c) {
        await add(c);
        return seeOther('/notes');
      },
    },
    { method: 'POST', path: '/api/notes', access: signedIn(), handle: async (c) => json(await add(c), 201) },
    { method: 'GET', path: '/notes/:id', access: owner(note), handle: (c) => json(named(c) ?? {}) },
    {
      method: 'PUT',
      path: '/notes/:id',
      access: owner(note),
      handle(c) {
        const found = named(c);
        if (found !== undefined) found.text = field(c, 'text');
        return json(found ?? {});
      },
    },
    // Work that a stranger can ask for.
    {
      method: 'GET',
      path: '/search',
      access: anyone(),
      policy: { limits: { rules: [limit('10 per minute', { name: 'search' })] } },
      handle: () => json({ found: [...notes.keys()].length }),
    },
    {
      method: 'GET',
      path: '/admin',
      access: role('admin'),
      handle: () => page(`<p>${Object.keys(ACCOUNTS).join(', ')}</p>`),
    },
    {
      method: 'POST',
      path: '/hook',
      access: anyone(),
      policy: { csrf: off('called by a machine that signs its requests') },
      handle: (c) => json({ got: c.body }),
    },
    {
      method: 'POST',
      path: '/small',
      access: anyone(),
      policy: {
        csrf: off('called by a machine that signs its requests'),
        body: { limit: 100, types: ['application/json'] },
      },
      handle: (c) => json({ got: c.body }),
    },
    {
      method: 'GET',
      path: '/api/profile',
      access: signedIn(),
      handle: async (c) => json(profiles.get(await accountOf(c))),
    },
    {
      method: 'POST',
      path: '/api/profile',
      access: signedIn(),
      schema: { body: textsSchema('name') },
      // The whole of what came in is assigned, as it is so easily done.
      handle: async (c) => json(Object.assign(profiles.get(await accountOf(c)) ?? {}, c.body)),
    },
    {
      method: 'POST',
      path: '/api/vault',
      access: anyone(),
      schema: { body: textsSchema('owner', 'pin') },
      handle: (c) => json(find([{ owner: 'ann', pin: '4711', text: 'ann’s vault' }], c.body)),
    },
    // A hole of the kind CSP is the second line against: what the query says becomes part of the page.
    {
      method: 'GET',
      path: '/hello',
      access: anyone(),
      handle: (c) =>
        page(`<p>Hello ${[c.facts.query['name']].join('')}</p><script nonce="${c.nonce()}">window.own=1</script>`),
    },
    // Somebody's upload, sent as what it is not.
    {
      method: 'GET',
      path: '/upload',
      access: anyone(),
      handle: () => ({ type: 'text/plain', body: '<script>steal()</script>' }),
    },
    {
      method: 'GET',
      path: '/theme',
      access: anyone(),
      handle: () => ({ ...json({ theme: 'dark' }), fields: { 'set-cookie': 'device=d3vice; Path=/' } }),
    },
  ];

  return { policy: { hosts: { allowed: [SUBJECT_HOST] }, facts: { trustedProxies: ['127.0.0.1/32'] } }, routes };
}
