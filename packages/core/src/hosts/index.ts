/**
 * Allowed hosts.
 * @module
 */
export { compileHosts, hosts } from './hosts.ts';
export type { HostsCode } from './hosts.ts';
export { HOSTS_DEFAULTS } from './policy.ts';
export type { HostsOptions } from './policy.ts';
