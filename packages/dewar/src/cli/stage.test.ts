/**
 * A terminal that is not there, and routes and projects to try the commands on.
 * @module
 */
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { RouteInfo } from '@dewar/core';
import type { InventoryRoute } from './inventory.ts';
import type { Io } from './io.ts';
import { run } from './run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly note: string;
}

/** Runs a command line in this process. */
export async function ran(args: readonly string[], given: Partial<Io> = {}): Promise<Ran> {
  const out: string[] = [];
  const note: string[] = [];
  const code = await run(args, {
    cwd: tmpdir(),
    env: {},
    width: undefined,
    out: (text) => void out.push(text),
    note: (text) => void note.push(text),
    paint: (_tone, text) => text,
    onStop: () => undefined,
    ...given,
  });
  return { code, out: out.join(''), note: note.join('') };
}

/** A route as the kernel knows it. */
export function routeInfo(given: Partial<RouteInfo> = {}): RouteInfo {
  return {
    method: 'GET',
    path: '/',
    params: [],
    access: undefined,
    declaredAt: 'app.ts:1',
    overrides: {},
    encodedSeparators: undefined,
    credential: undefined,
    withoutHost: false,
    secretPath: false,
    schema: {},
    notFound: false,
    ...given,
  };
}

/** A route as the inventory shows it. */
export function shownRoute(given: Partial<InventoryRoute> = {}): InventoryRoute {
  return {
    methods: ['GET'],
    path: '/',
    params: [],
    access: 'anyone',
    deviations: [],
    declaredAt: 'app.ts:1',
    faults: [],
    ...given,
  };
}

/** A folder outside of the workspace with these files, which can import what the workspace can. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dewar-cli-')));
  after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(import.meta.dirname, '../../../../node_modules'), join(folder, 'node_modules'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** Source of a configuration with these routes. */
export function config(routes: string, policy = `hosts: { allowed: ['app.example'] }`, before = ''): string {
  return `import Fastify from 'fastify';
import { all, any, anyone, off, owner, resource, role, shared, signedIn } from 'dewar';
import { defineDewar } from 'dewar/fastify';
${before}
export default defineDewar({
  policy: { ${policy} },
  app: async (dewar) => {
    const app = Fastify(dewar.options);
    await app.register(dewar);
    ${routes}
    return app;
  },
});
`;
}
