/**
 * A real Chromium for tests, and what it complains about. Names under `localhost` count as trustworthy and lead to
 * loopback by themselves: `desk.localhost` takes `__Host-` cookies, and has siblings, without certificates.
 * @module
 */
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, BrowserContextOptions, LaunchOptions, Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';
export const FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const LAUNCH_LIMIT_MS = 30_000;
/** For one step: loading a page, finding an element. */
const STEP_LIMIT_MS = 10_000;

/** Starts Chromium; throws where there is none. */
export function launch(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: [...FLAGS], timeout: LAUNCH_LIMIT_MS, ...options });
}

/** A browser for the tests of a file: each profile it opens is empty, and closed after its test. */
export interface Profiles {
  open(options?: BrowserContextOptions): Promise<Page>;
}

/** Starts Chromium before the tests of a file and ends it after them. */
export function profiles(options: LaunchOptions = {}): Profiles {
  let started: Browser | undefined;
  const opened: BrowserContext[] = [];
  before(async () => {
    started = await launch(options);
  });
  afterEach(async () => {
    for (const context of opened.splice(0)) await context.close();
  });
  after(() => started?.close());
  return {
    async open(contextOptions) {
      if (started === undefined) throw new Error('Chromium was not started');
      const context = await started.newContext(contextOptions);
      opened.push(context);
      context.setDefaultTimeout(STEP_LIMIT_MS);
      return context.newPage();
    },
  };
}

/** What a page complained about: warnings and errors of the console, exceptions, CSP violations, failed requests. */
export type Complaints = string[];

/** Listens to every page of a profile from now on. */
export async function complaintsOf(page: Page): Promise<Complaints> {
  const found: Complaints = [];
  const context = page.context();
  context.on('console', (message) => {
    if (['error', 'warning', 'assert'].includes(message.type())) found.push(`${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => found.push(`exception: ${error.error().message}`));
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What was still loading when the page was left.
    if (why !== 'net::ERR_ABORTED') found.push(`failed: ${request.url()} ${why}`);
  });
  // Registered in the page before any of its own: also what happens while it is parsed is heard.
  await context.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('csp: ' + event.effectiveDirective + ' blocked ' + event.blockedURI + ' ' + event.sample);
  })`);
  return found;
}
