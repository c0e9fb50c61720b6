/**
 * What the browser visits: Desk and the subject of attacks as in production, behind a proxy that says https, their
 * twins, and pages of an attacker. There is no TLS on loopback, and browsers ask for none under `localhost`.
 * @module
 */
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import type { RequestListener, Server } from 'node:http';
import https from 'node:https';
import Fastify from 'fastify';
import { mutation, start, subjectApp } from '@dewar/testing';
import type { Target } from '@dewar/testing';
import type { AnyDewar } from '@dewar/core';
import type { Replacements, SecurityEvent } from 'dewar';
import { defineDewar } from 'dewar/fastify';
import type { Page } from 'playwright-core';
import { LOGINS, passwordOf } from '../apps/desk/src/desk.fixture.ts';
import type { Person } from '../apps/desk/src/desk.fixture.ts';
import { seedDemo } from '../apps/desk/src/demo.ts';
import { createDesk } from '../apps/desk/src/desk.ts';
import type { Services } from '../apps/desk/src/services.ts';

export interface Site {
  /** Where the browser finds it: `http://desk.localhost:41234`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface DeskSite extends Site {
  /** Codes of what was refused so far, oldest first. */
  refusals(): readonly string[];
  readonly services: Services;
}

const DESK = 'desk.localhost';
const SUBJECT = 'app.localhost';

/** Desk with the demonstration's data; the protections in `omit` are left out. */
export async function startDesk(omit: readonly string[] = []): Promise<DeskSite> {
  const desk = createDesk({
    profile: 'test',
    port: 0,
    listen: '127.0.0.1',
    data: ':memory:',
    hosts: [DESK],
    proxies: ['127.0.0.1/32'],
    faults: [],
  });
  const target = await start(desk.definition, `https://${DESK}`, without(omit));
  await seedDemo(desk.services(), Date.now(), passwordOf);
  const refusals = (): readonly string[] =>
    target.events
      .filter((event): event is SecurityEvent<'request.refused'> => event.name === 'request.refused')
      .map(({ fields }) => fields.code);
  return { ...(await siteOf(target, DESK)), services: desk.services(), refusals };
}

/** The careless application of the attack matrix. */
export async function startSubject(omit: readonly string[] = []): Promise<Site> {
  const { policy, routes } = subjectApp();
  const dewar = defineDewar({
    policy: { ...policy, hosts: { allowed: [SUBJECT] } },
    async app(plugin) {
      const app = Fastify(plugin.options);
      await app.register(plugin);
      for (const { method, path: url, access, policy: own = {}, handle } of routes) {
        app.route({
          method,
          url,
          access,
          policy: own,
          async handler(request, reply) {
            const { status = 200, type = 'application/json', body, fields = {} } = await handle(request.dewar);
            return reply.status(status).headers(fields).type(type).send(body);
          },
        });
      }
      return app;
    },
  });
  return siteOf(await start(dewar, `https://${SUBJECT}`, without(omit)), SUBJECT);
}

/** An application of a test's own, with what it reported so far. */
export interface OwnSite extends Site {
  readonly target: Target;
}

/** Serves it as `host`, behind the proxy. */
export async function startSite(dewar: AnyDewar, host: string, replacements: Replacements = {}): Promise<OwnSite> {
  const target = await start(dewar, `https://${host}`, replacements);
  return { ...(await siteOf(target, host)), target };
}

function without(omit: readonly string[]): Parameters<typeof start>[2] {
  return { omit: new Set([...omit, ...mutation()]) };
}

async function siteOf(target: Target, host: string): Promise<Site> {
  const front = await startFront(target.url, []);
  return {
    url: `http://${host}:${new URL(front.url).port}`,
    async close() {
      await front.close();
      await target.close();
    },
  };
}

/** Signs in by the page's own form. */
export async function signIn(page: Page, { url }: Site, person: Person): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('E-mail address').fill(LOGINS[person]);
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(LOGINS[person]));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/tickets`);
}

/** A server of somebody else: every path answers with the page it was last given, under every name of loopback. */
export interface Stranger {
  /** Lets `host` show this page, and tells where. */
  show(host: string, page: string): string;
  close(): Promise<void>;
}

/** Starts it. */
export async function startStranger(): Promise<Stranger> {
  let shown = '';
  const server = http.createServer((request, response) => {
    const script = request.url === '/evil.js';
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(script ? 'window.stolen = 1' : `<!doctype html><title>Elsewhere</title>${shown}`);
  });
  const port = await listen(server);
  return {
    show(host, page) {
      shown = page;
      return `http://${host}:${port}/`;
    },
    close: () => close(server),
  };
}

/** The site without some fields of its answers: a twin for what a field does in the browser. */
export function startStripping(site: Site, fields: readonly string[]): Promise<Site> {
  return startFront(site.url, fields);
}

/** What a front does beside passing on. */
export interface FrontOptions {
  /** Speaks TLS itself, with a certificate that nobody vouches for. @default false */
  readonly tls?: boolean;
  /** Changes the policy of pages on its way. */
  readonly policy?: (text: string) => string;
}

/** A proxy that says it was reached over https, and takes fields out of what it passes on. */
export async function startFront(behind: string, stripped: readonly string[], more: FrontOptions = {}): Promise<Site> {
  const { hostname, port } = new URL(behind);
  const pass: RequestListener = (request, response) => {
    const { method, url: path } = request;
    const headers = { ...request.headers, 'x-forwarded-proto': 'https' };
    const onward = http.request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !stripped.includes(name));
      response.writeHead(
        answer.statusCode ?? 502,
        Object.fromEntries(kept.map(([name, value]) => [name, edited(name, value)])),
      );
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const edited = (name: string, value: string | string[] | undefined): string | string[] =>
    name === 'content-security-policy' && more.policy !== undefined ? more.policy(String(value)) : (value ?? '');
  const server = more.tls === true ? https.createServer(certificate(), pass) : http.createServer(pass);
  const scheme = more.tls === true ? 'https' : 'http';
  return { url: `${scheme}://${hostname}:${await listen(server)}`, close: () => close(server) };
}

/** Key and certificate for loopback, made for this run. */
function certificate(): { readonly key: string; readonly cert: string } {
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout - -out -';
  const pem = execFileSync('openssl', args.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const cut = pem.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: pem.slice(0, cut), cert: pem.slice(cut) };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
