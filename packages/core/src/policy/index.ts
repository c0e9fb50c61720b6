/**
 * The whole policy, and how a kernel is made from it.
 * @module
 */
export { assemble, createKernel } from './create.ts';
export type { Replacements } from './create.ts';
export { declareRoute } from './declare.ts';
export { build, inspect } from './define.ts';
export type { Adapter, AnyDewar, Definition, Dewar, Inspection, ListenOptions, Running } from './define.ts';
export type { DeclaredRoute, Policy, ProtectionOptions, ProtectionSettings, RoutePolicy } from './policy.ts';
export { PROTECTIONS } from './protections.ts';
