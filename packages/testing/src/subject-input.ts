/**
 * What the subject does with its input: a schema of a few texts, as any library would make it, and a search that takes
 * operators from whoever writes them, as those of document stores do.
 * @module
 */
import type { StandardSchema } from '@dewar/core';

type Texts = Readonly<Record<string, string>>;

/** An object with these texts. Like most libraries it drops what it does not know. */
export function textsSchema(...names: string[]): StandardSchema<unknown, Texts> {
  const validate: StandardSchema<unknown, Texts>['~standard']['validate'] = (value) => {
    if (typeof value !== 'object' || value === null) return { issues: [{ message: 'is no object' }] };
    const entries = names.map((name): [string, unknown] => [name, (value as Readonly<Record<string, unknown>>)[name]]);
    const wrong = entries.filter(([, one]) => typeof one !== 'string');
    if (wrong.length > 0) return { issues: wrong.map(([name]) => ({ message: 'is no text', path: [name] })) };
    return { value: Object.fromEntries(entries) as Texts };
  };
  return { '~standard': { version: 1, vendor: 'subject', validate } };
}

/** The first row that fits: equal to what is asked, or greater where `$gt` says so. */
export function find(rows: readonly Texts[], asked: unknown): Texts | null {
  const conditions = Object.entries((asked ?? {}) as Readonly<Record<string, string | { readonly $gt?: string }>>);
  const fits = (row: Texts): boolean =>
    conditions.every(([name, one]) =>
      typeof one === 'object' ? (row[name] ?? '') > (one.$gt ?? '') : row[name] === one,
    );
  return rows.find(fits) ?? null;
}
