/**
 * READMEs of hosts, https and headers: their snippets are this file's own text, so they compile and start; their
 * tables have the options and defaults there are.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { anyone } from '../access/index.ts';
import { HEADERS_DEFAULTS } from '../headers/index.ts';
import { HOSTS_DEFAULTS } from '../hosts/index.ts';
import { HTTPS_DEFAULTS } from '../https/index.ts';
import { PROTECTIONS } from './protections.ts';
import { createKernel } from './create.ts';
import type { Policy, RoutePolicy } from './policy.ts';

const here = readFileSync(import.meta.filename, 'utf8');
const readme = (module: string): string => readFileSync(new URL(`../${module}/README.md`, import.meta.url), 'utf8');
const DEFAULTS: Readonly<Record<string, object>> = {
  hosts: HOSTS_DEFAULTS,
  https: HTTPS_DEFAULTS,
  headers: HEADERS_DEFAULTS,
};

function hostsSnippets(): readonly [Policy, RoutePolicy] {
  const policy = { hosts: { allowed: ['desk.example', '*.desk.example'] } };
  const hook = { hosts: { allowed: ['hooks.example'] } };
  return [policy, hook];
}

function httpsSnippets(): readonly Policy[] {
  const policy = {
    https: {
      skip: ['/healthz', '/.well-known/acme-challenge/*'],
      reason: 'the load balancer probes in clear text',
    },
  };
  const careful = {
    https: {
      hsts: { maxAge: 300, includeSubDomains: false, preload: false },
      reason: 'roll-out: five minutes first',
    },
  };
  return [policy, careful];
}

function headersSnippets(): readonly RoutePolicy[] {
  const logo = { headers: { resourcePolicy: 'cross-origin', reason: 'partners show the logo on their sites' } };
  const call = {
    headers: {
      permissionsPolicy: { ...HEADERS_DEFAULTS.permissionsPolicy, camera: ['self'], microphone: ['self'] },
      reason: 'agents talk to customers by video',
    },
  };
  // An owner writes them where their type is known; here they stand alone, so their texts are wide.
  return [logo, call] as readonly RoutePolicy[];
}

/** Starts a policy with one route of these settings. */
async function starts(policy: Policy, route: RoutePolicy = {}): Promise<void> {
  const sound = { secret: 'k3Jt9qZ0vYw2LxR7sMbN5cFgHdP8uTaE', hosts: { allowed: ['desk.example'] }, events: [] };
  const kernel = createKernel({ ...sound, profile: 'production', ...policy });
  kernel.declare({ method: 'GET', path: '/x', access: anyone(), policy: route });
  await kernel.start();
}

describe('the snippets', () => {
  for (const module of Object.keys(DEFAULTS))
    it(`of ${module} stand in this file`, () => {
      const snippets = [...readme(module).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);
      assert.equal(snippets.length, 2);
      for (const snippet of snippets) assert.ok(here.includes(snippet.replaceAll(/^(?=.)/gm, '  ')), snippet);
    });

  it('start in production', async () => {
    const [policy, hook] = hostsSnippets();
    await starts(policy, hook);
    for (const one of httpsSnippets()) await starts(one);
    for (const one of headersSnippets()) await starts({}, one);
  });
});

describe('the tables', () => {
  for (const [module, defaults] of Object.entries(DEFAULTS)) {
    const options = readme(module).split('\n## Options')[1]!;
    const rows = new Map([...options.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, cell]) => [name!, cell!]));

    it(`of ${module} have every option`, () => assert.deepEqual([...rows.keys()], Object.keys(defaults)));

    it(`of ${module} have the defaults there are`, () => {
      for (const [name, value] of Object.entries(defaults) as [string, unknown][])
        if (rows.get(name)!.startsWith('`')) assert.equal(rows.get(name), `\`${written(value)}\``, name);
    });
  }

  for (const protection of PROTECTIONS.filter(({ name }) => name in DEFAULTS))
    it(`name every code of ${protection.name}`, () => {
      const text = readme(protection.name);
      for (const code of protection.codes) assert.ok(text.includes(`\`${code}\``), code);
    });
});

/** A value as an owner would write it. */
function written(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([name, one]) => `${name}: ${written(one)}`)
    .join(', ')} }`;
}
