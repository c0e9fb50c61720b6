/**
 * What every account store refuses, so that all stores answer alike.
 * @module
 */

/** Databases keep UTF-8: a lone surrogate would come back as U+FFFD, and two logins would be one. */
export function checkText(text: string, field: 'id' | 'login'): void {
  if (!text.isWellFormed()) throw new TypeError(`an account's ${field} must be well-formed Unicode`);
}

/** A page of 0, of -1 (SQL: all) or of a million is a mistake or an attack. */
export function checkPage(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new RangeError('limit must be a whole number from 1 to 1000');
}
