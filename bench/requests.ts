/**
 * Interleaved rounds over all applications; prints a table and keeps every raw figure.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { build } from '../scripts/build.ts';
import { load } from './load.ts';
import { freePort, ROUTES, Server } from './server.ts';
import type { Route } from './server.ts';
import { failures } from './verify.ts';

const APPS = ['node', 'fastify', 'plugins', 'dewar', 'fused', 'express', 'express-stack', 'hono', 'hono-stack'];
/** The bare application that each is compared with. */
const BARE: Readonly<Record<string, string>> = {
  plugins: 'fastify',
  dewar: 'fastify',
  fused: 'node',
  'express-stack': 'express',
  'hono-stack': 'hono',
  'flask-stack': 'flask',
};
/** Measured where they are named: they need packages of Debian's. */
const MORE = ['flask', 'flask-stack'];
const ROUNDS = Number(process.env['ROUNDS'] ?? 7);
const SECONDS = Number(process.env['SECONDS'] ?? 2);

const chosen = process.argv.slice(2).filter((name) => [...APPS, ...MORE].includes(name));
const names = chosen.length === 0 ? APPS : chosen;

/** CPU microseconds per request, one figure a round. */
type Figures = Record<string, Record<Route, number[]>>;

async function measure(server: Server, route: Route, seconds: number): Promise<number> {
  const before = server.cpu();
  const { requests, bad } = await load(server.ask(route), seconds);
  if (bad > 0 || requests === 0) throw new Error(`${server.name} /${route}: ${bad} of ${requests} answers were bad`);
  return ((server.cpu() - before) * 1000) / requests;
}

// What is measured is what people install, not sources that each process strips of their types first.
const complaints = await build();
if (complaints !== '') throw new Error(complaints);

const servers: Server[] = [];
try {
  for (const name of names) {
    const server = new Server(name, await freePort());
    servers.push(server);
    await server.ready();
    const wrong = await failures(server);
    if (wrong.length > 0) throw new Error(`${name} is not worth measuring: ${wrong.join('; ')}`);
  }
  const figures: Figures = Object.fromEntries(names.map((name) => [name, { json: [], page: [], form: [] }]));
  for (const server of servers) for (const route of ROUTES) await measure(server, route, SECONDS);
  for (let round = 1; round <= ROUNDS; round++) {
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
    for (const route of ROUTES)
      for (const server of servers) figures[server.name]![route].push(await measure(server, route, SECONDS));
  }
  const memory = Object.fromEntries(servers.map((server) => [server.name, server.memory()]));
  report(figures, memory, await memoryHeld());
} finally {
  for (const server of servers) server.stop();
}

/**
 * Memory after the same load, with V8's young generation held to one size for all. Left alone it is doubled, up to 48 MiB,
 * by what survives while modules load, and hardly ever shrinks: then it tells how much code there is, not what requests cost.
 */
async function memoryHeld(): Promise<Record<string, number>> {
  const memory: Record<string, number> = {};
  for (const name of names) {
    const server = new Server(name, await freePort(), { NODE_OPTIONS: '--max-semi-space-size=8' });
    try {
      await server.ready();
      for (const route of ROUTES) await measure(server, route, SECONDS);
      memory[name] = server.memory();
    } finally {
      server.stop();
    }
  }
  return memory;
}

type Memory = Readonly<Record<string, number>>;

function memoryLines(memory: Memory, held: Memory): string[] {
  const lines = [
    '\n### Memory after load, MiB\n',
    '| application | as it comes | young generation held to 8 MiB |',
    '|---|--:|--:|',
  ];
  for (const name of names) lines.push(`| ${name} | ${memory[name]!.toFixed(0)} | ${held[name]!.toFixed(0)} |`);
  const ratio = ({ dewar, fastify }: Memory): string => (dewar! / fastify!).toFixed(2);
  if (names.includes('dewar') && names.includes('fastify'))
    lines.push('', `Dewar takes ${ratio(memory)} and ${ratio(held)} times the memory of bare Fastify (budget 1.3).`);
  return lines;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function report(figures: Figures, memory: Memory, held: Memory): void {
  const lines: string[] = [];
  for (const route of ROUTES) {
    lines.push(
      `\n### ${route === 'form' ? 'POST' : 'GET'} /${route}\n`,
      '| application | CPU µs a request, median | minimum | spread | added over its bare framework (minima) |',
      '|---|--:|--:|--:|--:|',
    );
    for (const name of names) {
      const values = figures[name]![route];
      const least = Math.min(...values);
      const base = Math.min(...(figures[BARE[name] ?? '']?.[route] ?? [NaN]));
      const spread = ((Math.max(...values) - least) / median(values)) * 100;
      lines.push(
        `| ${name} | ${median(values).toFixed(1)} | ${least.toFixed(1)} | ${spread.toFixed(0)} % | ${Number.isNaN(base) ? '–' : (least - base).toFixed(1)} |`,
      );
    }
    lines.push('', ...ratios(figures, route));
  }
  lines.push(...memoryLines(memory, held));
  const text = lines.join('\n');
  console.log(text);
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const when = new Date().toISOString().slice(0, 16).replaceAll(':', '');
  const raw = {
    when,
    node: process.version,
    cores: cpus().length,
    rounds: ROUNDS,
    seconds: SECONDS,
    figures,
    memory,
    held,
  };
  writeFileSync(new URL(`${when}.json`, folder), `${JSON.stringify(raw, null, 1)}\n`);
  writeFileSync(
    new URL('latest.md', folder),
    `${ROUNDS} interleaved rounds of ${SECONDS} s, ${when}, ${process.version}.\n${text}\n`,
  );
}

/** The budget: a third of what the plugins add, and twice what the fused sketch adds over its own bare server. */
function ratios(figures: Figures, route: Route): string[] {
  if (!['node', 'fastify', 'plugins', 'dewar', 'fused'].every((name) => name in figures)) return [];
  const least = (name: string): number => Math.min(...figures[name]![route]);
  const added = least('dewar') - least('fastify');
  const plugins = least('plugins') - least('fastify');
  const fused = least('fused') - least('node');
  // What costs less than the measurement's own noise is no measure for anything else.
  const of = (part: number, whole: number): string => (whole < 1 ? 'n/a' : (part / whole).toFixed(2));
  return [
    `Dewar adds ${of(added, plugins)} of what the plugins add (budget 0.33), ${of(added, fused)} times what the fused sketch adds (budget 2).`,
  ];
}
