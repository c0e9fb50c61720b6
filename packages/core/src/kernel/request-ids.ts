/**
 * Request ids: 96 bits of chance each, so that nobody learns from one how many there were or which comes next.
 * @module
 */
import type { Random } from './clock.ts';

/** Characters of an id: 12 bytes as base64url. */
const LENGTH = 16;
/** Ids cut from one text. Small, because an id that is kept (for `explain`) keeps its whole text in memory. */
const BATCH = 64;

/** Makes ids. Encoding many at once costs a third of encoding each. */
export function requestIds(random: Random): () => string {
  let text = '';
  let at = 0;
  return () => {
    if (at === text.length) {
      text = random.token((BATCH * LENGTH * 3) / 4);
      at = 0;
    }
    return text.slice(at, (at += LENGTH));
  };
}
