/**
 * What a filled-in form sends: the entry list and its three encodings, as browsers write them (HTML, form submission).
 * @module
 */
import type { FormControl, HtmlForm } from './html-forms.ts';

/** A file in a multipart form. */
export interface FormFile {
  readonly filename: string;
  readonly type?: string;
  readonly content: string | Buffer;
}

/** One entry of a submission. */
export type FormEntry = readonly [name: string, value: string | FormFile];

/** Fields by name; a list sends the name once per value. */
export type FormFields = Readonly<Record<string, string | FormFile | readonly string[]>> | readonly FormEntry[];

/** How a form's entries become bytes. */
export type FormEncoding = 'application/x-www-form-urlencoded' | 'multipart/form-data' | 'text/plain';

/** A request body with the type it is announced as. */
export interface EncodedBody {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A multipart boundary as Chromium draws it; the letters need not be unpredictable. */
const BOUNDARY = '----WebKitFormBoundaryDewarTesting0001';

/** Fields as entries, in order. */
export function entriesOf(fields: FormFields): readonly FormEntry[] {
  if (isEntries(fields)) return fields;
  return Object.entries(fields).flatMap(([name, value]): FormEntry[] =>
    isValues(value) ? value.map((one): FormEntry => [name, one]) : [[name, value]],
  );
}

/** What pressing `submitter` sends after typing these values; `null` leaves a control out or unticked. */
export function fillForm(
  form: HtmlForm,
  values: Readonly<Record<string, string | FormFile | readonly string[] | null>>,
  submitter: FormControl | undefined,
): readonly FormEntry[] {
  const known = new Set(form.controls.map(({ name }) => name));
  const missing = Object.keys(values).find((name) => !known.has(name));
  if (missing !== undefined) {
    throw new Error(`the form has no field "${missing}"; it has ${[...known].filter(Boolean).join(', ') || 'none'}`);
  }
  return form.controls.flatMap((control): FormEntry[] => {
    if (control.disabled || control.name === '') return [];
    const button = control.tag === 'button' || ['submit', 'image', 'reset', 'button'].includes(control.type);
    if (button) return control === submitter ? [[control.name, control.value]] : [];
    const given = Object.hasOwn(values, control.name) ? values[control.name] : undefined;
    if (given === null) return [];
    const list = given === undefined ? undefined : isValues(given) ? given : [given];
    if (control.type === 'checkbox' || control.type === 'radio') {
      const ticked = list === undefined ? control.checked : list.includes(control.value);
      return ticked ? [[control.name, control.value]] : [];
    }
    if (list !== undefined) return list.map((value): FormEntry => [control.name, value]);
    if (control.type === 'select') return selected(control).map((value): FormEntry => [control.name, value]);
    if (control.type === 'file') return [[control.name, { filename: '', content: '' }]];
    return [[control.name, control.value]];
  });
}

/** Encodes entries; line ends become CRLF, as every encoding wants them. */
export function encodeForm(entries: readonly FormEntry[], encoding: FormEncoding): EncodedBody {
  if (encoding === 'multipart/form-data') {
    const bytes = Buffer.concat([...entries.map(part), Buffer.from(`--${BOUNDARY}--\r\n`)]);
    return { type: `multipart/form-data; boundary=${BOUNDARY}`, bytes };
  }
  const pairs = entries.map(([name, value]): [string, string] => [crlf(name), crlf(textOf(value))]);
  if (encoding === 'text/plain') {
    return { type: 'text/plain', bytes: Buffer.from(pairs.map(([name, value]) => `${name}=${value}\r\n`).join('')) };
  }
  return { type: encoding, bytes: Buffer.from(new URLSearchParams(pairs).toString()) };
}

function part([name, value]: FormEntry): Buffer {
  const file = typeof value === 'string' ? undefined : value;
  const content = file?.content ?? crlf(value as string);
  const lines = [`--${BOUNDARY}`, `Content-Disposition: form-data; name="${quoted(crlf(name))}"`];
  if (file !== undefined) {
    lines[1] += `; filename="${quoted(file.filename)}"`;
    lines.push(`Content-Type: ${file.type ?? 'application/octet-stream'}`);
  }
  return Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n\r\n`),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ]);
}

function selected({ options, attributes }: FormControl): readonly string[] {
  const chosen = options.filter((option) => option.selected).map(({ value }) => value);
  if (attributes.has('multiple')) return chosen;
  // A single select shows its last selected option, or else its first.
  return chosen.length > 0 ? chosen.slice(-1) : options.slice(0, 1).map(({ value }) => value);
}

function textOf(value: string | FormFile): string {
  return typeof value === 'string' ? value : value.filename;
}

function quoted(text: string): string {
  return text.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
}

function crlf(text: string): string {
  return text.replace(/\r\n|\r|\n/g, '\r\n');
}

function isValues(value: string | FormFile | readonly string[]): value is readonly string[] {
  return Array.isArray(value);
}

function isEntries(fields: FormFields): fields is readonly FormEntry[] {
  return Array.isArray(fields);
}
