/**
 * The people of this desk, for administrators: found by name or address, in pages.
 * @module
 */
import type { FastifyInstance } from 'fastify';
import { role } from 'dewar';
import type { AccountRecord } from '@dewar/core';
import { html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import { render } from '../layout.ts';
import { ROLES } from '../services.ts';
import type { Site } from '../services.ts';
import { avatar, emptyState, icon, named, searchForm, withQuery } from './parts.ts';

/** People on one page. */
const PEOPLE_PAGE = 20;
const SEARCH_MOST = 100;

/** Declares `/admin`. */
export function adminPages(app: FastifyInstance, site: Site): void {
  app.get('/admin', { access: role('administrator') }, async (request, reply) => {
    const { after, q } = request.dewar.facts.query;
    const text = typeof q === 'string' ? [...q].slice(0, SEARCH_MOST).join('').trim() : '';
    const found = await site.stores.accounts.list({
      limit: PEOPLE_PAGE + 1,
      ...(typeof after === 'string' ? { after } : undefined),
      ...(text === '' ? undefined : { containing: text }),
    });
    const shown = found.slice(0, PEOPLE_PAGE);
    const main = html`<div class="tools">${legend()}${searchForm('/admin', 'Search people', text, SEARCH_MOST)}</div>
      ${text === '' ? null : html`<p class="found" role="status">People with “<bdi>${text}</bdi>”. <a href="/admin">Clear the search</a></p>`}
      ${
        shown.length === 0
          ? emptyState('Nobody was found', 'Look for a part of the name or of the e-mail address.')
          : html`<ul class="list">
              ${shown.map(row)}
            </ul>`
      }${steps(text, typeof after === 'string', found.length > PEOPLE_PAGE ? shown.at(-1)!.login : null)}`;
    return render(request, reply, site, { title: 'People', lead: 'Who may do what at this desk.', main });
  });
}

function legend(): Html {
  return html`<ul class="legend">
    ${Object.entries(ROLES).map(([name, what]) => html`<li><span class="badge ${name}">${name}</span> ${what}</li>`)}
  </ul>`;
}

function row({ id, name, login, roles, disabled }: AccountRecord): Html {
  return html`<li>
    ${avatar(name)}
    <div class="what">
      <a dir="auto" href="/admin/people/${id}">${name}</a>
      <p class="meta">${named(login)}</p>
    </div>
    <div class="marks">
      ${disabled ? html`<span class="badge closed">disabled</span>` : null}${roles.map(
        (one) => html`<span class="badge ${one}">${one}</span>`,
      )}
    </div>
  </li>`;
}

/** By the login behind which the next page begins: what is added meanwhile moves nobody to another page. */
function steps(q: string, further: boolean, after: string | null): Html | null {
  if (!further && after === null) return null;
  const first = html`<li><a class="step" href="${withQuery('/admin', { q })}">${icon('left')}First page</a></li>`;
  const more = html`<li><a class="step" href="${withQuery('/admin', { q, after })}">More people${icon('right')}</a></li>`;
  return html`<nav class="pager" aria-label="Pages">
    <ul>
      ${further ? first : null}${after === null ? null : more}
    </ul>
  </nav>`;
}
