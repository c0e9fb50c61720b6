/**
 * Tickets as a list of links.
 * @module
 */
import { html } from '@dewar/core/html';
import type { Html } from '@dewar/core/html';
import type { Ticket } from '../tickets.ts';
import { avatar, badge, icon, named, priorityBadge, time } from './parts.ts';

/** The list; the desk also sees whose they are and who takes care of them. */
export function ticketRows(tickets: readonly Ticket[], staff: boolean): Html {
  return html`<ul class="list">
    ${tickets.map((one) => row(one, staff))}
  </ul>`;
}

function row(
  { id, subject, status, priority, ownerName, assigneeName, messages, updatedAt }: Ticket,
  staff: boolean,
): Html {
  const who = staff ? html`<span class="who">${named(ownerName)}</span>` : null;
  const care = assigneeName === null ? 'unassigned' : assigneeName;
  return html`<li class="${status}">
    ${staff ? avatar(ownerName) : null}
    <div class="what">
      <a dir="auto" href="/tickets/${id}">${subject}</a>
      <p class="meta">
        <span>#${id}</span>${who}<span>${time(updatedAt)}</span
        ><span class="count">${icon('chat')}${messages}<span class="unseen"> ${messages === 1 ? 'message' : 'messages'}</span></span>
      </p>
    </div>
    <div class="marks">
      ${staff ? html`${priorityBadge(priority)}<span class="care dim">${named(care)}</span>` : null}${badge(status)}
    </div>
  </li>`;
}
