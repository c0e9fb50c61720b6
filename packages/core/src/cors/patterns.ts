/**
 * Regular expressions for origins. Most holes in CORS were one of these: no anchor, a dot that is any letter, a domain
 * that somebody else can register. So one is taken only in a form that can be read.
 * @module
 */
import type { Fault } from './origins.ts';
import { isShared } from './suffixes.ts';

const WRITE = String.raw`write it like /^https:\/\/pr-\d+\.preview\.shop\.example$/`;
/** The host's end as plain text: whole labels, at least two, from a dot or the slashes on; perhaps a port. */
const TAIL = /(?:\\\.|\/\/|\\\/\\\/)((?:[a-z0-9-]+\\\.)+[a-z0-9-]+)(?::\d{1,5})?\$$/;
const QUANTIFIERS = /(?<![\\(])[*+?]|\{\d+,\d*\}/g;
/** One or two parts of a name may vary; with more, a long name takes long to fail. */
const MOST_QUANTIFIERS = 2;

/** What is wrong with a regular expression, or nothing. */
export function patternFault(pattern: RegExp): Fault | undefined {
  const { source, flags } = pattern;
  const shown = String(pattern);
  const fault = (wrong: string, write: string = WRITE): Fault => ({ wrong: `${shown} ${wrong}`, write });
  if (/[gy]/.test(flags)) return fault('remembers where it stopped (g, y), so every second answer differs');
  if (flags !== '' && flags !== 'u') return fault(`has the flag ${flags}, and origins come in one spelling`);
  if (!/^\^https:(?:\\\/\\\/|\/\/)/.test(source) || !source.endsWith('$') || source.endsWith('\\$')) {
    return fault('is not anchored, so it also fits a part of a stranger’s origin');
  }
  const bare = withoutClasses(source);
  if (bare === undefined) return fault('excludes letters instead of naming those that may stand');
  if (/(?<!\\)\./.test(bare)) return fault('has a dot that stands for any letter', String.raw`write "\." for a dot`);
  if (topLevel(bare).includes('|')) return fault('has an alternative outside a group, which the anchors do not hold');
  if (/\(\?(?!:)|\\[1-9k]/.test(bare)) return fault('looks around or back, which nobody can check');
  if (/\\[DSWBbPp]/.test(bare)) return fault('fits letters that nobody named');
  if (/\)[*+{]/.test(bare) || (bare.match(QUANTIFIERS)?.length ?? 0) > MOST_QUANTIFIERS) {
    return fault('repeats too much, and a long name would keep the server busy');
  }
  const [, tail] = TAIL.exec(source) ?? [];
  const domain = tail?.replaceAll('\\.', '.');
  if (domain === undefined) return fault('does not end in a domain, letter by letter');
  // The last label before the pattern begins is the one that somebody had to register.
  return isShared(domain) ? fault(`is open to everybody who registers a name under ${domain}`) : undefined;
}

/** The source with each class as one letter; nothing where one is negated. */
function withoutClasses(source: string): string | undefined {
  if (/(?<!\\)\[\^/.test(source)) return undefined;
  return source.replace(/(?<!\\)\[(?:\\.|[^\]\\])*\]/g, 'x');
}

/** What stands in no group. */
function topLevel(source: string): string {
  let depth = 0;
  let text = '';
  for (let at = 0; at < source.length; at++) {
    const letter = source[at]!;
    if (letter === '\\') at++;
    else if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (depth === 0) text += letter;
  }
  return text;
}
