/**
 * Prove a protection by attack.
 * @module
 */
export { attackTitle } from './attack.ts';
export type { Attack } from './attack.ts';
export { ATTACKS } from './attacks/index.ts';
export * from './clients.ts';
export { matrix, runAttack, verdictOf } from './matrix.ts';
export type { Outcome, Subject } from './matrix.ts';
export { subjectApp } from './subject-app.ts';
export { SUBJECT_HOST, SUBJECT_ORIGIN } from './subject.ts';
export type { SubjectApp, SubjectReply, SubjectRoute } from './subject.ts';
export { mutation, protectedApp, start, TEST_SECRET, twin } from './twin.ts';
export type { Target } from './twin.ts';
export { rawGet, signedInAs, signIn, visitor } from './victim.ts';
