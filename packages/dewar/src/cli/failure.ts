/**
 * Errors as text: a fault of the configuration reads like advice, everything else keeps its stack.
 * @module
 */
import type { ConfigFault } from '@dewar/core';

/** The application could not be loaded, built or started. */
export class BrokenError extends Error {
  override readonly name = 'BrokenError';
}

/** What stopped a command, ready for standard error. */
export function describeFailure(error: unknown): string {
  if (error instanceof BrokenError) {
    return error.cause === undefined ? `dewar: ${error.message}\n` : `dewar: ${error.message}\n${reason(error.cause)}`;
  }
  return `dewar: the application could not be built\n${reason(error)}`;
}

/** Faults, one under the other, with what to write instead. */
export function describeFaults(faults: readonly ConfigFault[]): string {
  return faults
    .map(({ option, wrong, write, nearest }) => {
      const near = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
      return `  ${option}: ${wrong}${near}\n    ${write}\n`;
    })
    .join('');
}

/** By its code: an application may have brought a copy of the class of its own. */
function faultsOf(error: unknown): readonly ConfigFault[] | undefined {
  const { code, faults } = (error ?? {}) as { readonly code?: unknown; readonly faults?: unknown };
  return code === 'DEWAR_CONFIG' && Array.isArray(faults) ? (faults as readonly ConfigFault[]) : undefined;
}

function reason(error: unknown): string {
  const faults = faultsOf(error);
  if (faults !== undefined) return describeFaults(faults);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${text.replaceAll(/^/gm, '  ')}\n`;
}
