/**
 * Options of `hosts`, their defaults and their check.
 * @module
 */
import type { CheckEnv, ConfigFault } from '../kernel/index.ts';

export interface HostsOptions {
  /**
   * Host names this application answers to: `desk.example`, `desk.example:8443` (that port only), or
   * `*.desk.example` (any name below, not the name itself). The first plain one is the canonical host of links
   * and redirects. Required in production; development answers to loopback names as well.
   * @default []
   */
  readonly allowed: readonly string[];
}

/** Nobody's host. */
export const HOSTS_DEFAULTS: Readonly<HostsOptions> = Object.freeze({ allowed: Object.freeze([]) });

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const ENTRY = new RegExp(`^(?:\\*\\.)?(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-f:.]+\\])(?::\\d{1,5})?$`);

/** Faults of the list, each with the entry to write instead. */
export function checkHosts(options: HostsOptions, at: string, env: CheckEnv): ConfigFault[] {
  const { allowed } = options;
  if (!Array.isArray(allowed)) {
    return [{ option: `${at}.allowed`, wrong: 'is no list', write: `write ['desk.example']` }];
  }
  if (allowed.length === 0 && env.profile !== 'development') {
    return [
      {
        option: `${at}.allowed`,
        wrong: 'is empty, so any Host header would be believed',
        write: `name the hosts you serve: hosts: { allowed: ['desk.example'] }`,
      },
    ];
  }
  return allowed.flatMap((entry: unknown, index) => {
    const option = `${at}.allowed[${index}]`;
    if (typeof entry !== 'string') return [{ option, wrong: 'is no text', write: `write 'desk.example'` }];
    if (/^\*\.[^.]+$/.test(entry)) {
      return [{ option, wrong: `"${entry}" is a whole top-level domain`, write: `write "*.desk.example"` }];
    }
    if (isEntry(entry)) return [];
    const bare = entry
      .toLowerCase()
      .replace(/^[a-z]+:\/\//, '')
      .replace(/[/?#].*$/, '');
    const write = isEntry(bare) ? `write "${bare}"` : `write a host name, like "desk.example"`;
    return [{ option, wrong: `"${entry}" is no host name`, write }];
  });
}

function isEntry(text: string): boolean {
  return ENTRY.test(text) && Number(/:(\d+)$/.exec(text)?.[1] ?? 0) <= 65_535;
}
