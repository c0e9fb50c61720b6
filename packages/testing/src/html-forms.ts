/**
 * The forms of a page and the entries a browser would submit, hidden fields and the CSRF token included.
 * @module
 */
import { tokenize } from './html-tokens.ts';

/** One control of a form. */
export interface FormControl {
  readonly tag: 'input' | 'textarea' | 'select' | 'button';
  /** The `type` attribute in lower case; `text` for an input without one, `submit` for a button without one. */
  readonly type: string;
  readonly name: string;
  readonly value: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  /** The options of a select. */
  readonly options: readonly { readonly value: string; readonly selected: boolean }[];
  readonly attributes: ReadonlyMap<string, string>;
}

/** A form as the page has it, attributes still unresolved. */
export interface HtmlForm {
  readonly action: string;
  readonly method: string;
  readonly enctype: string;
  readonly controls: readonly FormControl[];
  readonly attributes: ReadonlyMap<string, string>;
}

/** What a test reads out of a page. */
export interface HtmlPage {
  readonly forms: readonly HtmlForm[];
  /** `<base href>`, or nothing. */
  readonly base: string | undefined;
  /** `<meta name content>`; the first of a name counts, names in lower case. */
  readonly meta: ReadonlyMap<string, string>;
}

interface Draft {
  readonly attributes: ReadonlyMap<string, string>;
  readonly controls: FormControl[];
}

/** Reads forms, `base` and `meta` of a page. Controls find their form by nesting or by their `form` attribute. */
export function readPage(html: string): HtmlPage {
  const forms: Draft[] = [];
  const meta = new Map<string, string>();
  const owned: { control: FormControl; owner: string | undefined; form: Draft | undefined }[] = [];
  let base: string | undefined;
  let form: Draft | undefined;
  let templates = 0;
  let disabledFieldsets = 0;
  const fieldsets: boolean[] = [];
  let select: { attributes: ReadonlyMap<string, string>; options: { value: string; selected: boolean }[] } | undefined;
  let option: { value: string | undefined; selected: boolean; text: string } | undefined;
  let area: { attributes: ReadonlyMap<string, string>; text: string } | undefined;

  const add = (control: FormControl): void => {
    owned.push({ control, owner: control.attributes.get('form'), form });
  };
  const endOption = (): void => {
    if (option !== undefined && select !== undefined) {
      const value = option.value ?? option.text.trim().replace(/\s+/g, ' ');
      select.options.push({ value, selected: option.selected });
    }
    option = undefined;
  };

  for (const token of tokenize(html)) {
    if (token.kind === 'text') {
      if (area !== undefined) area.text += token.text;
      if (option !== undefined) option.text += token.text;
      continue;
    }
    // What a template holds is inert.
    if (token.name === 'template') templates = Math.max(0, templates + (token.kind === 'start' ? 1 : -1));
    if (templates > 0) continue;
    if (token.kind === 'end') {
      if (token.name === 'form') form = undefined;
      else if (token.name === 'option') endOption();
      else if (token.name === 'fieldset' && fieldsets.pop() === true) disabledFieldsets--;
      else if (token.name === 'textarea' && area !== undefined) {
        add(controlOf('textarea', area.attributes, disabledFieldsets > 0, area.text.replace(/^\r?\n/, '')));
        area = undefined;
      } else if (token.name === 'select' && select !== undefined) {
        endOption();
        add(controlOf('select', select.attributes, disabledFieldsets > 0, '', select.options));
        select = undefined;
      }
      continue;
    }
    const { name, attributes } = token;
    if (name === 'form' && form === undefined) forms.push((form = { attributes, controls: [] }));
    else if (name === 'input' || name === 'button') add(controlOf(name, attributes, disabledFieldsets > 0));
    else if (name === 'textarea') area = { attributes, text: '' };
    else if (name === 'select') select = { attributes, options: [] };
    else if (name === 'option') {
      endOption();
      if (!attributes.has('disabled')) {
        option = { value: attributes.get('value'), selected: attributes.has('selected'), text: '' };
      }
    } else if (name === 'fieldset') {
      fieldsets.push(attributes.has('disabled'));
      if (attributes.has('disabled')) disabledFieldsets++;
    } else if (name === 'base') base ??= attributes.get('href');
    else if (name === 'meta' && attributes.has('name')) {
      const key = attributes.get('name')!.toLowerCase();
      if (!meta.has(key)) meta.set(key, attributes.get('content') ?? '');
    }
  }
  for (const { control, owner, form: around } of owned) {
    const target = owner === undefined ? around : forms.find(({ attributes }) => attributes.get('id') === owner);
    target?.controls.push(control);
  }
  return { forms: forms.map(finish), base, meta };
}

/** The form a test means: the only one, the one at an index, or the one with this `action`. */
export function pickForm(page: HtmlPage, which?: number | string): HtmlForm {
  const { forms } = page;
  const actions = forms.map(({ action }) => `"${action}"`).join(', ') || 'none';
  const found = typeof which === 'string' ? forms.find(({ action }) => action === which) : forms[which ?? 0];
  if (found === undefined) throw new Error(`the page has no form ${which ?? 0}; its forms have the actions ${actions}`);
  if (which === undefined && forms.length > 1)
    throw new Error(`the page has ${forms.length} forms, say which: ${actions}`);
  return found;
}

function finish({ attributes, controls }: Draft): HtmlForm {
  return {
    action: attributes.get('action') ?? '',
    method: (attributes.get('method') ?? 'get').toLowerCase(),
    enctype: (attributes.get('enctype') ?? '').toLowerCase(),
    controls,
    attributes,
  };
}

function controlOf(
  tag: FormControl['tag'],
  attributes: ReadonlyMap<string, string>,
  fieldsetDisabled: boolean,
  value = attributes.get('value'),
  options: FormControl['options'] = [],
): FormControl {
  const fallback = tag === 'input' ? 'text' : tag === 'button' ? 'submit' : tag;
  const type = tag === 'input' || tag === 'button' ? (attributes.get('type')?.toLowerCase() ?? fallback) : fallback;
  const ticked = type === 'checkbox' || type === 'radio';
  return {
    tag,
    type,
    name: attributes.get('name') ?? '',
    value: value ?? (ticked ? 'on' : ''),
    checked: attributes.has('checked'),
    disabled: attributes.has('disabled') || fieldsetDisabled,
    options,
    attributes,
  };
}
