/**
 * Small pieces that several pages show.
 * @module
 */
import { attr, html } from '@dewar/core/html';
import type { Html, Value } from '@dewar/core/html';
import type { Priority, Status } from '../tickets.ts';

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** Colours of avatars. */
const TONES = 6;

/** A moment, in UTC; the script shows it in the reader's own time. */
export function time(at: number): Html {
  const date = new Date(at);
  return html`<time datetime="${date.toISOString()}">${FORMAT.format(date)} UTC</time>`;
}

/** Whether a ticket is open or closed. */
export function badge(status: Status): Html {
  return html`<span class="badge ${status}">${status}</span>`;
}

/** How soon it has to be; what is normal is not worth a mark. */
export function priorityBadge(priority: Priority): Html | null {
  return priority === 'normal' ? null : html`<span class="badge ${priority}">${priority}</span>`;
}

/** What an icon shows; none says anything that the text beside it does not. */
export function icon(
  name: 'chat' | 'search' | 'lock' | 'phone' | 'shield' | 'plus' | 'inbox' | 'left' | 'right' | 'eye' | 'warning',
): Html {
  return html`<span class="icon ${name}" aria-hidden="true"></span>`;
}

/** The initials of somebody, in a colour of their own. The name stands beside it. */
export function avatar(name: string, size = ''): Html {
  const words = name.split(/\s+/u).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  const tone = [...name].reduce((sum, character) => sum + character.codePointAt(0)!, 0) % TONES;
  return html`<span class="avatar tone-${tone} ${size}" aria-hidden="true">${initials.join('').toUpperCase()}</span>`;
}

/** A name within other text: whatever its script, it turns nothing around it. */
export function named(name: string): Html {
  return html`<bdi>${name}</bdi>`;
}

/** What stands where a list has nothing to show. */
export function emptyState(title: string, text: Value, way: Value = null): Html {
  return html`<div class="card empty">
    ${icon('inbox')}
    <h2>${title}</h2>
    <p class="dim">${text}</p>
    ${way}
  </div>`;
}

/** A search box with a button; `kept` are the parameters that stay. */
export function searchForm(
  action: string,
  label: string,
  text: string,
  most: number,
  kept: Readonly<Record<string, string>> = {},
): Html {
  const hidden = Object.entries(kept).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form role="search" method="get" action="${action}" class="search">
    ${hidden}<label for="q" class="unseen">${label}</label>${icon('search')}<input
      type="search"
      id="q"
      name="q"
      value="${text}"
      placeholder="${label}"
      maxlength="${most}"
      autocomplete="off"
    /><button class="quiet">Search</button>
  </form>`;
}

/** Links to the pages of a list, by number. */
export function pager(page: number, pages: number, pathOf: (page: number) => string): Html | null {
  if (pages <= 1 && page === 1) return null;
  const number = (one: number | null): Html =>
    one === null
      ? html`<li class="gap" aria-hidden="true">…</li>`
      : html`<li>
          <a href="${pathOf(one)}" aria-label="Page ${one}" ${attr('aria-current', one === page && 'page')}>${one}</a>
        </li>`;
  const step = (to: number, there: boolean, content: Html): Html | null =>
    there ? html`<li><a href="${pathOf(to)}" class="step">${content}</a></li>` : null;
  return html`<nav class="pager" aria-label="Pages">
    <ul>
      ${step(page - 1, page > 1, html`${icon('left')}Newer`)}${pageNumbers(page, pages).map(number)}${step(
        page + 1,
        page < pages,
        html`Older${icon('right')}`,
      )}
    </ul>
  </nav>`;
}

/** The first, the last and those around this one; `null` is a gap. */
export function pageNumbers(page: number, pages: number): readonly (number | null)[] {
  const shown = [...new Set([1, page - 1, page, page + 1, pages])]
    .filter((one) => one >= 1 && one <= pages)
    .toSorted((a, b) => a - b);
  return shown.flatMap((one, index) => {
    const before = shown[index - 1] ?? 0;
    // A gap of one page is no shorter than its number.
    if (one - before === 2) return [before + 1, one];
    return one - before > 2 ? [null, one] : [one];
  });
}

/** A path with those parameters that say something. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
