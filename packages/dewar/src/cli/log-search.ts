/**
 * Finds the events of one request in a log of JSON lines, whatever else stands in it.
 * @module
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Explanation } from '@dewar/core';
import { BrokenError } from './failure.ts';

/** One line of the log. */
export type LoggedEvent = Readonly<Record<string, unknown>>;

/** Events kept of one request. */
const MOST = 1000;

/** Every event of the request, in order. `-` is standard input. */
export async function eventsOf(id: string, file: string): Promise<readonly LoggedEvent[]> {
  const input: Readable = file === '-' ? process.stdin : createReadStream(file);
  const found: LoggedEvent[] = [];
  const failed = new Promise<never>((_, reject) => {
    input.once('error', (error: NodeJS.ErrnoException) => {
      reject(new BrokenError(`"${file}" cannot be read (${error.code ?? error.message})`));
    });
  });
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      // An id is no part of JSON's own grammar, so a line without it needs no parsing.
      if (!line.includes(id)) continue;
      const event = parsed(line);
      if (event?.['request'] === id && found.length < MOST) found.push(event);
    }
  };
  await Promise.race([read(), failed]);
  return found;
}

function parsed(line: string): LoggedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as LoggedEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal among the events of a request, as the running process would have told it. */
export function explanationIn(events: readonly LoggedEvent[]): Explanation | undefined {
  const refused = events.find(({ event }) => event === 'request.refused' || event === 'connection.refused');
  if (refused === undefined) return undefined;
  const text = (name: string): string => (typeof refused[name] === 'string' ? refused[name] : '');
  const optional = (name: string): object => (text(name) === '' ? {} : { [name]: text(name) });
  return {
    request: text('request'),
    at: Date.parse(text('time')),
    method: text('method'),
    path: text('path'),
    route: text('route'),
    declaredAt: '',
    client: text('client'),
    account: text('account') === '' ? undefined : text('account'),
    denial: {
      // A log is what somebody wrote into a file; it is shown, and nothing is decided by it.
      code: text('code') as Explanation['denial']['code'],
      status: Number(refused['status']),
      by: text('by'),
      option: text('option'),
      ...optional('rule'),
      ...optional('input'),
    },
    notes: [],
  };
}
