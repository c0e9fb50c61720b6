/**
 * The parts forms are made of: labels, hints and faults are tied to their fields, so that a screen reader says them.
 * @module
 */
import { attributes, html } from '@dewar/core/html';
import type { Attributes, Html, Value } from '@dewar/core/html';
import type { Fault } from './input.ts';

export interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly hint?: string;
  readonly faults?: readonly Fault[];
  /** Most characters; browsers count UTF-16 units, so the server's own count is the one that holds. */
  readonly most?: number;
  /** Whether it may be left empty. @default false */
  readonly optional?: boolean;
}

export interface InputOptions extends FieldOptions {
  readonly type?: 'text' | 'email' | 'password' | 'tel';
  /** What password managers and browsers fill in. */
  readonly autocomplete: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** All faults at the top of a page, each a link to its field. Empty where there are none. */
export function errorSummary(faults: readonly Fault[]): Html | null {
  if (faults.length === 0) return null;
  const items = faults.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`);
  return html`<section class="errors" role="alert" tabindex="-1" aria-labelledby="errors">
    <h2 id="errors">Please correct this</h2>
    <ul>
      ${items}
    </ul>
  </section>`;
}

/** One line of text. */
export function input(options: InputOptions): Html {
  const { type = 'text', autocomplete, value = '' } = options;
  const mail = type === 'email' && { inputmode: 'email', autocapitalize: 'none', spellcheck: 'false' };
  // What was typed as a password never comes back.
  const kept = type !== 'password' && { value };
  const control = html`<input ${common(options)} ${attributes({ type, autocomplete, ...kept, ...mail })} />`;
  return field(options, control);
}

/** Several lines of text. */
export function textarea(options: FieldOptions & { readonly rows: number }): Html {
  // The first line end behind the tag belongs to HTML, not to the text.
  return field(
    options,
    html`<textarea ${common(options)} dir="auto" rows="${options.rows}">${`\n${options.value ?? ''}`}</textarea>`,
  );
}

/** One of several. */
export function select(options: FieldOptions, choices: readonly Choice[]): Html {
  const items = choices.map(
    ({ value, label }) =>
      html`<option value="${value}" ${attributes({ selected: value === options.value })}>${label}</option>`,
  );
  return field(
    options,
    html`<select ${common({ ...options, optional: true })}>
      ${items}
    </select>`,
  );
}

/** One box to tick; `about` says more below its label. */
export function checkbox(
  name: string,
  label: string,
  ticked: boolean,
  { value = 'yes', id = name, about }: { readonly value?: string; readonly id?: string; readonly about?: string } = {},
): Html {
  const more = about === undefined ? null : html`<p class="hint" id="${id}-about">${about}</p>`;
  return html`<div class="tick">
    <input type="checkbox" ${attributes({ id, name, value, checked: ticked, 'aria-describedby': about && `${id}-about` })} />
    <div><label for="${id}">${label}</label>${more}</div>
  </div>`;
}

/** A value that goes along unseen. */
export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}" />`;
}

/** A form that posts, with its CSRF field. */
export function form(action: string, csrf: Html, content: Value, kind = 'stack'): Html {
  // The server's own messages are shown, in every browser the same.
  return html`<form method="post" action="${action}" class="${kind}" novalidate>${csrf}${content}</form>`;
}

function field(options: FieldOptions, control: Html): Html {
  const { name, label, hint, optional = false, faults = [] } = options;
  const fault = faults.find((one) => one.field === name);
  return html`<div class="field${fault === undefined ? null : ' wrong'}">
    <label for="${name}">${label}${optional ? html` <span class="dim">(optional)</span>` : null}</label>${
      hint === undefined ? null : html`<p class="hint" id="${name}-hint">${hint}</p>`
    }${fault === undefined ? null : html`<p class="fault" id="${name}-fault">${fault.message}</p>`}${control}
  </div>`;
}

function common({ name, hint, most, optional = false, faults = [] }: FieldOptions): Attributes {
  const wrong = faults.some((one) => one.field === name);
  const described = [hint === undefined ? '' : `${name}-hint`, wrong ? `${name}-fault` : ''].filter(Boolean).join(' ');
  return attributes({
    id: name,
    name,
    required: !optional,
    maxlength: most,
    'aria-describedby': described !== '' && described,
    'aria-invalid': wrong,
  });
}
