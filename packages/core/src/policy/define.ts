/**
 * One file for server and commands: `defineDewar({ policy, app })` describes an application without starting it.
 * @module
 */
import type { Kernel, MaybePromise } from '../kernel/index.ts';
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

/** Builds the application and checks its policy against its routes; throws `ConfigError` with every fault. */
export async function build<D, A>(dewar: Dewar<D, A>, replacements: Replacements = {}): Promise<Running> {
  const { adapter } = dewar;
  const stores = replacements.stores ?? (await dewar.store?.());
  const kernel = createKernel(dewar.policy, stores === undefined ? replacements : { ...replacements, stores });
  let app: A | undefined;
  try {
    app = await dewar.app(adapter.create(kernel));
    await adapter.ready(app);
  } catch (error) {
    // What was opened for an application that does not start is closed again.
    if (app !== undefined) await adapter.close(app).catch(() => undefined);
    await kernel.close();
    throw error;
  }
  const built = app;
  return {
    kernel,
    listen: (options) => adapter.listen(built, options),
    async close() {
      await adapter.close(built);
      await kernel.close();
    },
  };
}
