/**
 * The protections of this package, in the order in which they are set up: one may use the state of those above it.
 * @module
 */
import { access } from '../access/index.ts';
import { body } from '../body/index.ts';
import { cookies } from '../cookies/index.ts';
import { cors } from '../cors/index.ts';
import { csrf } from '../csrf/index.ts';
import { csp } from '../csp/index.ts';
import { headers } from '../headers/index.ts';
import { hosts } from '../hosts/index.ts';
import { https } from '../https/index.ts';
import type { AnyProtection } from '../kernel/index.ts';
import { schema } from '../schema/index.ts';
import { limits } from '../limits/index.ts';
import { safeMethods } from '../safe-methods/index.ts';
import { sessions } from '../sessions/index.ts';

export const PROTECTIONS: readonly AnyProtection[] = [
  hosts,
  https,
  cookies,
  sessions,
  cors,
  csrf,
  csp,
  headers,
  body,
  schema,
  limits,
  safeMethods,
  access,
];
