/**
 * What a refused client sees: valid problem details or a valid page, and nothing that helps an attacker.
 * @module
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { check, denied, guardWith, stage, withFields } from './kernel.fixture.ts';
import { problemJson, problemPage, PROBLEM_PAGE_CSP, titleOf } from './problem.ts';

const STATUSES = [308, 400, 401, 403, 404, 405, 408, 413, 414, 415, 417, 421, 429, 431, 500, 503, 505];
const ID = 'AbC_-0123456789x';

describe('problem details', () => {
  for (const status of STATUSES)
    it(`of ${status} say type, title, status and request, and no more (RFC 9457) [API-26]`, () => {
      assert.deepEqual(JSON.parse(problemJson(status, ID)), {
        type: 'about:blank',
        title: titleOf(status),
        status,
        request: ID,
      });
    });

  it('take further members', () => {
    const extra = { errors: [{ field: 'na"me', problem: 'is </script> \u2028' }] };
    assert.deepEqual(JSON.parse(problemJson(400, ID, extra)), {
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      request: ID,
      ...extra,
    });
  });

  it('stay JSON where there are no further members after all', () => {
    assert.equal((JSON.parse(problemJson(400, ID, {})) as { status: number }).status, 400);
  });

  it('name a status nobody knows', () => assert.equal(titleOf(599), 'Error'));
});

describe('the page', () => {
  it('has a policy whose hash is that of its very style, and needs nothing else', () => {
    for (const status of STATUSES) {
      const page = problemPage(status, ID);
      const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style]) => style!);
      assert.equal(styles.length, 1);
      const hash = createHash('sha256').update(styles[0]!).digest('base64');
      assert.ok(PROBLEM_PAGE_CSP.includes(`style-src 'sha256-${hash}'`), `${status}: the hash is of another style`);
      assert.doesNotMatch(page, /<(script|link|img|iframe|form|base|object)|\sstyle=|\son\w+=|https?:/i);
    }
  });

  it('has a policy that runs, frames and sends nothing', () => {
    const directives = PROBLEM_PAGE_CSP.split('; ').map((one) => one.split(' ')[0]);
    assert.deepEqual(directives, ['default-src', 'style-src', 'base-uri', 'form-action', 'frame-ancestors']);
    assert.match(PROBLEM_PAGE_CSP, /^default-src 'none';/);
    assert.doesNotMatch(PROBLEM_PAGE_CSP, /unsafe|\*|https?:|data:/);
  });

  it('leaves with that policy, once, over the policy of the application [HDR-15]', async () => {
    const { send } = stage({
      protections: [
        guardWith(check('access', denied()), {
          place: 'csp',
          head: () => ['content-security-policy', "default-src 'self'"],
        }),
      ],
    });
    const page = await send(withFields('Sec-Fetch-Dest', 'document'));
    assert.equal(page.field('content-security-policy'), PROBLEM_PAGE_CSP);
    assert.equal(page.field('content-type'), 'text/html; charset=utf-8');
    const json = await send();
    assert.equal(json.field('content-security-policy'), "default-src 'self'");
  });

  it('names the request, for whoever asks for help', () =>
    assert.ok(problemPage(403, ID).includes(`<code>${ID}</code>`)));

  it('leads to the first page, but not where that is another host’s or another scheme’s', () => {
    for (const status of STATUSES)
      assert.equal(problemPage(status, ID).includes('<a href="/">'), status !== 308 && status !== 421, `${status}`);
  });

  it('says one thing a person can do for every status we answer', () => {
    for (const status of STATUSES) assert.match(problemPage(status, ID), /<p>[A-Z][^<]{15,}\.<\/p>/);
  });
});

describe('a page or JSON', () => {
  const CHROME = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';
  const rows: readonly (readonly [title: string, fields: readonly string[], type: 'page' | 'json'])[] = [
    ['a navigation', ['Sec-Fetch-Dest', 'document', 'Accept', CHROME], 'page'],
    ['a frame', ['Sec-Fetch-Dest', 'iframe'], 'page'],
    ['fetch() from a script', ['Sec-Fetch-Dest', 'empty', 'Accept', '*/*'], 'json'],
    ['fetch() that asks for HTML', ['Sec-Fetch-Dest', 'empty', 'Accept', 'text/html'], 'json'],
    ['an image', ['Sec-Fetch-Dest', 'image', 'Accept', 'image/avif,*/*'], 'json'],
    ['an old browser', ['Accept', CHROME], 'page'],
    ['an API client', ['Accept', 'application/json'], 'json'],
    ['an API client that can bear HTML', ['Accept', 'application/json, text/html'], 'json'],
    ['curl', ['Accept', '*/*'], 'json'],
    ['a client that says nothing', [], 'json'],
  ];
  for (const [title, fields, type] of rows)
    it(`${title} gets ${type}`, async () => {
      const { send } = stage({ protections: [guardWith(check('access', denied()))] });
      const { answer, field } = await send(withFields(...fields));
      assert.equal(field('content-type'), type === 'page' ? 'text/html; charset=utf-8' : 'application/problem+json');
      assert.equal(answer.body.startsWith('<!doctype html>'), type === 'page');
    });
});
