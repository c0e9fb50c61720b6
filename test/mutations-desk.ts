/**
 * Guards that Desk has of its own, each with the change that takes it away and the tests that must notice.
 * @module
 */
import type { Mutation } from './mutations.ts';

const DESK = 'apps/desk/src';
const PAGES = `${DESK}/pages`;
const TICKETS = [`${DESK}/tickets.test.ts`];
const SIGN_IN = [`${DESK}/desk.test.ts`];
const PRIVACY = [`${DESK}/privacy.test.ts`];
const LISTS = [`${DESK}/lists.test.ts`];
const PEOPLE = [`${DESK}/people.test.ts`];

export const DESK_MUTATIONS: readonly Mutation[] = [
  {
    guard: 'desk: a list would show everybody’s tickets to a customer',
    file: `${PAGES}/tickets.ts`,
    from: 'owner: staff ? null : identity.id, internal',
    to: 'owner: null, internal',
    tests: LISTS,
  },
  {
    guard: 'desk: a customer’s search would tell the words of internal notes',
    file: `${DESK}/ticket-search.ts`,
    from: '(m.internal = 0 OR :internal = 1) AND',
    to: '(:internal IS NOT NULL) AND',
    tests: TICKETS,
  },
  {
    guard: 'desk: customers would read internal notes',
    file: `${DESK}/tickets.ts`,
    from: '(internal = 0 OR ?2 = 1)',
    to: '?2 IS NOT NULL',
    tests: PRIVACY,
  },
  {
    guard: 'desk: the count of messages would tell that there are notes',
    file: `${DESK}/tickets.ts`,
    from: 'm.ticket = t.id AND m.internal = 0)',
    to: 'm.ticket = t.id)',
    tests: TICKETS,
  },
  {
    guard: 'desk: customers would decide how urgent their ticket is',
    file: `${PAGES}/ticket.ts`,
    from: `{ access: all(role('agent'), access) }`,
    to: '{ access }',
    tests: PRIVACY,
  },
  {
    guard: 'desk: a ticket would be given to somebody outside of the desk',
    file: `${PAGES}/ticket-details.ts`,
    from: '(await staffOf(services)).find((one) => one.id === id)',
    to: 'await services.stores.accounts.byId(id) ?? undefined',
    tests: PRIVACY,
  },
  {
    guard: 'desk: priorities would be told to customers',
    file: `${DESK}/api.ts`,
    from: 'return toStaff ? { ...shown, priority, ...times } : { ...shown, ...times };',
    to: 'return { ...shown, priority, ...times };',
    tests: PRIVACY,
  },
  {
    guard: 'desk: a change of roles would be made before it is confirmed',
    file: `${PAGES}/person.ts`,
    from: `if (asks && textOf(request.body, 'confirmed') !== 'yes')`,
    to: 'if (asks && false)',
    tests: PEOPLE,
  },
  {
    guard: 'desk: passwords would be guessed without end',
    file: `${DESK}/limits.ts`,
    from: 'signInLimits()',
    to: '[]',
    tests: SIGN_IN,
  },
  {
    guard: 'desk: signing in would lead to another site',
    file: `${DESK}/next.ts`,
    from: `if (!/^\\/(?![/\\\\])[\\x21-\\x7e]*$/.test(given) || given.includes('\\\\')) return otherwise;`,
    to: 'return given;',
    tests: [`${DESK}/next.test.ts`],
  },
];
