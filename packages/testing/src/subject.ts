/**
 * The application that attacks are tried on, without a framework: each adapter mounts these routes in a few lines.
 * @module
 */
import type { Context, MaybePromise, Policy, RoutePolicy, RouteSchemas, Rule } from '@dewar/core';

/** What a subject's handler answers with. */
export interface SubjectReply {
  /** @default 200 */
  readonly status?: number;
  /** Content type. @default 'application/json' */
  readonly type?: string;
  readonly body: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface SubjectRoute {
  readonly method: 'GET' | 'OPTIONS' | 'POST' | 'PUT';
  readonly path: string;
  readonly access: Rule;
  readonly policy?: RoutePolicy;
  /** What comes in, as far as it is declared. */
  readonly schema?: RouteSchemas;
  handle(c: Context): MaybePromise<SubjectReply>;
}

export interface SubjectApp {
  readonly policy: Policy;
  readonly routes: readonly SubjectRoute[];
}

/** The subject's public host, and its origin as a proxy in front makes it. */
export const SUBJECT_HOST = 'app.example';
export const SUBJECT_ORIGIN: string = `https://${SUBJECT_HOST}`;
