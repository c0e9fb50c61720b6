/**
 * The layers, as data, and the judgement of one import by them. Type imports count: a type that points up is a design
 * that points up.
 * @module
 */
import { posix } from 'node:path';

/** The modules of core and the layer each is in. Imports point down; the composition on top sees all. */
export const CORE_LAYERS: Readonly<Record<string, number>> = {
  kernel: 0,
  crypto: 0,
  store: 0,
  parse: 0,
  http: 1,
  html: 1,
  config: 1,
  hosts: 1,
  https: 1,
  headers: 1,
  cors: 1,
  static: 1,
  csp: 1,
  csrf: 1,
  body: 1,
  schema: 1,
  limits: 1,
  'safe-methods': 1,
  cookies: 2,
  sessions: 2,
  access: 3,
  control: 4,
  policy: 4,
};
const TOP = 4;

const ADAPTERS: ReadonlySet<string> = new Set(['@dewar/fastify']);
/** What an adapter may use: it translates, so no protection. Markup and static files are none, and every adapter sends them. */
const FOR_ADAPTERS: ReadonlySet<string> = new Set([
  '@dewar/core',
  '@dewar/core/html',
  '@dewar/core/http',
  '@dewar/core/static',
]);
/** Packages that compose others. Everything outside packages/ is composition too: apps, examples, measurements, tests. */
const COMPOSERS: ReadonlySet<string> = new Set(['dewar']);

/** One import statement of a file; paths are relative to the root, with `/`. */
export interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every import in a source text, re-exports, dynamic ones and those inside types included. */
export function importsOf(file: string, source: string): readonly Import[] {
  const code = source.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const statements = code.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[\w$*{}\s,]+?\sfrom\s*)?['"]([^'"\n]+)['"]/gm);
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]/g);
  return [
    ...[...statements].map(([, type, specifier]) => ({ file, specifier: specifier!, typeOnly: type !== undefined })),
    ...[...calls].map(([, specifier]) => ({ file, specifier: specifier!, typeOnly: false })),
  ];
}

/** What is wrong with an import, or nothing. */
export function judge(one: Import): string | undefined {
  const home = packageOf(one.file);
  if (one.specifier.startsWith('.')) return judgeRelative(one, home);
  if (home === undefined || one.specifier.startsWith('node:')) return undefined;
  // Tests compose: they may put any two packages together by name.
  if (one.file.endsWith('.test.ts')) return undefined;
  if (home === 'core') return 'core imports node: and itself only';
  const [, imported] = /^(@dewar\/[^/]+|dewar)(?:\/|$)/.exec(one.specifier) ?? [];
  if (imported === undefined || COMPOSERS.has(home)) return undefined;
  if (ADAPTERS.has(`@dewar/${home}`)) {
    return FOR_ADAPTERS.has(one.specifier)
      ? undefined
      : 'an adapter imports @dewar/core, its html, http and static only';
  }
  if (ADAPTERS.has(imported)) return 'only what composes an application imports an adapter';
  return imported === '@dewar/core' ? undefined : 'a package imports no package beside it, only @dewar/core';
}

function judgeRelative({ file, specifier, typeOnly }: Import, home: string | undefined): string | undefined {
  const target = posix.join(posix.dirname(file), specifier);
  if (packageOf(target) !== home) return 'another package is imported by its name';
  if (home !== 'core' || file.endsWith('.test.ts')) return undefined;
  const [from, to] = [moduleOf(file), moduleOf(target)];
  if (from === to) return undefined;
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer === undefined) return `${from} has no layer: give it one in test/layers.ts`;
  if (toLayer === undefined) return `${to} has no layer: give it one in test/layers.ts`;
  // The ground floor's own types name each other's files, because their indexes would form a circle.
  if (fromLayer === 0 && toLayer === 0 && typeOnly) return undefined;
  if (toLayer > fromLayer) return `${from} is below ${to}`;
  if (toLayer === fromLayer && fromLayer > 0 && fromLayer < TOP) return `${from} is beside ${to}`;
  return posix.basename(target) === 'index.ts' ? undefined : `${to} is entered by its index.ts`;
}

function packageOf(file: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(file)?.[1];
}

/** The folder under core's src; files that lie there directly are the composition. */
function moduleOf(file: string): string {
  return /^packages\/core\/src\/([^/]+)\//.exec(file)?.[1] ?? 'policy';
}

function layerOf(module: string): number | undefined {
  return Object.hasOwn(CORE_LAYERS, module) ? CORE_LAYERS[module] : undefined;
}
