/**
 * More conversations of the demonstration: enough for several pages, in several scripts, short and long.
 * @module
 */
import { ADA, DMITRI, JONAS, MEILING, MIRA, NOOR, PIET, PRIYA, SAMIR, TALI, ZOE } from './demo-data.ts';
import type { DemoConversation } from './demo-data.ts';
import type { Priority } from './tickets.ts';

interface More {
  readonly closed?: boolean;
  readonly priority?: Priority;
  readonly assignee?: string;
  readonly phone?: string;
}

/** A question and its answers: a text alone is the desk's, by whoever is assigned. */
function talk(
  hoursAgo: number,
  by: string,
  subject: string,
  text: string,
  answers: readonly (readonly [by: string, text: string, note?: 'note'])[] = [],
  more: More = {},
): DemoConversation {
  const rest = answers.map(([who, body, note]) => ({ by: who, text: body, internal: note === 'note' }));
  return { subject, hoursAgo, ...more, messages: [{ by, text }, ...rest] };
}

const LONG = `This is a long one, sorry. I tried to write down everything, so that nobody has to ask back.

1. On Monday at 07:40 the gateway in hall 3 lost its connection. The lamp was amber, not red.
2. I unplugged it for a minute, as the handbook says on page 12. It came back, with the old configuration.
3. At 09:15 the same happened in hall 4, then in hall 1, always with about ninety minutes in between.
4. Our network people see nothing unusual: https://status.customer.example/gateways?hall=3&from=2026-11-16T07:00:00Z&to=2026-11-16T12:00:00Z&resolution=60s

What we have changed in the last two weeks: nothing on the gateways. The certificate of the proxy was renewed on the 14th, and the new one has a longer chain. I mention it because the times fit: the gateways ask for a new session every ninety minutes.

Could that be it? And if so, is there a way to give them the chain without driving to every hall?`;

