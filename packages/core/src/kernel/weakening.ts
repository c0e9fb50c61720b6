/**
 * Weakening is loud: every protection that is off, only observes, or stands below its default is told at start.
 * @module
 */
import type { Effective } from './configured.ts';
import type { Emit } from './events.ts';
import type { RouteInfo } from './route.ts';
import { isDetect, isOff } from './settings.ts';
import type { Detect } from './settings.ts';

/** Reports what the policy weakens. */
export function reportWeakening(option: string, effective: Effective, emit: Emit): void {
  if (effective.off !== null) return emit('policy.weakened', { option, how: 'off', reason: effective.off });
  const { detect, reason } = effective;
  if (detect !== null) emit('policy.weakened', { option, how: 'detect', ...plain(detect) });
  if (reason !== '') emit('policy.weakened', { option, how: 'option', reason });
}

/** Reports what one route weakens. */
export function reportOverrides({ method, path, overrides }: RouteInfo, emit: Emit): void {
  for (const [name, setting] of Object.entries(overrides)) {
    const option = `${method} ${path}: ${name}`;
    if (isOff(setting)) {
      emit('policy.weakened', { option, how: 'off', reason: setting.reason });
      continue;
    }
    if (isDetect(setting.mode)) emit('policy.weakened', { option, how: 'detect', ...plain(setting.mode) });
    if (setting.reason !== undefined) emit('policy.weakened', { option, how: 'option', reason: setting.reason });
  }
}

function plain({ reason, until }: Detect): { reason: string; until?: string } {
  return until === undefined ? { reason } : { reason, until };
}
