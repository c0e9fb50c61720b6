/**
 * The decision table, row by row: signals × method × content type × credentials.
 * @module
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, isForm, isSafe } from './decide.ts';
import type { Signals } from './decide.ts';
import { TRUSTED } from './stage.test.ts';

const OWN = 'https://app.example';
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY', 'LINK', 'UNHEARD-OF'];
const FORMS = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=UTF-8',
  'Application/X-WWW-Form-Urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/plain; application/json',
  ' text/plain',
  'no type at all',
  'application/json, text/plain',
];
const OTHERS = [
  'application/json',
  'application/json; charset=utf-8',
  'application/vnd.api+json',
  'text/html',
  undefined,
];

const NOTHING = { ambient: false, explicit: false };
const AMBIENT = { ambient: true, explicit: false };
const BEARER = { ambient: false, explicit: true };
const BOTH = { ambient: true, explicit: true };

function facts(
  method: string,
  fields: Readonly<Record<string, string | undefined>>,
  more: Partial<Signals> = {},
): Signals {
  return { method, kind: 'request', origin: OWN, header: (name) => fields[name], ...more };
}

type Fields = Readonly<Record<string, string>>;
const site = (value: string, origin?: string): Fields => ({
  'sec-fetch-site': value,
  ...(origin === undefined ? {} : { origin }),
});

/** Outcomes in the order nothing, ambient, bearer or key only, both; for a form content type, then for any other. */
type Outcomes = readonly [string, string, string, string];
interface Row {
  readonly name: string;
  readonly signals: readonly Fields[];
  readonly form: Outcomes;
  readonly other: Outcomes;
}

const PASS = ['pass', 'pass', 'pass', 'pass'] as const;
const TABLE: readonly Row[] = [
  {
    name: 'Sec-Fetch-Site same-origin or none',
    // Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with our own forms.
    signals: [
      site('same-origin'),
      site('none'),
      site('same-origin', OWN),
      site('same-origin', 'null'),
      site('none', 'null'),
    ],
    form: ['token', 'token', 'pass', 'token'],
    other: PASS,
  },
  {
    name: 'Sec-Fetch-Site absent and Origin is ours or trusted',
    signals: [{ origin: OWN }, { origin: TRUSTED }],
    form: ['token', 'token', 'pass', 'token'],
    other: PASS,
  },
  {
    name: 'cross-site or same-site, and trusted',
    signals: [site('cross-site', TRUSTED), site('same-site', TRUSTED)],
    form: ['token', 'token', 'pass', 'token'],
    other: PASS,
  },
  {
    name: 'same-site, not trusted',
    signals: [site('same-site'), site('same-site', 'https://blog.app.example'), site('same-site', OWN)],
    form: ['csrf/same-site', 'csrf/same-site', 'credential', 'csrf/same-site'],
    other: ['csrf/same-site', 'csrf/same-site', 'credential', 'csrf/same-site'],
  },
  {
    name: 'cross-site, not trusted',
    signals: [
      site('cross-site'),
      site('cross-site', 'https://evil.example'),
      site('cross-site', 'null'),
      site('cross-site', OWN),
      site('same-origin, cross-site'),
      site('SAME-ORIGIN'),
      site('something-new'),
      site(''),
    ],
    form: ['csrf/cross-site', 'csrf/cross-site', 'credential', 'csrf/cross-site'],
    other: ['csrf/cross-site', 'csrf/cross-site', 'credential', 'csrf/cross-site'],
  },
  {
    name: 'Origin foreign or null',
    signals: [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: '' },
      { origin: 'http://app.example' },
      { origin: 'https://app.example:8443' },
      { origin: 'https://app.example.evil.example' },
      { origin: 'https://APP.example' },
      { origin: `${OWN}/` },
      { origin: `${OWN}, ${OWN}` },
      { origin: `${TRUSTED}:444` },
      { origin: 'https://x.partner.example' },
      { origin: 'http://partner.example' },
    ],
    form: ['csrf/origin', 'csrf/origin', 'credential', 'csrf/origin'],
    other: ['csrf/origin', 'csrf/origin', 'credential', 'csrf/origin'],
  },
  {
    name: 'both absent',
    signals: [{}],
    form: ['token', 'token', 'token', 'token'],
    other: ['pass', 'token', 'pass', 'token'],
  },
];

function outcome(signals: Signals, credentials: { ambient: boolean; explicit: boolean }): string {
  const decision = decide(signals, credentials, new Set([TRUSTED]));
  return typeof decision === 'string' ? decision : decision.code;
}

describe('the decision table', () => {
  for (const { name, signals, form, other } of TABLE) {
    it(`${name} [CSRF-09] [CSRF-11] [CSRF-12] [CSRF-13] [CSRF-18] [S-31] [c1-5]`, () => {
      for (const fields of signals) {
        for (const method of METHODS) {
          for (const type of [...FORMS, ...OTHERS]) {
            const expected = FORMS.includes(type ?? '') ? form : other;
            [NOTHING, AMBIENT, BEARER, BOTH].forEach((credentials, index) => {
              const sent = facts(method, { ...fields, 'content-type': type });
              const said = `${method} ${JSON.stringify(fields)} ${type} ${JSON.stringify(credentials)}`;
              assert.equal(outcome(sent, credentials), expected[index], said);
            });
          }
        }
      }
    });
  }

  it('lets safe methods pass, whoever sends them', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const { signals } of TABLE) {
        for (const fields of signals) assert.equal(outcome(facts(method, fields), AMBIENT), 'pass');
      }
    }
  });

  it('takes every method but GET, HEAD and OPTIONS for one that changes something [CSRF-17]', () => {
    for (const method of [...METHODS, 'get', 'TRACE', '']) assert.equal(isSafe({ method, kind: 'request' }), false);
  });

  it('takes a websocket for a request that changes something, though it opens with GET', () => {
    const opened = (origin: string): string => outcome(facts('GET', { origin }, { kind: 'upgrade' }), AMBIENT);
    assert.equal(opened('https://evil.example'), 'csrf/origin');
    assert.equal(opened(OWN), 'pass');
  });

  it('has no origin of its own where the request has no host', () => {
    assert.equal(outcome(facts('POST', { origin: '' }, { origin: '' }), AMBIENT), 'csrf/origin');
  });
});

describe('a form content type', () => {
  it('is also a body without any type: fetch() sends a Blob that way without asking', () => {
    assert.equal(isForm({ header: (name) => (name === 'content-length' ? '3' : undefined) }), true);
    assert.equal(isForm({ header: (name) => (name === 'transfer-encoding' ? 'chunked' : undefined) }), true);
    assert.equal(isForm({ header: (name) => (name === 'content-length' ? '0' : undefined) }), false);
    assert.equal(isForm({ header: () => undefined }), false);
  });
});
