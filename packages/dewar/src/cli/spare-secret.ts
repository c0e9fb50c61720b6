/**
 * A secret of the moment, for commands that build the application only to look at it.
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Policy } from '@dewar/core';
import { Secret } from '@dewar/core/config';
import type { Io } from './io.ts';

/** Whoever looks at a policy need not hold the secret of production. One that is given is judged as any other. */
export function spareSecret({ secret = '' }: Policy, env: Io['env']): { secret?: string } {
  const given = secret instanceof Secret || secret.length > 0 || (env['DEWAR_SECRET'] ?? '') !== '';
  return given ? {} : { secret: randomBytes(32).toString('base64url') };
}
