/**
 * Pictures of every page of Desk for the documents, in light, dark and on a telephone. By hand:
 * `node_modules/.bin/node --conditions=@dewar/source e2e/screenshots.ts [folder] [name …]`.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launch } from './browser.fixture.ts';
import { pages, visitAs } from './pages.fixture.ts';
import type { Visited } from './pages.fixture.ts';
import { withPalette } from './png.ts';
import { startDesk } from './sites.fixture.ts';
import type { DeskSite } from './sites.fixture.ts';

/** Bytes of one picture, and of all. */
const LIMIT = 120 * 1024;
const LIMIT_ALL = 4 * 1024 * 1024;

const DESKTOP = { width: 1100, height: 740 };
const VARIANTS = [
  { name: 'light', size: DESKTOP, colorScheme: 'light' },
  { name: 'dark', size: DESKTOP, colorScheme: 'dark' },
  { name: 'phone', size: { width: 390, height: 780 }, colorScheme: 'light' },
] as const;

const [given, ...names] = process.argv.slice(2);
const folder = given ?? join(import.meta.dirname, '..', 'docs', 'screenshots');
mkdirSync(folder, { recursive: true });
const desk = await startDesk();
const browser = await launch();
let all = 0;
try {
  const visitors = new Map<Visited['who'], Page>();
  for (const one of pages(desk).filter(({ name }) => names.length === 0 || names.includes(name))) {
    const page = visitors.get(one.who) ?? (await visit(browser, desk, one.who));
    visitors.set(one.who, page);
    await page.setViewportSize(DESKTOP);
    await page.goto(desk.url + one.path);
    await one.act?.(page);
    for (const { name, size, colorScheme } of VARIANTS)
      all += await picture(page, `${one.name}-${name}`, size, colorScheme);
  }
} finally {
  await browser.close();
  await desk.close();
}
if (all > LIMIT_ALL && given === undefined) throw new Error(`all pictures have ${all} bytes, more than ${LIMIT_ALL}`);

/** A window of its own for everybody, signed in once. */
async function visit(by: Browser, site: DeskSite, who: Visited['who']): Promise<Page> {
  const context = await by.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await visitAs(page, site, who);
  return page;
}

async function picture(
  page: Page,
  name: string,
  size: { readonly width: number; readonly height: number },
  colorScheme: 'light' | 'dark',
): Promise<number> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme });
  const path = join(folder, `${name}.png`);
  const taken = await page.screenshot({ fullPage: given !== undefined });
  const png = withPalette(taken);
  writeFileSync(path, png);
  const bytes = png.length;
  if (bytes > LIMIT && given === undefined) throw new Error(`${path} has ${bytes} bytes, more than ${LIMIT}`);
  return bytes;
}
