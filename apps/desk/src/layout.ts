/**
 * The frame around every page: landmarks, navigation by who is looking, notices, and nothing inline.
 * @module
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '@dewar/core';
import { attr, csrfInput, html } from '@dewar/core/html';
import type { Html, Value } from '@dewar/core/html';
import { errorSummary } from './forms.ts';
import type { Fault } from './input.ts';
import { avatar } from './pages/parts.ts';
import { isAdministrator } from './people.ts';
import type { Site } from './services.ts';

export interface Page {
  readonly title: string;
  readonly main: Value;
  /** What stands above the title: a way back. */
  readonly above?: Value;
  /** What stands beside all of that: a face. */
  readonly face?: Value;
  /** One line below the title. */
  readonly lead?: Value;
  /** What stands beside the title, such as a button. */
  readonly aside?: Value;
  readonly faults?: readonly Fault[];
  /** @default 200, and 422 with faults */
  readonly status?: number;
  /** `narrow` is a column for forms, `front` has a title of its own. @default 'wide' */
  readonly kind?: 'wide' | 'narrow' | 'front';
}

/** What an action tells on the page it leads to. The address names one of these; no text of its own reaches a page. */
const NOTICES: ReadonlyMap<unknown, string> = new Map([
  ['welcome', 'Your account was made. You are signed in.'],
  ['signed-out', 'You are signed out.'],
  ['opened', 'Your ticket was opened.'],
  ['answered', 'Your message was added.'],
  ['noted', 'Your internal note was added.'],
  ['closed', 'The ticket was closed.'],
  ['reopened', 'The ticket was opened again.'],
  ['triaged', 'Priority and assignment were saved.'],
  ['roles', 'The roles were changed.'],
  ['disabled', 'The account was disabled, and its sessions were ended.'],
  ['enabled', 'The account may sign in again.'],
  ['renamed', 'Your name was changed.'],
  ['session-ended', 'That session was ended.'],
  ['others-ended', 'All your other sessions were ended.'],
]);

/** Sends a page. */
export async function render(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  page: Page,
): Promise<FastifyReply> {
  const c = request.dewar;
  const { faults = [], kind = 'wide' } = page;
  const header = await navigation(c, site);
  const notice = NOTICES.get(c.facts.query['done']);
  const title = faults.length > 0 ? `Error: ${page.title}` : page.title;
  const told = notice === undefined ? null : html`<p class="notice" role="status">${notice}</p>`;
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – Desk</title>
        ${site.assets(c.nonce())}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="bar">
          <div class="wide">
            <a class="brand" href="/"><span class="mark" aria-hidden="true"></span>Desk</a>${header}
          </div>
        </header>
        <main id="main" tabindex="-1" class="${kind}">
          ${told}${errorSummary(faults)}${kind === 'front' ? null : heading(page)}${page.main}
        </main>
        <footer class="wide">
          <p>Desk, the reference application of Dewar.</p>
          <p>What you write is seen by you and by the people of the desk.</p>
        </footer>
      </body>
    </html> `;
  return reply.code(page.status ?? (faults.length > 0 ? 422 : 200)).send(text);
}

function heading({ title, above, face, lead, aside }: Page): Html {
  return html`<div class="head">
    ${face}
    <div class="titles">
      ${above}
      <h1 dir="auto">${title}</h1>
      ${lead === undefined ? null : html`<p class="lead">${lead}</p>`}
    </div>
    ${aside}
  </div>`;
}

async function navigation(c: Context, { stores }: Site): Promise<Html> {
  const identity = await c.who();
  const record = identity.kind === 'account' ? await stores.accounts.byId(identity.id) : null;
  const link = (path: string, text: Value, kind = ''): Html =>
    html`<li><a href="${path}" class="${kind}" ${attr('aria-current', isAt(c, path) && 'page')}>${text}</a></li>`;
  if (record === null || identity.kind !== 'account')
    return html`<nav aria-label="Main">
      <ul>
        ${link('/sign-in', 'Sign in')}${link('/register', 'Register', 'call')}
      </ul>
    </nav>`;
  const admin = isAdministrator(identity) ? link('/admin', 'People') : null;
  const me = html`${avatar(record.name, 'small')}<span class="me" dir="auto">${record.name}</span>`;
  return html`<nav aria-label="Main">
      <ul>
        ${link('/tickets', 'Tickets')}${admin}${link('/account', me, 'profile')}
      </ul>
    </nav>
    <form method="post" action="/sign-out">${await csrfInput(c)}<button class="quiet">Sign out</button></form>`;
}

function isAt({ facts }: Context, path: string): boolean {
  return facts.path === path || facts.path.startsWith(`${path}/`);
}
