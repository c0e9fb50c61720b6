/**
 * What a framework's router cannot match, although the facts found it sound.
 * @module
 */
import type { Denial } from '../kernel/index.ts';

/** The path holds a parameter that the router does not take. */
export const UNROUTABLE: Denial = Object.freeze({
  code: 'facts/unroutable',
  status: 400,
  by: 'facts',
  option: 'the router',
  input: 'target',
});
