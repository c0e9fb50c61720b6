/**
 * One file for server and commands: `defineDewar({ policy, app })` describes an application without starting it.
 * @module
 */
import { isIPv4 } from 'node:net';
import { configReport } from '../config/index.ts';
import { openControl } from '../control/index.ts';
import type { Control } from '../control/index.ts';
import { ConfigError, policyView } from '../kernel/index.ts';
import type { ConfigFault, Kernel, MaybePromise, PolicyView, RouteInfo } from '../kernel/index.ts';
import { createKernel } from './create.ts';
import type { Replacements } from './create.ts';
import type { Policy } from './policy.ts';
import type { Stores } from '../store/index.ts';

/** Where to listen. */
export interface ListenOptions {
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly host?: string;
}

/** A framework, as the kernel sees it: makes what the owner registers, and runs what the owner made. */
export interface Adapter<D, A> {
  readonly name: string;
  /** What the owner's `app` function is given. */
  create(kernel: Kernel): D;
  /** Waits until all routes are there and the policy has been checked against them. */
  ready(app: A): Promise<void>;
  listen(app: A, options: ListenOptions): Promise<{ readonly url: string }>;
  close(app: A): Promise<void>;
}

/** What an owner writes. */
export interface Definition<D, A> {
  readonly policy: Policy;
  /** Where state lives; a function, so that importing the file opens nothing. @default in memory */
  readonly store?: () => MaybePromise<Stores>;
  readonly app: (dewar: D) => MaybePromise<A>;
  /**
   * Path of a socket by which `dewar explain`, `policy`, `limits` and `csp` ask the process while it listens; for the
   * account it runs as alone. @default `DEWAR_CONTROL`, else none
   */
  readonly control?: string;
  /** What `readConfig` returned, so that `dewar config` can show it and its warnings are told at start. */
  readonly config?: object;
}

/** A definition with its framework. Importing one listens to nothing and opens nothing. */
export interface Dewar<D, A> extends Definition<D, A> {
  readonly adapter: Adapter<D, A>;
}

// Whoever builds any definition never touches what its framework is.
// oxlint-disable-next-line no-explicit-any
export type AnyDewar = Dewar<any, any>;

/** An application that was built, not necessarily one that listens. */
export interface Running {
  readonly kernel: Kernel;
  listen(options: ListenOptions): Promise<{ readonly url: string }>;
  close(): Promise<void>;
}

/** What an application declares, and every fault that would keep it from starting. */
export interface Inspection {
  readonly routes: readonly RouteInfo[];
  readonly faults: readonly ConfigFault[];
  /** What would be in force. */
  readonly policy: PolicyView;
}

/** Builds the application and checks its policy against its routes; throws `ConfigError` with every fault. */
export async function build(dewar: AnyDewar, replacements: Replacements = {}): Promise<Running> {
  const { refusal, ...running } = await construct(dewar, replacements);
  if (refusal === undefined) return running;
  // The fault is what the owner must read, not what closing half an application says.
  await running.close().catch(() => undefined);
  throw refusal;
}

/** Builds the application to look at it: its routes are told even if it would not start. Nothing stays open. */
export async function inspect(dewar: AnyDewar, replacements: Replacements = {}): Promise<Inspection> {
  const { refusal, ...running } = await construct(dewar, replacements);
  const { kernel } = running;
  const found = { routes: [...kernel.routes], faults: refusal?.faults ?? [], policy: policyView(kernel) };
  await running.close();
  return found;
}

interface Constructed extends Running {
  /** Why the application, whose routes are all declared, must not answer. */
  readonly refusal: ConfigError | undefined;
}

async function construct(dewar: AnyDewar, replacements: Replacements): Promise<Constructed> {
  const { adapter } = dewar;
  const stores = replacements.stores ?? (await dewar.store?.());
  const kernel = createKernel(dewar.policy, stores === undefined ? replacements : { ...replacements, stores });
  let app: unknown;
  let refusal: ConfigError | undefined;
  try {
    app = await dewar.app(adapter.create(kernel));
    await adapter.ready(app);
  } catch (error) {
    if (app === undefined || !(error instanceof ConfigError)) {
      // What was opened for an application that does not start is closed again.
      if (app !== undefined) await adapter.close(app).catch(() => undefined);
      await kernel.close();
      throw error;
    }
    refusal = error;
  }
  for (const { option, wrong, write } of configReport(dewar.config)?.warnings ?? []) {
    kernel.emit('policy.warning', { option, wrong, write });
  }
  let control: Control | undefined;
  return {
    kernel,
    refusal,
    async listen(options) {
      if (kernel.profile === 'development') onlyLoopback(options.host);
      const path = dewar.control ?? process.env['DEWAR_CONTROL'] ?? '';
      // Before anybody is served: where it cannot be opened as it must be, nothing is.
      if (path !== '') control ??= await openControl({ kernel, path, ...configOf(dewar) });
      return adapter.listen(app, options);
    },
    async close() {
      try {
        await control?.close();
        await adapter.close(app);
      } finally {
        await kernel.close();
      }
    },
  };
}

function configOf({ config }: AnyDewar): { readonly config?: object } {
  return config === undefined ? {} : { config };
}

/** Development shows more and checks less, so the network must not reach it. */
function onlyLoopback(host = '127.0.0.1'): void {
  if (host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))) return;
  const write = `listen on 127.0.0.1, or start in the production profile`;
  throw new ConfigError([
    { option: 'listen.host', wrong: `${host} is open to others, and this is development`, write },
  ]);
}
