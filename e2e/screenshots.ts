/**
 * Pictures of Desk for the documents, by hand: `node --conditions=@dewar/source e2e/screenshots.ts`.
 * @module
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import type { Person } from '../apps/desk/src/desk.fixture.ts';
import { launch } from './browser.fixture.ts';
import { signIn, startDesk } from './sites.fixture.ts';

interface Picture {
  readonly name: string;
  readonly who?: Person;
  readonly path: string;
  readonly options?: BrowserContextOptions;
}

const LIMIT_BYTES = 120 * 1024;
const DESKTOP = { width: 1080, height: 720 };
const TELEPHONE = { width: 390, height: 780 };

const PICTURES: readonly Picture[] = [
  { name: 'home', path: '/' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'tickets', who: 'noor', path: '/tickets' },
  { name: 'ticket', who: 'noor', path: '/tickets/2' },
  { name: 'ticket-dark', who: 'noor', path: '/tickets/2', options: { colorScheme: 'dark' } },
  { name: 'ticket-phone', who: 'jonas', path: '/tickets/2', options: { viewport: TELEPHONE } },
  { name: 'admin', who: 'ada', path: '/admin' },
];

/** With a folder as argument: every page in light, dark and on a telephone, to look at. */
const EVERYTHING: readonly Picture[] = [
  ...['/', '/sign-in', '/register'].map((path) => ({ path })),
  ...['/', '/tickets', '/tickets/new', '/tickets/1', '/account'].map((path) => ({ path, who: 'mira' as const })),
  ...['/tickets', '/tickets/2'].map((path) => ({ path, who: 'noor' as const })),
  ...['/admin'].map((path) => ({ path, who: 'ada' as const })),
  ...['/no-such-page', '/tickets/2'].map((path) => ({ path, who: 'mira' as const })),
].flatMap((page: Omit<Picture, 'name'>, index) =>
  [{}, { colorScheme: 'dark' } as const, { viewport: TELEPHONE }].map((options, variant) => ({
    ...page,
    options,
    name: `${index}-${page.who ?? 'guest'}${page.path.replaceAll('/', '-')}-${['light', 'dark', 'phone'][variant]}`,
  })),
);

const [given] = process.argv.slice(2);
const folder = given ?? join(import.meta.dirname, '..', 'docs', 'screenshots');
mkdirSync(folder, { recursive: true });
const desk = await startDesk();
const browser = await launch();
try {
  for (const { name, who, path, options } of given === undefined ? PICTURES : EVERYTHING) {
    const settled: BrowserContextOptions = { viewport: DESKTOP, locale: 'en-GB', timezoneId: 'UTC' };
    const context = await browser.newContext({ ...settled, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    if (who !== undefined) await signIn(page, desk, who);
    await page.goto(desk.url + path);
    const file = join(folder, `${name}.png`);
    await page.screenshot({ path: file, fullPage: given !== undefined });
    const { size } = statSync(file);
    if (size > LIMIT_BYTES && given === undefined)
      throw new Error(`${file} has ${size} bytes, more than ${LIMIT_BYTES}`);
    await context.close();
  }
} finally {
  await browser.close();
  await desk.close();
}
