/**
 * Who may use a route: rules, and the protection that enforces them.
 * @module
 */
export { access } from './access.ts';
export type { AccessCode } from './denials.ts';
export { describeRule } from './describe.ts';
export { accessDefaults } from './policy.ts';
export type { AccessOptions, RoleOptions } from './policy.ts';
export { resource } from './resource.ts';
export type { Resource, ResourceOptions } from './resource.ts';
export type { RoleTable } from './roles.ts';
export { all, any, anyone, can, fresh, mfa, not, owner, role, shared, signedIn, todo } from './rules.ts';
