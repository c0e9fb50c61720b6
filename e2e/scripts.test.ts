/**
 * Script injection into a page with a hole, in Chromium: the page's own script runs, nothing that was smuggled in does.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { complaintsOf, profiles } from './browser.fixture.ts';
import { startStranger, startSubject } from './sites.fixture.ts';
import type { Site, Stranger } from './sites.fixture.ts';

/** What the injected script leaves behind. */
const MARK = 'window.stolen=1';

interface Injection {
  readonly name: string;
  readonly rows: string;
  readonly markup: (evil: string) => string;
  /** What the victim does before it would run. */
  readonly act?: (page: Page) => Promise<void>;
}

const INJECTIONS: readonly Injection[] = [
  { name: 'an inline script', rows: '[HDR-04] [S-06] [S-28]', markup: () => `<script>${MARK}</script>` },
  { name: 'a script of another site', rows: '[S-06]', markup: (evil) => `<script src="${evil}evil.js"></script>` },
  { name: 'a script with a guessed nonce', rows: '[HDR-04]', markup: () => `<script nonce="guess">${MARK}</script>` },
  { name: 'an event handler', rows: '[HDR-04] [S-28]', markup: () => `<img src="data:," onerror="${MARK}">` },
  { name: 'an event handler of an SVG', rows: '[S-06]', markup: () => `<svg onload="${MARK}"></svg>` },
  {
    name: 'a script in a frame of its own document',
    rows: '[S-06]',
    markup: () => `<iframe srcdoc="<script>parent.${MARK}</script>"></iframe>`,
  },
  {
    name: 'a javascript: link',
    rows: '[S-06]',
    markup: () => `<a href="javascript:void(${MARK})">Read more</a>`,
    act: (page) => page.getByText('Read more').click(),
  },
  {
    name: 'a click handler',
    rows: '[S-28]',
    markup: () => `<button onclick="${MARK}">Go on</button>`,
    act: (page) => page.getByText('Go on').click(),
  },
];

describe('injected scripts in Chromium', () => {
  const browser = profiles();
  let stranger: Stranger;
  let subject: Site;
  let twin: Site;
  before(async () => {
    stranger = await startStranger();
    subject = await startSubject();
    twin = await startSubject(['csp']);
  });
  after(() => Promise.all([stranger, subject, twin].map((one) => one?.close())));

  for (const { name, rows, markup, act } of INJECTIONS) {
    const attack = async (site: Site): Promise<{ own: boolean; stolen: boolean; told: boolean }> => {
      const page = await browser.open();
      const complaints = await complaintsOf(page);
      await page.goto(hello(site, markup(stranger.show('127.0.0.1', ''))));
      await act?.(page);
      const told = (): boolean => complaints.some((one) => one.includes('csp: '));
      // What a click sets off may run after it: wait until the script ran, or was refused.
      for (let tries = 0; tries < 40 && !told() && (await page.evaluate('window.stolen')) !== 1; tries++)
        await page.waitForTimeout(50);
      const [own, stolen] = await page.evaluate<[unknown, unknown]>('[window.own, window.stolen]');
      return { own: own === 1, stolen: stolen === 1, told: told() };
    };

    it(`${name} does not run, the page’s own does ${rows}`, async () => {
      assert.deepEqual(await attack(twin), { own: true, stolen: true, told: false }, 'on the twin');
      assert.deepEqual(await attack(subject), { own: true, stolen: false, told: true });
    });
  }

  it('the nonce of an earlier page opens nothing [HDR-04]', async () => {
    const page = await browser.open();
    for (const [site, stolen] of [
      [twin, 1],
      [subject, undefined],
    ] as const) {
      const earlier = await (await page.goto(hello(site, '')))!.text();
      const nonce = /<script nonce="([^"]+)"/.exec(earlier)?.[1] ?? '';
      assert.notEqual(nonce, '');
      await page.goto(hello(site, `<script nonce="${nonce}">${MARK}</script>`));
      assert.deepEqual(await page.evaluate('[window.own, window.stolen]'), [1, stolen]);
    }
  });

  it('an injected <base> and form lead nowhere else [S-06]', async () => {
    const evil = stranger.show('127.0.0.1', '');
    const lead = async (site: Site): Promise<[base: boolean, left: boolean]> => {
      const page = await browser.open();
      await complaintsOf(page);
      const markup = `<base href="${evil}"><a href="next">Next</a><form action="${evil}" method="post"><button>Send</button></form>`;
      await page.goto(hello(site, markup));
      const base = await page.evaluate<boolean>(`document.links[0].href.startsWith(${JSON.stringify(evil)})`);
      const refused = page.waitForEvent('console', (message) => message.text().startsWith('csp: form-action'));
      const left = page.waitForURL(evil).then(() => true);
      // A real click would wait for the navigation that the policy forbids.
      await page.getByText('Send').dispatchEvent('click');
      return [base, await Promise.any([left, refused.then(() => false)])];
    };
    assert.deepEqual(await lead(twin), [true, true], 'on the twin');
    assert.deepEqual(await lead(subject), [false, false]);
  });

  it('text does not become markup or code by the page’s own scripts [HDR-14]', async () => {
    const sinks = ['document.body.innerHTML = "<b>b</b>"', 'document.createElement("script").src = "/x.js"'];
    for (const sink of sinks) {
      const outcome = async (site: Site): Promise<string> => {
        const page = await browser.open();
        await page.goto(hello(site, ''));
        return page.evaluate<string>(
          `(() => { try { ${sink}; return 'done' } catch (error) { return error.name } })()`,
        );
      };
      assert.equal(await outcome(twin), 'done', `${sink} on the twin`);
      assert.equal(await outcome(subject), 'TypeError', sink);
    }
  });

  it('an upload that calls itself text is not run as a page [S-07]', async () => {
    const page = await browser.open();
    await page.goto(`${subject.url}/upload`);
    assert.equal(await page.locator('body').innerText(), '<script>steal()</script>');
  });
});

/** The page that shows what its query says as it stands. */
function hello({ url }: Site, name: string): string {
  return `${url}/hello?name=${encodeURIComponent(name)}`;
}
