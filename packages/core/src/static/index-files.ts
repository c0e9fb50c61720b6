/**
 * From the files of a folder to addresses: each by its plain name, and by a name that holds its content's hash.
 * @module
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { ConfigFault, FieldList } from '../kernel/index.ts';
import type { FoundFile } from './scan.ts';
import { endingOf, typeOf, UNKNOWN_TYPE } from './types.ts';

/** One form in which a file can be sent. */
export interface Representation {
  readonly file: FoundFile;
  readonly etag: string;
  /** `br`, `gzip`, or empty for the bytes as they are. */
  readonly encoding: string;
  /** Constant fields of an answer with these bytes, without length. */
  readonly fields: FieldList;
  /** Those of a 304. */
  readonly unchanged: FieldList;
}

/** What an address leads to. */
export interface Asset {
  readonly plain: Representation;
  /** Compressed forms, the smaller first. */
  readonly compressed: readonly Representation[];
}

/** A folder, addressed. */
export interface FileIndex {
  /** By the part of the canonical path behind the folder's. */
  readonly byPath: ReadonlyMap<string, Asset>;
  /** Path with the content's hash, by name. */
  readonly urls: ReadonlyMap<string, string>;
  readonly integrities: ReadonlyMap<string, string>;
}

/** Letters of a hash in a name: 96 bits, more than two files will ever share. */
const HASH_LENGTH = 16;
const FOR_EVER = 'public, max-age=31536000, immutable';
const ENCODINGS = { br: 'br', gz: 'gzip' } as const;

export interface IndexOptions {
  readonly at: string;
  readonly maxAge: number;
  readonly types: Readonly<Record<string, string>>;
  readonly sourceMaps: boolean;
}

/** Makes the index; faults are compressed forms that hold something else. */
export function indexFiles(files: readonly FoundFile[], options: IndexOptions): [FileIndex, readonly ConfigFault[]] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const byPath = new Map<string, Asset>();
  const urls = new Map<string, string>();
  const integrities = new Map<string, string>();
  const faults: ConfigFault[] = [];
  const short = options.maxAge === 0 ? 'no-cache' : `public, max-age=${options.maxAge}`;
  for (const file of files) {
    const { name } = file;
    if (originalOf(name, byName) !== undefined || (endingOf(name) === 'map' && !options.sourceMaps)) continue;
    const forms = Object.entries(ENCODINGS).flatMap(([ending, encoding]) => {
      const form = byName.get(`${name}.${ending}`);
      return form === undefined ? [] : [{ form, encoding }];
    });
    for (const { form, encoding } of forms) {
      if (holds(form, encoding, file)) continue;
      const wrong = `${form.name} holds something else than ${name}`;
      faults.push({ option: 'files.folder', wrong, write: `compress ${name} again, or take ${form.name} out` });
    }
    const type = typeOf(name, options.types);
    const asset = (caching: string): Asset => ({
      plain: represent(file, '', type, caching, forms.length > 0),
      compressed: forms
        .map(({ form, encoding }) => represent(form, encoding, type, caching, true))
        .sort((a, b) => a.file.size - b.file.size),
    });
    const hashed = withHash(name, file.hash);
    const address = encode(hashed);
    byPath.set(encode(name), asset(short));
    // A file that is called so already keeps its name.
    if (!byName.has(hashed)) byPath.set(address, asset(FOR_EVER));
    urls.set(name, `${options.at}/${byName.has(hashed) ? encode(name) : address}`);
    integrities.set(name, `sha384-${file.integrity}`);
  }
  return [{ byPath, urls, integrities }, faults];
}

/** The file that this one is a compressed form of. */
function originalOf(name: string, files: ReadonlyMap<string, FoundFile>): FoundFile | undefined {
  return Object.hasOwn(ENCODINGS, endingOf(name)) ? files.get(name.slice(0, -endingOf(name).length - 1)) : undefined;
}

function represent(
  file: FoundFile,
  encoding: string,
  type: string | undefined,
  caching: string,
  varies: boolean,
): Representation {
  const etag = `"${file.hash.slice(0, 22)}"`;
  const shared = ['etag', etag, 'cache-control', caching, ...(varies ? ['vary', 'Accept-Encoding'] : [])];
  return {
    file,
    etag,
    encoding,
    fields: [
      'content-type',
      type ?? UNKNOWN_TYPE,
      // Whatever it is, it is kept and not shown.
      ...(type === undefined ? ['content-disposition', 'attachment'] : []),
      ...(encoding === '' ? [] : ['content-encoding', encoding]),
      'accept-ranges',
      'bytes',
      ...shared,
    ],
    unchanged: shared,
  };
}

/** `css/site.css` becomes `css/site.3kTMd8w0lPqZ_x1a.css`. */
function withHash(name: string, hash: string): string {
  const slash = name.lastIndexOf('/');
  const dot = name.lastIndexOf('.');
  const at = dot > slash + 1 ? dot : name.length;
  return `${name.slice(0, at)}.${hash.slice(0, HASH_LENGTH)}${name.slice(at)}`;
}

/** The path's one spelling, as the facts have it: what may stand raw does. */
function encode(name: string): string {
  return name.split('/').map(encodeSegment).join('/');
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/%(?:24|26|2B|2C|3A|3D|40)/g, (one) => decodeURIComponent(one));
}

/** A form that holds other bytes, or very many, would be sent in place of what was tested. */
function holds(form: FoundFile, encoding: string, original: FoundFile): boolean {
  try {
    const bytes = form.bytes ?? readFileSync(form.path);
    const limit = { maxOutputLength: Math.max(1, original.size) };
    const plain = encoding === 'br' ? brotliDecompressSync(bytes, limit) : gunzipSync(bytes, limit);
    return plain.equals(original.bytes ?? readFileSync(original.path));
  } catch {
    return false;
  }
}
