/**
 * The application that attacks are tried on, without a framework: each adapter mounts these routes in a few lines.
 * @module
 */
import type { Context, MaybePromise, Policy, RoutePolicy, Rule } from '@dewar/core';

/** What a subject's handler answers with. */
export interface SubjectReply {
  readonly status?: number;
  /** Content type. @default 'application/json' */
  readonly type?: string;
  readonly body?: string;
  /** Further fields; a value that is a list is sent as several lines. */
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
}

export interface SubjectRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly path: string;
  /** Left out on purpose in one route: it is the undeclared one. */
  readonly access?: Rule;
  readonly policy?: RoutePolicy;
  handle(c: Context): MaybePromise<SubjectReply>;
}

export interface SubjectApp {
  readonly policy: Policy;
  readonly routes: readonly SubjectRoute[];
}

/** The public origin of the subject; `https`, as a proxy in front would make it. */
export const SUBJECT_ORIGIN = 'https://app.example';
