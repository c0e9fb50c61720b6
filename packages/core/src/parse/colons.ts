/**
 * Counts the colons of a JSON text, sixteen bytes at a time. With the keys of the parsed value that is all it takes to
 * know that no object had a name twice, and no engine has a way to count that is not slower than parsing. So this is
 * 109 bytes of WebAssembly, written out below; `countPlainly` is the same in JavaScript, and what runs without it.
 * @module
 */

/** Bytes of one pass; the last one of a pass is the first of the next. */
const BLOCK = 65_536;
/** A vector and the byte before it are read at once, so they may reach behind the block. */
const SLACK = 32;

const QUOTE = 0x22;
const COLON = 0x3a;
/** The first byte that is no white space and no control character. */
const FIRST_PRINTABLE = 0x21;

/** Two pages: one block with its slack. */
const PAGES = 2;

// (func (param $end i32) (result i32) (local $at i32) (local $count i32) …)
// prettier-ignore
const CODE: readonly number[] = [
  0x01, 0x02, 0x7f, //                      two locals, i32
  0x03, 0x40, //                            loop
  0x20, 0x02, //                              local.get $count
  0x20, 0x01, 0xfd, 0x00, 0x00, 0x01, //      v128.load $at + 1: the bytes
  0x41, COLON, 0xfd, 0x0f, 0xfd, 0x23, //     i8x16.eq ':'
  0x20, 0x01, 0xfd, 0x00, 0x00, 0x00, //      v128.load $at: the byte before each
  0x41, QUOTE, 0xfd, 0x0f, 0xfd, 0x23, //     i8x16.eq '"'
  0x20, 0x01, 0xfd, 0x00, 0x00, 0x00, //      v128.load $at
  0x41, FIRST_PRINTABLE, 0xfd, 0x0f, 0xfd, 0x26, // i8x16.lt_u '!'
  0xfd, 0x50, //                              v128.or
  0xfd, 0x4e, //                              v128.and
  0xfd, 0x64, 0x69, 0x6a, 0x21, 0x02, //      $count += popcnt(bitmask)
  0x20, 0x01, 0x41, 0x10, 0x6a, 0x22, 0x01, // $at += 16
  0x20, 0x00, 0x49, 0x0d, 0x00, //            br_if loop, $at < $end
  0x0b, //                                  end
  0x20, 0x02, //                            $count
  0x0b,
];

// prettier-ignore
const MODULE: readonly number[] = [
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // "\0asm", version 1
  ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7f]), // one type: i32 to i32
  ...section(3, [1, 0]), // one function of it
  ...section(5, [1, 0, PAGES]), // one memory
  ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0]), // exports: "m" the memory, "f" the function
  ...section(10, [1, CODE.length, ...CODE]),
];

function section(id: number, content: readonly number[]): number[] {
  // Every length here is below 128, so that LEB128 writes it as one byte.
  return [id, content.length, ...content];
}

interface Counter {
  readonly memory: Uint8Array;
  readonly count: (end: number) => number;
}

/** What there is of WebAssembly; its types belong to browsers. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly m: { readonly buffer: ArrayBuffer }; readonly f: (end: number) => number };
  };
}

function compile(): Counter | null {
  const engine = (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;
  if (engine === undefined) return null;
  try {
    const { m, f } = new engine.Instance(new engine.Module(Uint8Array.from(MODULE))).exports;
    return { memory: new Uint8Array(m.buffer), count: f };
  } catch {
    // A runtime may have it switched off (`--jitless`).
    return null;
  }
}

const COUNTER = compile();

/**
 * Colons behind a quote or white space. Every colon between a name and its value is one of them; in texts only `\":`
 * and ` :` are too. So it is never less than the count of members, and mostly it is that very count.
 */
export function countColons(bytes: Uint8Array): number {
  return COUNTER === null ? countPlainly(bytes) : countInBlocks(bytes, COUNTER);
}

function countInBlocks(bytes: Uint8Array, { memory, count }: Counter): number {
  const last = bytes.length - 1;
  let colons = 0;
  for (let at = 0; at < last; at += BLOCK) {
    const end = Math.min(BLOCK, last - at);
    memory.set(bytes.subarray(at, at + end + 1));
    // What an earlier block left behind this one must not count.
    memory.fill(0, end + 1, end + 1 + SLACK);
    colons += count(end);
  }
  return colons;
}

/** The same byte by byte. */
export function countPlainly(bytes: Uint8Array): number {
  let colons = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] !== COLON) continue;
    const before = bytes[at - 1]!;
    if (before === QUOTE || before < FIRST_PRINTABLE) colons++;
  }
  return colons;
}

/** Members of a JSON text that is known to be sound: colons outside texts, and nothing guessed. */
export function countMembers(text: string): number {
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COLON) members++;
    else if (code === QUOTE) at = endOfText(text, at + 1);
  }
  return members;
}

const BACKSLASH = 0x5c;

/** Where the text ends that begins before `at`. */
function endOfText(text: string, at: number): number {
  let end = at;
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(end)) end += code === BACKSLASH ? 2 : 1;
  return end;
}
