/**
 * No state is changed by a request that promises to change none.
 * @module
 */
export { SAFE_METHODS_DEFAULTS } from './policy.ts';
export type { SafeMethodsOptions } from './policy.ts';
export { safeMethods } from './safe-methods.ts';
export type { SafeMethodsCode } from './safe-methods.ts';
