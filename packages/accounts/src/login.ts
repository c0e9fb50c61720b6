/**
 * One spelling per login: what is stored, looked up and compared is always this form, made before it is checked.
 * @module
 */

/** Most characters of a login (RFC 5321, 4.5.3.1: a path has 256 with its brackets). */
export const LOGIN_MOST = 254;

/**
 * One `@` between two parts, the second with a dot. Nothing that separates, quotes or cannot be seen: such characters
 * make two logins look like one, or one address into two.
 */
const LOGIN =
  /^[^@\s\p{C}\p{Z}"(),:;<>[\\\]`']+@[^@\s\p{C}\p{Z}"(),:;<>[\\\]`'.]+(?:\.[^@\s\p{C}\p{Z}"(),:;<>[\\\]`'.]+)+$/u;

/** The login as it is stored: NFKC, without surrounding spaces, in lower case. `null` where it is no address. */
export function normaliseLogin(typed: unknown): string | null {
  if (typeof typed !== 'string' || typed.length > LOGIN_MOST * 4 || !typed.isWellFormed()) return null;
  // Lower case can undo the normal form, so that comes last; a full-width @ is an @ by then.
  const login = typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
  return login.length <= LOGIN_MOST && LOGIN.test(login) ? login : null;
}
