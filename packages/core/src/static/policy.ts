/**
 * Options of static files, their defaults and their check.
 * @module
 */
import { unknownKeys } from '../kernel/index.ts';
import type { ConfigFault } from '../kernel/index.ts';

export interface FilesOptions {
  /** Folder whose files are served, all of them to whoever may use the route. Nothing private belongs there. */
  readonly folder: string;
  /** Path they are served under. @default '/assets' */
  readonly at?: string;
  /**
   * Seconds for which a browser may keep a file that is asked for by its plain name. The address that `url()` gives
   * names the content, and is kept for a year whatever stands here.
   * @default 0, it asks each time and is told in a few bytes that nothing changed
   */
  readonly maxAge?: number;
  /** Content types by ending, beside the usual ones: `{ glb: 'model/gltf-binary' }`. @default {} */
  readonly types?: Readonly<Record<string, string>>;
  /** Serves source maps (`.map`), which give everybody the sources. @default false */
  readonly sourceMaps?: boolean;
  /** Looks at the folder again when a file is asked for: for development. @default false */
  readonly reload?: boolean;
  /** Files that are sent from disk at the same time; more have to come again. @default 128 */
  readonly maxOpen?: number;
  /** Files the folder may hold. @default 10000 */
  readonly maxFiles?: number;
}

/** What holds where nothing is said. */
export const FILES_DEFAULTS: Readonly<Required<Omit<FilesOptions, 'folder'>>> = Object.freeze({
  at: '/assets',
  maxAge: 0,
  types: Object.freeze({}),
  sourceMaps: false,
  reload: false,
  maxOpen: 128,
  maxFiles: 10_000,
});

const AT = /^(?:\/[\w\-.~]+)+$/;
const TYPE = /^[a-z]+\/[\w.+-]+(?:; charset=utf-8)?$/;
const YEAR = 31_536_000;

/** Faults of the options; those of the folder's content show when it is read. */
export function checkFiles(options: FilesOptions): ConfigFault[] {
  const faults = unknownKeys(options, ['folder', ...Object.keys(FILES_DEFAULTS)], 'files');
  const { folder, at, maxAge, types, sourceMaps, reload, maxOpen, maxFiles } = { ...FILES_DEFAULTS, ...options };
  const add = (name: string, wrong: string, write: string): void =>
    void faults.push({ option: `files.${name}`, wrong, write });
  if (typeof folder !== 'string' || folder === '')
    add('folder', 'is no folder', `write join(import.meta.dirname, 'assets')`);
  if (typeof at !== 'string' || !AT.test(at) || /\/\.\.?(?:\/|$)/.test(at)) add('at', 'is no path', `write '/assets'`);
  if (!isCount(maxAge, 0, YEAR)) add('maxAge', 'is no number of seconds up to a year', 'write 3600');
  if (!isCount(maxOpen, 1, 65_536)) add('maxOpen', 'is no number of files', 'write 128');
  if (!isCount(maxFiles, 1, 1_000_000)) add('maxFiles', 'is no number of files', 'write 10000');
  for (const [name, value] of Object.entries({ sourceMaps, reload }))
    if (typeof value !== 'boolean') add(name, 'is neither true nor false', 'write true or false');
  if (typeof types !== 'object' || types === null)
    add('types', 'is no set of types', `write { glb: 'model/gltf-binary' }`);
  else
    for (const [ending, type] of Object.entries(types))
      if (!/^[a-z0-9]+$/.test(ending) || typeof type !== 'string' || !TYPE.test(type))
        add(`types["${ending}"]`, 'is no ending with its type', `write { glb: 'model/gltf-binary' }`);
  return faults;
}

function isCount(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
