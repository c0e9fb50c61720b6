/**
 * Weakening is loud: every protection that is off, only observes, or stands below its default is told at start.
 * @module
 */
import type { Effective } from './configured.ts';
import type { Events } from './events.ts';
import type { RouteInfo } from './route.ts';
import { isDetect, isOff } from './settings.ts';
import type { Detect } from './settings.ts';

/** One weakening: what, how, and the owner's reason. */
export type Weakening = Events['policy.weakened'];

/** What the policy weakens in one protection. */
export function weakeningsOf(option: string, effective: Effective): readonly Weakening[] {
  if (effective.off !== null) return [{ option, how: 'off', reason: effective.off }];
  const { detect, reason } = effective;
  const found: Weakening[] = [];
  if (detect !== null) found.push({ option, how: 'detect', ...plain(detect) });
  if (reason !== '') found.push({ option, how: 'option', reason });
  return found;
}

/** What one route weakens. */
export function weakeningsOn({ method, path, overrides }: RouteInfo): readonly Weakening[] {
  return Object.entries(overrides).flatMap(([name, setting]): Weakening[] => {
    const option = `${method} ${path}: ${name}`;
    if (isOff(setting)) return [{ option, how: 'off', reason: setting.reason }];
    const found: Weakening[] = [];
    if (isDetect(setting.mode)) found.push({ option, how: 'detect', ...plain(setting.mode) });
    if (setting.reason !== undefined) found.push({ option, how: 'option', reason: setting.reason });
    return found;
  });
}

function plain({ reason, until }: Detect): { reason: string; until?: string } {
  return until === undefined ? { reason } : { reason, until };
}
