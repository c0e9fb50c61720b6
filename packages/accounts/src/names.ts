/**
 * The name that others see: free text, but one that stays within its place.
 * @module
 */

/** What is wrong with a name. */
export type NameFault = 'missing' | 'too-long' | 'not-text';

const NAME_MOST = 80;

/** The name as it is stored; the empty string for what is no text. */
export function normaliseName(typed: unknown): string {
  return typeof typed === 'string' ? typed.trim().normalize('NFC') : '';
}

/** What is wrong with a normalised name, or `null`. */
export function nameFault(name: string): NameFault | null {
  if (name === '') return 'missing';
  if ([...name].length > NAME_MOST) return 'too-long';
  // Controls and bidirectional marks let a name reach into the text around it.
  return !name.isWellFormed() || /\p{C}/u.test(name) ? 'not-text' : null;
}
