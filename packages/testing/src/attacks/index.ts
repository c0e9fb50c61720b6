/**
 * Every attack, by the protection that stops it.
 * @module
 */
import type { Attack } from '../attack.ts';
import { accessAttacks } from './access.ts';
import { corsAttacks } from './cors.ts';
import { cspAttacks } from './csp.ts';
import { csrfAttacks } from './csrf.ts';
import { bodyAttacks, schemaAttacks } from './input.ts';
import { headersAttacks } from './headers.ts';
import { hostsAttacks, httpsAttacks } from './hosts.ts';
import { limitsAttacks } from './limits.ts';
import { safeMethodsAttacks } from './safe-methods.ts';
import { cookiesAttacks, sessionsAttacks } from './state.ts';

/** All of them. A protection without one is refused by the walk over the protection list. */
export const ATTACKS: readonly Attack[] = [
  ...hostsAttacks,
  ...httpsAttacks,
  ...cookiesAttacks,
  ...sessionsAttacks,
  ...corsAttacks,
  ...csrfAttacks,
  ...cspAttacks,
  ...headersAttacks,
  ...bodyAttacks,
  ...schemaAttacks,
  ...limitsAttacks,
  ...safeMethodsAttacks,
  ...accessAttacks,
];
