/**
 * The kernel, the policy and the rules of access. Protections stand under their own names: `@dewar/core/csrf`.
 * @module
 */
export * from './access/index.ts';
// The one with `from`, which owners make; the kernel's own is its plain data.
export type { Resource } from './access/index.ts';
export * from './crypto/index.ts';
export * from './kernel/index.ts';
export * from './policy/index.ts';
export * from './store/index.ts';
