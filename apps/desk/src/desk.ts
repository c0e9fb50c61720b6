/**
 * Desk as one definition: its policy, its store, its application. Making it opens nothing.
 * @module
 */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ConfigError, devSecret } from 'dewar';
import { defineDewar } from 'dewar/fastify';
import type { FastifyDewar } from 'dewar/fastify';
import type { BodyOptions } from '@dewar/core/body';
import type { Dewar, Policy } from '@dewar/core';
import { deskApp } from './app.ts';
import type { DeskConfig } from './config.ts';
import { openServices } from './services.ts';
import type { Services } from './services.ts';
import { signInPage } from './sign-in-page.ts';

export interface Desk {
  readonly definition: Dewar<FastifyDewar, FastifyInstance>;
  /** What the application that was built last works with. */
  services(): Services;
}

/** Describes Desk. Faults of the configuration are thrown when it is built. */
export function createDesk(config: DeskConfig): Desk {
  let opened: Services | undefined;
  const services = (): Services => {
    if (opened === undefined) throw new Error('Desk was not built yet');
    return opened;
  };
  return {
    definition: defineDewar({
      policy: policyOf(config),
      ...(config.settings === undefined ? {} : { config: config.settings }),
      store() {
        if (config.faults.length > 0) throw new ConfigError(config.faults);
        return (opened = openServices(config)).stores;
      },
      // Who only looks at the routes (`dewar routes`) opens no store; nothing is asked of the one in memory.
      app: (dewar) => deskApp(dewar, opened ?? openServices({ ...config, data: ':memory:' })),
    }),
    services,
  };
}

/**
 * What a form or a script may send: 5000 characters, each up to twelve bytes when percent-encoded, and a little more;
 * no form has more than a dozen fields, and nothing is nested.
 */
const BODY: Partial<BodyOptions> = { limit: 65_536, maxDepth: 4, maxKeys: 32, maxItems: 32, maxFields: 64 };

function policyOf({ profile, data, hosts, proxies, secret }: DeskConfig): Policy {
  return {
    profile,
    // Asked for when Desk is built, not when it is described: development keeps it in a file.
    get secret() {
      return secret ?? (data === ':memory:' ? '' : devSecret(data, profile));
    },
    facts: { trustedProxies: proxies },
    hosts: { allowed: hosts },
    https: { skip: ['/healthz'], reason: 'load balancers ask for health in clear text; the answer says nothing' },
    csp: { reports: '/csp-reports' },
    body: BODY,
    schema: { messages: 'library', reason: 'each message is written in input.ts, for people, and quotes nothing' },
    limits: { snapshot: data === ':memory:' ? false : join(data, 'limits.bin') },
    access: { roles: { customer: {}, agent: {}, administrator: { includes: ['agent'] } } },
    protections: [signInPage({ path: '/sign-in' })],
  };
}
