/**
 * What can be asked of a running process. It only tells: nothing can be changed by this channel.
 * @module
 */
import { configReport } from '../config/index.ts';
import { policyView } from '../kernel/index.ts';
import type { Kernel } from '../kernel/index.ts';

/** One question. */
export type ControlRequest =
  | { readonly ask: 'explain'; readonly id: string }
  | { readonly ask: 'policy' }
  | { readonly ask: 'config' }
  | { readonly ask: 'report'; readonly part: string };

/** The answer to it. What is unknown is `null`, not an error. */
export type ControlAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string };

/** A part that can be asked for its figures: `dewar limits` asks the part `limits`. */
export interface Reporting {
  report(): unknown;
}

/** What answers are made from. */
export interface ControlSource {
  readonly kernel: Kernel;
  /** What `readConfig` returned. */
  readonly config?: object;
}

/** An id of ours: the alphabet of base64url, and no longer than any id is. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const PART = /^[A-Za-z][A-Za-z0-9.-]{0,63}$/;

/** Answers a question as it came, which may be anything. */
export async function answerTo(source: ControlSource, asked: unknown): Promise<ControlAnswer> {
  const { ask, id, part } = fieldsOf(asked);
  const { kernel, config } = source;
  if (ask === 'policy') return told(policyView(kernel));
  if (ask === 'config') return told(configReport(config) ?? null);
  if (ask === 'explain') {
    return typeof id === 'string' && ID.test(id) ? told(kernel.explain(id) ?? null) : refused('explain asks for an id');
  }
  if (ask !== 'report') return refused('ask one of: explain, policy, config, report');
  if (typeof part !== 'string' || !PART.test(part)) return refused('report asks for a part');
  const found: unknown = kernel.part(part);
  if (!reports(found)) return refused(`${part} is off, or no part that has a report`);
  return told(await found.report());
}

function told(result: unknown): ControlAnswer {
  return { ok: true, result };
}

function refused(error: string): ControlAnswer {
  return { ok: false, error };
}

function reports(part: unknown): part is Reporting {
  return typeof part === 'object' && part !== null && 'report' in part && typeof part.report === 'function';
}

function fieldsOf(asked: unknown): Readonly<Record<string, unknown>> {
  return typeof asked === 'object' && asked !== null ? (asked as Readonly<Record<string, unknown>>) : {};
}
