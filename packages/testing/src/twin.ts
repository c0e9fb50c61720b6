/**
 * An application, listening, and its twin: the same app function compiled without one protection's steps
 * and without the layers that would mask its absence.
 * @module
 */
import { build } from '@dewar/core';
import type { AnyDewar, EventSink, Replacements, Running, SecurityEvent } from '@dewar/core';

/** A listening application under attack. */
export interface Target {
  /** Where its socket is: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The public origin browsers believe in; a trusted proxy on loopback stands between. */
  readonly origin: string;
  readonly running: Running;
  /** Everything it reported, oldest first. */
  readonly events: readonly SecurityEvent[];
  close(): Promise<void>;
}

/** A secret for tests, of full strength so that the start-up audit has nothing to say. */
export const TEST_SECRET = 'pXq7vT2mZr9LdK4hWb8NcY6sJf3GaE5u';

/** Starts an application on a free loopback port, in the test profile. */
export async function start(dewar: AnyDewar, origin: string, replacements: Replacements = {}): Promise<Target> {
  const events: SecurityEvent[] = [];
  const sink: EventSink = (event) => void events.push(event);
  const running = await build(dewar, { profile: 'test', secret: TEST_SECRET, ...replacements, events: [sink] });
  const { url } = await running.listen({ port: 0 });
  return { url, origin, running, events, close: () => running.close() };
}

/** Starts the twin: without `protection`, and without the `masks` that would hide its absence. */
export function twin(
  dewar: AnyDewar,
  origin: string,
  protection: string,
  masks: readonly string[] = [],
  replacements: Replacements = {},
): Promise<Target> {
  return start(dewar, origin, { ...replacements, omit: new Set([protection, ...masks, ...mutation()]) });
}

/** The protection that a mutation run takes away from every application that is meant to be protected. */
export function mutation(): readonly string[] {
  const name = process.env['DEWAR_MUTATE'];
  return name === undefined || name === '' ? [] : [name];
}

/** Starts the protected application; a mutation run takes one protection away, so that its attack must succeed. */
export function protectedApp(dewar: AnyDewar, origin: string, replacements: Replacements = {}): Promise<Target> {
  return start(dewar, origin, { ...replacements, omit: new Set(mutation()) });
}
