/**
 * Content types by ending, and the names that no folder for everybody may hold. A type is never guessed from content: a
 * browser that guessed would make a page of a picture.
 * @module
 */

const UTF8 = '; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  css: `text/css${UTF8}`,
  csv: `text/csv${UTF8}`,
  gif: 'image/gif',
  htm: `text/html${UTF8}`,
  html: `text/html${UTF8}`,
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: `text/javascript${UTF8}`,
  json: 'application/json',
  m4a: 'audio/mp4',
  map: 'application/json',
  md: `text/markdown${UTF8}`,
  mjs: `text/javascript${UTF8}`,
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  txt: `text/plain${UTF8}`,
  wasm: 'application/wasm',
  wav: 'audio/wav',
  webm: 'video/webm',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xml: `text/xml${UTF8}`,
};
/** What a browser keeps as a file, whatever it thinks it is. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/** The type of a file by the ending of its name; `undefined` where nobody said. */
export function typeOf(name: string, more: Readonly<Record<string, string>>): string | undefined {
  const ending = endingOf(name);
  if (Object.hasOwn(more, ending)) return more[ending];
  return Object.hasOwn(TYPES, ending) ? TYPES[ending] : undefined;
}

/** The last ending in lower case; empty where there is none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Names that say that somebody copied too much: keys, databases, the root of a project. */
const PRIVATE =
  /^(?!Thumbs\.db$)(?:\.env.*|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|sqlite3?|db|ovpn|tfstate|htpasswd)|id_(?:rsa|dsa|ecdsa|ed25519)|package\.json|node_modules|\.git|\.ssh|\.aws|\.npmrc|\.netrc|dewar\.config\.\w+)$/i;
/** What editors and people leave behind. */
const LEFTOVER =
  /(?:~|\.(?:bak|old|orig|rej|save|swp|swo|tmp|temp|part|crdownload|log))$|^(?:#.*#|Thumbs\.db|desktop\.ini)$/i;

/** True for a name that makes a folder unfit to be served. */
export function isPrivate(name: string): boolean {
  return PRIVATE.test(name);
}

/** True for a name that is left out without a word: hidden files, leftovers. */
export function isLeftOut(name: string): boolean {
  return name.startsWith('.') || LEFTOVER.test(name);
}
