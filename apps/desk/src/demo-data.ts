/**
 * The people and conversations of the demonstration.
 * @module
 */

import type { Priority } from './tickets.ts';

export interface DemoPerson {
  readonly login: string;
  readonly name: string;
  readonly role: 'customer' | 'agent' | 'administrator';
}

interface DemoMessage {
  /** Login of who wrote it. */
  readonly by: string;
  readonly text: string;
  readonly internal?: boolean;
}

export interface DemoConversation {
  readonly subject: string;
  readonly hoursAgo: number;
  readonly closed?: boolean;
  /** @default 'normal' */
  readonly priority?: Priority;
  /** Login of who takes care of it. @default nobody */
  readonly assignee?: string;
  /** Number to call back. @default none */
  readonly phone?: string;
  /** Half an hour apart; the first opens the ticket. */
  readonly messages: readonly DemoMessage[];
}

export const [MIRA, JONAS, TALI] = ['mira@customer.example', 'jonas@customer.example', 'tali@customer.example'];
export const [NOOR, PIET, ADA] = ['noor@desk.example', 'piet@desk.example', 'ada@desk.example'];
export const [ZOE, DMITRI, MEILING, SAMIR, PRIYA] = [
  'zoe@customer.example',
  'dmitri@customer.example',
  'meiling@customer.example',
  'samir@customer.example',
  'priya@customer.example',
];

export const PEOPLE: readonly DemoPerson[] = Object.freeze([
  { login: ADA, name: 'Ada Okafor', role: 'administrator' },
  { login: NOOR, name: 'Noor Haddad', role: 'agent' },
  { login: PIET, name: 'Piet Vermeer', role: 'agent' },
  { login: MIRA, name: 'Mira Santos', role: 'customer' },
  { login: JONAS, name: 'Jonas Lindqvist', role: 'customer' },
  { login: TALI, name: "Tali O'Brien", role: 'customer' },
  { login: ZOE, name: 'Zoë Nakamura-Álvarez', role: 'customer' },
  { login: DMITRI, name: 'Дмитрий Соколов', role: 'customer' },
  { login: MEILING, name: '陳美玲', role: 'customer' },
  { login: SAMIR, name: 'سمير الحداد', role: 'customer' },
  { login: PRIYA, name: 'Priya Raghunathan', role: 'customer' },
]);

/** The eight that tests and pictures know. */
export const CONVERSATIONS: readonly DemoConversation[] = Object.freeze([
  {
    subject: 'Invoice from March shows the wrong address',
    hoursAgo: 190,
    closed: true,
    assignee: NOOR,
    phone: '+44 20 7946 0321',
    messages: [
      {
        by: MIRA,
        text: 'We moved in February, and the invoice still names the old office.\nCan you send a corrected one?',
      },
      { by: NOOR, text: 'Moved before, see the note in the contract file. Billing never got it.', internal: true },
      { by: NOOR, text: 'You are right, that is our fault. A corrected invoice is on its way to you.' },
      { by: MIRA, text: 'Received, thank you!' },
    ],
  },
  {
    subject: 'Export stops at 10,000 rows',
    hoursAgo: 120,
    priority: 'urgent',
    assignee: PIET,
    phone: '+46 8 123 456 78',
    messages: [
      {
        by: JONAS,
        text: 'The CSV export of our measurements ends after 10,000 rows, without a message.\n\nWe need all 48,211 of them for the audit on Friday.',
      },
      {
        by: PIET,
        text: 'I can reproduce it. Until it is mended: filter by month and export each one, they are all below the limit.',
      },
      { by: PIET, text: 'Limit was set in the last release. Audit on Friday: treat as urgent.', internal: true },
    ],
  },
  {
    subject: 'Two people cannot be invited',
    hoursAgo: 96,
    closed: true,
    priority: 'low',
    assignee: NOOR,
    messages: [
      { by: TALI, text: 'The invitations to R&D <rd@customer.example> and to our night shift never arrive.' },
      {
        by: NOOR,
        text: 'The first address was on a blocked list after three bounces. I have taken it off; please try once more.',
      },
      { by: TALI, text: 'Both are in. Thanks.' },
    ],
  },
  {
    subject: 'Which of our data do you keep, and for how long?',
    hoursAgo: 70,
    priority: 'high',
    assignee: ADA,
    phone: '+44 20 7946 0321',
    messages: [
      {
        by: MIRA,
        text: 'Our data protection officer asks for a list of what you store about our staff, and when it is deleted.',
      },
      { by: NOOR, text: 'Ada has the current list. Do not send the draft from January.', internal: true },
      {
        by: ADA,
        text: 'I will send the list by tomorrow noon. In short: names and work addresses, deleted 90 days after the contract ends.',
      },
    ],
  },
  {
    subject: 'Sensor 14 reports -273 °C',
    hoursAgo: 31,
    priority: 'high',
    assignee: PIET,
    messages: [
      {
        by: JONAS,
        text: 'Since this morning sensor 14 claims to be at absolute zero. The others in the hall show 19 °C.',
      },
      {
        by: PIET,
        text: 'Congratulations on the discovery. Joking aside: that value means a broken wire. Please check the plug on the back.',
      },
    ],
  },
  {
    subject: 'Dark colours on the overview are hard to read',
    hoursAgo: 20,
    priority: 'low',
    messages: [
      {
        by: TALI,
        text: 'On the screen in our hall nobody can tell the dark blue from the black. Could the lines be thicker?',
      },
    ],
  },
  {
    subject: 'Please close the account of a former colleague',
    hoursAgo: 6,
    assignee: NOOR,
    messages: [
      { by: MIRA, text: 'Henrik left us at the end of last month. Please make sure that he cannot sign in any more.' },
      { by: NOOR, text: 'Done: he was signed out everywhere and his account is disabled.' },
      { by: NOOR, text: 'He tried to sign in twice yesterday. Told Ada.', internal: true },
    ],
  },
  {
    subject: 'How do I move a report to another team?',
    hoursAgo: 2,
    messages: [
      {
        by: JONAS,
        text: 'I made a report for the maintenance team, but it shows up under mine. Is there a way to hand it over?',
      },
    ],
  },
]);
