/**
 * Which attributes take a value, and as what. What is on no list is refused: a name that means something tomorrow, or
 * to a library, is not filled in by accident.
 * @module
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Values without a meaning of their own beyond text. `data-…` and `aria-…` join them. */
const PLAIN = words(`
  abbr accept accept-charset accesskey align alt autocapitalize autocomplete autocorrect autofocus autoplay border
  checked class closedby cols colspan color command commandfor contenteditable controls coords crossorigin datetime decoding default dir dirname
  disabled download draggable enctype enterkeyhint fetchpriority for form formenctype formmethod formnovalidate
  formtarget headers height hidden high hreflang id inert inputmode integrity ismap itemprop itemref itemscope kind
  label lang list loading loop low max maxlength media method min minlength multiple muted name novalidate open optimum
  part pattern placeholder playsinline popover popovertarget popovertargetaction preload readonly referrerpolicy rel
  required reversed role rowspan rows scope selected shape size sizes slot span spellcheck start step summary tabindex
  target title translate type usemap valign value width wrap
  clip-rule cx cy d dx dy fill fill-opacity fill-rule font-size font-weight gradienttransform gradientunits offset
  opacity pathlength points preserveaspectratio r rx ry stop-color stop-opacity stroke stroke-dasharray
  stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor transform vector-effect
  viewbox x x1 x2 y y1 y2
`);

/** Addresses: where the visitor goes, where a form goes, what is shown. */
const URLS = words('action background cite formaction href itemid longdesc poster src xlink:href');

/** Elements whose address is code, or a page in our frame: whoever chooses it runs as us. */
const LOADS_CODE = words('script link iframe frame fencedframe portal use');

/** Elements that take no value at all. */
const CLOSED = words(
  'applet base embed object param animate animatemotion animatetransform discard mpath set plaintext',
);

/** Elements whose static attributes decide what they are, so that none may be put in. */
const FIXED = words('frame iframe link meta script style');

/** Attributes that mean more on these elements than on others. */
const OWN_MEANING: Readonly<Record<string, ReadonlySet<string>>> = {
  link: words('rel type title'),
  meta: words('name'),
  script: words('type for'),
  style: words('type'),
};

export type Meaning = 'plain' | 'url' | 'resource' | 'srcset' | 'meta';

/** Elements with a content that is no markup, and the state it is read in. */
export const RAW_CONTENT: ReadonlyMap<string, 'rcdata' | 'rawtext'> = new Map([
  ['title', 'rcdata'],
  ['textarea', 'rcdata'],
  ...['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes', 'noscript'].map((name) => [name, 'rawtext'] as const),
]);

/** What the value of this attribute on this element is read as; a text says why it takes none, and what to write. */
export function meaningOf(element: string, name: string): Meaning | { readonly refused: string } {
  if (name.startsWith('on'))
    return { refused: 'an event handler runs its value; write data-… and a script of yours that listens' };
  if (name === 'style')
    return { refused: 'styles can load and cover; write a class, or a data-… that the style sheet reads' };
  if (name === 'srcdoc') return { refused: 'srcdoc is a page in a page; serve it at an address of its own' };
  if (CLOSED.has(element)) return { refused: `<${element}> takes no values; write it without` };
  if (name === 'srcset' && (element === 'img' || element === 'source')) return 'srcset';
  if (element === 'meta' && name === 'content') return 'meta';
  if (URLS.has(name)) return LOADS_CODE.has(element) ? 'resource' : 'url';
  if (name === 'nonce' && (element === 'script' || element === 'style' || element === 'link')) return 'plain';
  if (Object.hasOwn(OWN_MEANING, element) && OWN_MEANING[element]!.has(name))
    return { refused: `${name} decides what <${element}> is; write it out` };
  if (isPlain(name)) return 'plain';
  return { refused: `"${name}" is not known to be harmless; write data-${name.replaceAll(/[^a-z0-9]+/g, '-')}` };
}

/** Names that `attributes()` puts into a tag. */
export function isPlain(name: string): boolean {
  return PLAIN.has(name) || /^(?:aria|data)-[a-z0-9_.-]+$/.test(name);
}

/** True where nothing may be put between the attributes. */
export function isFixed(element: string): boolean {
  return FIXED.has(element) || CLOSED.has(element);
}