/** Newest last, as they were asked. */
export const MORE_CONVERSATIONS: readonly DemoConversation[] = Object.freeze([
  talk(
    1010,
    PRIYA,
    'Two factors for the whole team',
    'Can I require a second factor of everybody in our team?',
    [[NOOR, 'Not yet for a team as a whole; each person can turn it on in their profile.']],
    { closed: true, assignee: NOOR, priority: 'low' },
  ),
  talk(
    960,
    ZOE,
    'Umlauts in file names: “Prüfbericht – März.pdf”',
    'The report arrives as “Pr_fbericht _ M_rz.pdf”.',
    [
      [PIET, 'That was us. Names are kept as they are since this morning.'],
      [ZOE, 'Works, also with “Ålesund” and “Łódź”. Danke!'],
    ],
    { closed: true, assignee: PIET },
  ),
  talk(
    900,
    DMITRI,
    'Не приходит письмо с подтверждением',
    'Коллега зарегистрировалась, но письмо не пришло. Проверили папку «Спам».',
    [[NOOR, 'I can read it, but my answer is in English: the address had a typing error. The mail is on its way.']],
    { closed: true, assignee: NOOR },
  ),
  talk(
    860,
    MEILING,
    '報表的日期格式不正確',
    '匯出的報表使用「月/日/年」，我們需要「年-月-日」。',
    [[PIET, 'You can set it per report: Format, then Dates, then ISO 8601.']],
    { closed: true, assignee: PIET, priority: 'low' },
  ),
  talk(
    801,
    SAMIR,
    'الفاتورة مكررة',
    'وصلتنا الفاتورة رقم 2026-1187 مرتين. أيهما الصحيحة؟',
    [
      [NOOR, 'Billing says they were sent twice by mistake, the customer owes one.', 'note'],
      [NOOR, 'Only the first one counts. Please ignore the second, it was cancelled.'],
    ],
    { closed: true, assignee: NOOR, phone: '+962 6 500 1234' },
  ),
  talk(
    744,
    TALI,
    'Door reader in the north wing is offline',
    'Everybody takes the long way round since Tuesday.',
    [
      [PIET, 'A technician comes on Thursday between 8 and 10.'],
      [TALI, 'Repaired. Thank you for being so quick.'],
    ],
    { closed: true, assignee: PIET, priority: 'high', phone: '+353 1 555 0199' },
  ),
  talk(
    700,
    PRIYA,
    'Our API key was in a public repository',
    'A trainee pushed it, for about ten minutes. What now?',
    [
      [ADA, 'The key is revoked; nobody had used it. Make a new one under Settings, and please keep it in a vault.'],
      [ADA, 'Checked the logs from 14:02 to 14:20: only their own addresses.', 'note'],
    ],
    { closed: true, assignee: ADA, priority: 'urgent' },
  ),
  talk(
    655,
    MIRA,
    'Can we have the minutes of the last call?',
    'I could not attend, and my notes from Henrik have gaps.',
    [[NOOR, 'They are attached to your contract now, under “Documents”.']],
    { closed: true, assignee: NOOR, priority: 'low' },
  ),
  talk(
    610,
    JONAS,
    'Time zone of the night shift',
    'Shifts that begin at 22:00 are counted on the next day.',
    [[PIET, 'Reproduced. The report cuts days in UTC. It is on our list for the next release.']],
    { assignee: PIET },
  ),
  talk(
    588,
    ZOE,
    'Please add a purchase order number to our invoices',
    'PO 4500-118-92, on every invoice from now on.',
    [[NOOR, 'Done. The next invoice will carry it.']],
    { closed: true, assignee: NOOR },
  ),
  talk(
    540,
    DMITRI,
    'Webhook is sent twice',
    'Each event arrives twice, 30 seconds apart, with the same id.',
    [
      [PIET, 'Your endpoint answers after 31 seconds, so we try again. Could it answer first and work later?'],
      [DMITRI, 'Понял, исправим. Thanks!'],
    ],
    { closed: true, assignee: PIET },
  ),
  talk(
    500,
    PRIYA,
    'Which browsers do you support?',
    'We have a few old tablets in the warehouse.',
    [[NOOR, 'The last two years of Chrome, Edge, Firefox and Safari. Everything works without JavaScript, too.']],
    { closed: true, assignee: NOOR, priority: 'low' },
  ),
  talk(
    460,
    SAMIR,
    'Right-to-left text is mixed up in the mobile view',
    'In lists the number jumps to the other side: «تذكرة رقم 12».',
    [[PIET, 'Thank you for the screenshot. We now isolate each text, which mends it.']],
    { assignee: PIET },
  ),
  talk(431, TALI, 'Keyboard shortcut for a new ticket', 'I open about ten a day. Is there a shortcut?'),
  talk(
    402,
    MEILING,
    '無法登入',
    '昨天更改密碼後，手機上一直顯示錯誤。',
    [
      [
        NOOR,
        'After a change of password you are signed out everywhere else. Please sign in once more on the telephone.',
      ],
    ],
    { closed: true, assignee: NOOR, priority: 'high' },
  ),
  talk(
    366,
    MIRA,
    'Delete the photographs of our summer party',
    'Two colleagues have asked us to. They are in the folder “2026-07”.',
    [
      [ADA, 'Deleted, from the backups within 30 days as well. I will confirm once that has happened.'],
      [ADA, 'Backup rotation ends on the 19th. Remind me.', 'note'],
    ],
    { assignee: ADA, priority: 'high' },
  ),
  talk(
    330,
    JONAS,
    'Gateway firmware 4.2.1',
    'Is it safe to update during production?',
    [[PIET, 'Yes: one gateway after the other, each is away for less than a minute.']],
    { closed: true, assignee: PIET, priority: 'low' },
  ),
  talk(300, ZOE, 'Search does not find “naïve”', 'I have to type the ï. Could “naive” find it, too?'),
  talk(
    264,
    PRIYA,
    'Gateways lose their connection every ninety minutes',
    LONG,
    [
      [
        PIET,
        'This is a model of a report, thank you. It is the chain: the gateways keep three certificates, yours has four.',
      ],
      [PIET, 'Firmware 4.2.2 takes five. Ask Ada whether we may send it before the release.', 'note'],
      [PRIYA, 'Then we wait for your signal. Halls 1, 3 and 4 are on the old proxy until then.'],
    ],
    { assignee: PIET, priority: 'urgent', phone: '+91 44 5550 0142' },
  ),
  talk(240, DMITRI, 'Export for the accounting in Windows-1251', 'Бухгалтерия просит CSV в этой кодировке.'),
  talk(
    215,
    SAMIR,
    'Add my colleague to the notifications',
    'layla@customer.example should get everything that I get.',
    [[NOOR, 'Done. She has to confirm her address once.']],
    { closed: true, assignee: NOOR },
  ),
  talk(
    170,
    TALI,
    'Sound on new alerts',
    'The hall is loud: could alerts blink as well?',
    [[NOOR, 'Good idea. I have handed it to the people who build the panel.']],
    { assignee: NOOR, priority: 'low' },
  ),
  talk(
    150,
    MEILING,
    '請問合約何時到期？',
    '我們想提前續約。',
    [[ADA, 'On 31 March. I will send you an offer this week.']],
    { assignee: ADA },
  ),
  talk(
    84,
    ZOE,
    'Two-letter country codes: is it “UK” or “GB”?',
    'The import takes the one, the export writes the other.',
    [[PIET, '“GB” is the code of ISO 3166. The import will go on taking both.']],
    { assignee: PIET, priority: 'low' },
  ),
  talk(
    52,
    PRIYA,
    'Somebody calls and says he is from your desk',
    'He asked for a password. I did not give it to him.',
    [
      [ADA, 'You did everything right: nobody of us will ever ask for one. What number did he call from?'],
      [ADA, 'Third such call this month. Tell everybody.', 'note'],
    ],
    { assignee: ADA, priority: 'urgent', phone: '+91 44 5550 0142' },
  ),
  talk(26, SAMIR, 'كيف أغيّر لغة الواجهة؟', 'واجهتي بالإنجليزية وأريدها بالعربية.'),
  talk(
    4,
    DMITRI,
    'График не строится за високосный год',
    '29 февраля пропадает с графика, хотя данные есть.',
    [[PIET, 'Confirmed, with thanks. I am on it.']],
    { assignee: PIET, priority: 'high' },
  ),
]);
