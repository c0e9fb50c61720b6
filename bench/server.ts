/**
 * One application under measurement: its process, a browser's worth of state, and its CPU time.
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SITE, SPA } from './apps/common.ts';
import { CORE } from './load.ts';
import type { Ask } from './load.ts';

export const ROUTES = ['json', 'page', 'form'] as const;
export type Route = (typeof ROUTES)[number];
const APPS = fileURLToPath(new URL('apps/', import.meta.url));
/** Modules of the applications in Python. */
const FLASK: ReadonlyMap<string, string> = new Map([
  ['flask', 'flask_bare'],
  ['flask-stack', 'flask_stack'],
]);
/** What Linux counts CPU time in (getconf CLK_TCK). */
const TICK_MS = 10;

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export class Server {
  readonly name: string;
  readonly port: number;
  readonly #child: ChildProcess;
  #cookie = '';
  #token = '';

  /** `settings` are environment variables of this process alone. */
  constructor(name: string, port: number, settings: Readonly<Record<string, string>> = {}) {
    this.name = name;
    this.port = port;
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      ACCESS_LOG: name === 'flask' ? '' : '1',
      PORT: String(port),
      ...settings,
    };
    const command = ['-c', CORE, ...commandOf(name)];
    this.#child = spawn('taskset', command, { env, cwd: APPS, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Waits until it answers, then signs in where the page needs it. */
  async ready(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.request('GET', '/json');
        break;
      } catch (error) {
        if (tries > 100 || this.#child.exitCode !== null) throw error;
        await sleep(100);
      }
    }
    const entered = await this.request('GET', this.name === 'dewar' ? '/enter' : '/page');
    this.#cookie = (entered.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    this.#token = tokenIn(entered.body);
  }

  /** What is measured on a route: the fields are those a browser sends through a proxy. */
  ask(route: Route): Ask {
    const fields = [
      'Host: app.test',
      'X-Forwarded-Proto: https',
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64)',
      'Accept: */*',
      'Accept-Encoding: gzip, br',
    ];
    if (route === 'json') fields.push(`Origin: ${SPA}`, 'Sec-Fetch-Site: cross-site');
    if (route !== 'json') fields.push(`Cookie: ${this.#cookie}`, 'Sec-Fetch-Site: same-origin');
    if (route === 'form')
      fields.push(`Origin: ${SITE}`, `Referer: ${SITE}/page`, 'Content-Type: application/x-www-form-urlencoded');
    const url = `http://127.0.0.1:${this.port}/${route}`;
    return { url, fields, body: route === 'form' ? this.form() : '' };
  }

  /** A form as the page would send it, or with other values. */
  form(other: Readonly<Record<string, string>> = {}): string {
    const values = { _csrf: this.#token, email: 'ada@example.org', name: 'Ada Lovelace', age: '36', ...other };
    return new URLSearchParams(values).toString();
  }

  request(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Reply> {
    const own = this.#cookie === '' ? {} : { cookie: this.#cookie };
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const all = { host: 'app.test', 'x-forwarded-proto': 'https', ...own, ...length, ...headers };
    return new Promise((resolve, reject) => {
      const request = http.request(
        { port: this.port, host: '127.0.0.1', method, path, headers: all, agent: false },
        (res) => {
          let text = '';
          res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
        },
      );
      request.on('error', reject).end(body);
    });
  }

  /** Milliseconds of user and system time so far. */
  cpu(): number {
    return this.#sum((pid) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    });
  }

  /** Resident memory in MiB. */
  memory(): number {
    return this.#sum((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    });
  }

  #sum(of: (pid: number) => number): number {
    return tree(this.#child.pid!).reduce((sum, pid) => sum + of(pid), 0);
  }

  stop(): void {
    this.#child.kill('SIGTERM');
  }
}

/** What starts an application. Those of Flask run under gunicorn, by Debian's own Python. */
function commandOf(name: string): readonly string[] {
  const module = FLASK.get(name);
  if (module === undefined) return [process.execPath, `${name}.ts`];
  return ['/usr/bin/python3', '-m', 'gunicorn', '-c', 'gunicorn.conf.py', `${module}:app`];
}

/** The process, and those that it started: gunicorn answers in a child of its own. */
function tree(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => tree(Number(child))))];
}

/** The CSRF token of a page, its escapes undone. */
function tokenIn(body: string): string {
  const text = /name="_csrf" value="([^"]*)"/.exec(body)?.[1] ?? '';
  return text.replace(/&#(x?)([0-9a-f]+);/gi, (_all, hex: string, code: string) =>
    String.fromCharCode(Number.parseInt(code, hex === '' ? 10 : 16)),
  );
}

/** A port nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { readonly port: number };
      probe.close(() => resolve(port));
    });
  });
}
