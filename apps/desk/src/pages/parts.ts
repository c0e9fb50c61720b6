/**
 * Small pieces that several pages show.
 * @module
 */
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import type { Status } from '../tickets.ts';

const FORMAT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/** A moment, in UTC; the script shows it in the reader's own time. */
export function time(at: number): Html {
  const date = new Date(at);
  return html`<time datetime="${date.toISOString()}">${FORMAT.format(date)} UTC</time>`;
}

/** Whether a ticket is open or closed. */
export function badge(status: Status): Html {
  return html`<span class="badge ${status}">${status}</span>`;
}
