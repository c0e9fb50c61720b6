/**
 * A folder of files for everybody, and the answers from it. It knows nothing of a framework: an adapter hands over a
 * path and sends what comes back.
 * @module
 */
import { constants } from 'node:fs';
import type { ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ConfigError } from '../kernel/index.ts';
import type { FieldList } from '../kernel/index.ts';
import { evaluate, negotiate, partOf } from './conditional.ts';
import type { FileRequest } from './conditional.ts';
import { indexFiles } from './index-files.ts';
import type { FileIndex, Representation } from './index-files.ts';
import { checkFiles, FILES_DEFAULTS } from './policy.ts';
import type { FilesOptions } from './policy.ts';
import { scanFolder, stateOf } from './scan.ts';
import type { FoundFile } from './scan.ts';

/** What to send. */
export interface FileAnswer {
  readonly status: 200 | 206 | 304 | 412 | 416 | 503;
  /** Name, value, name, value; with the length of the body. */
  readonly fields: FieldList;
  /** Nothing for HEAD and for answers without a body. */
  readonly body: Buffer | Readable | null;
}

/** A folder that is served. */
export interface Files {
  /** Path it is served under. */
  readonly at: string;
  /** Names of its files, in order. */
  readonly names: readonly string[];
  /** The address of a file that changes with its content; throws for a name that is none. */
  url(name: string): string;
  /** `sha384-…` for `integrity`, of a name or an address. */
  integrity(name: string): string;
  /** `<script>` with its address, its integrity and the page's nonce. */
  script(name: string, nonce?: string): string;
  /** `<link rel="stylesheet">` with its address and its integrity. */
  style(name: string): string;
  /** The answer for a canonical path; `undefined` where no file has it. */
  answer(path: string, request: FileRequest): Promise<FileAnswer> | FileAnswer | undefined;
}

/** How often a folder is looked at again while somebody works on it. */
const RELOAD_MS = 200;
/** How often it is looked whether a client has read on. */
const STALLED_MS = 30_000;
const BUSY: FileAnswer = Object.freeze({
  status: 503,
  fields: Object.freeze(['retry-after', '1', 'content-length', '0', 'cache-control', 'no-store']),
  body: null,
});

/** Reads the folder and serves it. Throws `ConfigError` with every fault of the options and of the folder. */
export function createFiles(options: FilesOptions): Files {
  const faults = checkFiles(options);
  if (faults.length > 0) throw new ConfigError(faults);
  return new Folder({ ...FILES_DEFAULTS, ...options });
}

class Folder implements Files {
  readonly at: string;
  readonly #options: Required<FilesOptions>;
  #files: ReadonlyMap<string, FoundFile> = new Map();
  #index: FileIndex;
  #looked = 0;
  #open = 0;

  constructor(options: Required<FilesOptions>) {
    this.at = options.at;
    this.#options = options;
    this.#index = this.#read();
  }

  get names(): readonly string[] {
    return [...this.#current().urls.keys()].sort();
  }

  url(name: string): string {
    return this.#current().urls.get(name) ?? this.#unknown(name);
  }

  integrity(name: string): string {
    const { integrities, urls } = this.#current();
    const own = name.startsWith('/')
      ? [...urls].find(([one, url]) => url === name || `${this.at}/${one}` === name)?.[0]
      : name;
    return integrities.get(own ?? name) ?? this.#unknown(name);
  }

  script(name: string, nonce = ''): string {
    // Modules wait for the page by themselves.
    const kind = name.endsWith('.mjs') ? ' type="module"' : ' defer';
    const carried = nonce === '' ? '' : ` nonce="${attribute(nonce)}"`;
    return `<script src="${attribute(this.url(name))}" integrity="${this.integrity(name)}"${carried}${kind}></script>`;
  }

  style(name: string): string {
    return `<link rel="stylesheet" href="${attribute(this.url(name))}" integrity="${this.integrity(name)}">`;
  }

  answer(path: string, request: FileRequest): Promise<FileAnswer> | FileAnswer | undefined {
    if (!path.startsWith(`${this.at}/`)) return undefined;
    const asset = this.#current().byPath.get(path.slice(this.at.length + 1));
    if (asset === undefined) return undefined;
    const chosen = negotiate(asset, request.header('accept-encoding'));
    const { file, etag, fields, unchanged } = chosen;
    const status = evaluate(request, etag);
    if (status === 304) return { status, fields: unchanged, body: null };
    if (status === 412) return { status, fields: ['content-length', '0', 'cache-control', 'no-store'], body: null };
    const part = partOf(request, file.size, etag);
    if (part === null) {
      const range = ['content-range', `bytes */${file.size}`, 'content-length', '0', 'cache-control', 'no-store'];
      return { status: 416, fields: range, body: null };
    }
    const { start, end } = part ?? { start: 0, end: file.size - 1 };
    const length = String(end - start + 1);
    const all = [...fields, 'content-length', length];
    const head =
      part === undefined
        ? ({ status: 200, fields: all } as const)
        : ({ status: 206, fields: [...all, 'content-range', `bytes ${start}-${end}/${file.size}`] } as const);
    if (request.method === 'HEAD') return { ...head, body: null };
    if (file.bytes !== undefined) return { ...head, body: file.bytes.subarray(start, end + 1) };
    return this.#fromDisk(chosen, head, start, end);
  }

  async #fromDisk(
    { file }: Representation,
    head: Pick<FileAnswer, 'status' | 'fields'>,
    start: number,
    end: number,
  ): Promise<FileAnswer> {
    if (this.#open >= this.#options.maxOpen) return BUSY;
    this.#open++;
    let handle: FileHandle | undefined;
    try {
      handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW);
      // Other bytes than those that were hashed would be sent under their name, and kept for a year.
      if (stateOf(await handle.stat({ bigint: true })) !== file.state) {
        throw new Error(`${file.name} has changed since the start: start again to serve it`);
      }
      const body = handle.createReadStream({ start, end });
      body.once('close', () => void this.#open--);
      endWhereStalled(body);
      return { ...head, body };
    } catch (error) {
      this.#open--;
      await handle?.close();
      throw error;
    }
  }

  #current(): FileIndex {
    if (this.#options.reload && performance.now() - this.#looked >= RELOAD_MS) this.#index = this.#read();
    return this.#index;
  }

  #read(): FileIndex {
    const { folder, maxFiles } = this.#options;
    const { files, faults } = scanFolder(folder, maxFiles, this.#files);
    const [index, more] = indexFiles(files, this.#options);
    if (faults.length + more.length > 0) throw new ConfigError([...faults, ...more]);
    this.#files = new Map(files.map((file) => [file.name, file]));
    this.#looked = performance.now();
    return index;
  }

  #unknown(name: string): never {
    throw new Error(`${this.#options.folder} has no file "${name}"`);
  }
}

/** Ends what nobody reads on: no timeout of the server looks at a client that reads, and each holds a place. */
function endWhereStalled(body: ReadStream): void {
  let before = -1;
  const timer = setInterval(() => {
    if (body.bytesRead === before) body.destroy();
    before = body.bytesRead;
  }, STALLED_MS).unref();
  body.once('close', () => clearInterval(timer));
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
