/**
 * What stands beside a conversation: state, care, and the telephone number, which only its owner and the desk see. The
 * desk decides here how soon it has to be and who takes care of it.
 * @module
 */
import type { AccountRecord } from '@dewar/core';
import { html } from '@dewar/core/html';
import type { Html, Value } from '@dewar/core/html';
import { form, select } from '../forms.ts';
import { readInput, triage } from '../input.ts';
import type { Fault, Read } from '../input.ts';
import type { Services } from '../services.ts';
import { PRIORITIES } from '../tickets.ts';
import type { Ticket, Triage } from '../tickets.ts';
import { badge, icon, named, priorityBadge, time } from './parts.ts';

/** Most people of the desk to choose from. */
const STAFF_MOST = 200;

/** The card beside the conversation. */
export async function details(
  ticket: Ticket,
  staff: boolean,
  csrf: Html,
  services: Services,
  faults: readonly Fault[],
): Promise<Html> {
  const { status, priority, assigneeName, phone, updatedAt } = ticket;
  const care = assigneeName === null ? html`<span class="dim">nobody yet</span>` : named(assigneeName);
  const number = html`<span class="private"><bdi>${phone}</bdi>${icon('lock')}</span>
    <span class="hint">Only ${staff ? 'the customer' : 'you'} and the desk see it.</span>`;
  const row = (label: string, value: Value): Html =>
    html`<div>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<section class="card details" aria-labelledby="details">
    <h2 id="details">Details</h2>
    <dl>
      ${row('State', badge(status))}${staff ? row('Priority', priorityBadge(priority) ?? 'normal') : null}${row(
        'Assigned to',
        care,
      )}${phone === '' ? null : row('Telephone', number)}${row('Last change', time(updatedAt))}
    </dl>
    ${staff ? await triageForm(ticket, csrf, services, faults) : null}
  </section>`;
}

/** What the form says, or what is wrong with it. Only people of the desk take care of tickets. */
export async function readTriage(
  body: unknown,
  { assignee, assigneeName }: Ticket,
  services: Services,
): Promise<Read<Triage>> {
  const read = readInput(triage, body);
  if (!read.ok) return read;
  const { priority, assignee: id } = read.value;
  if (id === '') return { ok: true, value: { priority, assignee: null } };
  // Whoever has it keeps it, also after leaving the desk: saving the priority alone changes nothing else.
  if (id === assignee) return { ok: true, value: { priority, assignee: { id, name: assigneeName ?? '' } } };
  const chosen = (await staffOf(services)).find((one) => one.id === id);
  if (chosen === undefined)
    return { ok: false, faults: [{ field: 'assignee', message: 'Choose somebody of the desk.' }] };
  return { ok: true, value: { priority, assignee: chosen } };
}

async function triageForm(
  { id, priority, assignee, assigneeName }: Ticket,
  csrf: Html,
  services: Services,
  faults: readonly Fault[],
): Promise<Html> {
  const people = (await staffOf(services)).map((one) => ({ value: one.id, label: one.name }));
  const former =
    assignee === null || people.some(({ value }) => value === assignee)
      ? []
      : [{ value: assignee, label: `${assigneeName ?? ''} (left the desk)` }];
  const choices = PRIORITIES.map((one) => ({ value: one, label: one[0]!.toUpperCase() + one.slice(1) }));
  const fields = html`${select({ name: 'priority', label: 'Priority', value: priority, faults }, choices)}${select(
    { name: 'assignee', label: 'Assigned to', value: assignee ?? '', faults },
    [{ value: '', label: 'Nobody' }, ...people, ...former],
  )}<button class="quiet">Save</button>`;
  return form(`/tickets/${id}/triage`, csrf, fields, 'stack');
}

async function staffOf({ stores }: Services): Promise<readonly AccountRecord[]> {
  const [agents, administrators] = await Promise.all(
    ['agent', 'administrator'].map(async (role) => stores.accounts.list({ role, limit: STAFF_MOST })),
  );
  const everybody = new Map(
    [...agents!, ...administrators!].filter((one) => !one.disabled).map((one) => [one.id, one]),
  );
  return [...everybody.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}
