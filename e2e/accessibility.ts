/**
 * The basics of accessibility that a page can be asked for: language, landmarks, headings, names, contrast.
 * @module
 */

/** What this file reads of a page. It runs there, as one function; the project knows no other part of the DOM. */
interface Element {
  readonly tagName: string;
  readonly id: string;
  readonly textContent: string;
  readonly labels?: { readonly length: number } | null;
  readonly parentElement: Element | null;
  readonly nodeType: number;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  checkVisibility(options: object): boolean;
}
interface Style {
  readonly color: string;
  readonly backgroundColor: string;
  readonly fontSize: string;
  readonly fontWeight: string;
  readonly outlineStyle: string;
  readonly outlineWidth: string;
  readonly outlineColor: string;
}
declare const document: {
  readonly documentElement: { readonly lang: string };
  readonly title: string;
  readonly body: Element;
  readonly activeElement: Element | null;
  querySelectorAll(selector: string): Iterable<Element> & { readonly length: number };
  getElementById(id: string): Element | null;
  createTreeWalker(root: Element, show: number): { nextNode(): Element | null };
  createElement(name: 'canvas'): { getContext(kind: '2d', options: object): Canvas };
};
declare function getComputedStyle(element: Element): Style;
interface Canvas {
  fillStyle: string;
  clearRect(x: number, y: number, width: number, height: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: readonly number[] };
}

/** What is wrong with the page that is shown, or with its focus alone. Run by `page.evaluate`: it uses nothing outside. */
export function pageFaults(onlyFocus: boolean): string[] {
  const faults: string[] = [];
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];
  const visible = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
  const named = (element: Element): string => `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}`;

  // A canvas reads every way to write a colour.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = (colour: string): readonly number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const over = (front: readonly number[], back: readonly number[]): number[] =>
    [0, 1, 2].map((i) => (front[i]! * front[3]!) / 255 + back[i]! * (1 - front[3]! / 255));
  const backOf = (element: Element | null): readonly number[] =>
    element === null
      ? channels('Canvas')
      : over(channels(getComputedStyle(element).backgroundColor), backOf(element.parentElement));
  // WCAG 2.2, relative luminance and contrast ratio.
  const luminance = (colour: readonly number[]): number => {
    const [red, green, blue] = colour.map((channel) =>
      channel / 255 <= 0.040_45 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const contrast = (one: readonly number[], other: readonly number[]): number => {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };

  // The focus of a keyboard: an outline of at least two pixels that stands out from what is behind it.
  if (onlyFocus) {
    const focused = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(focused);
    const back = backOf(focused.parentElement);
    const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    if (!seen || contrast(over(channels(outlineColor), back), back) < 3)
      faults.push(`${named(focused)} "${focused.textContent.trim().slice(0, 30)}" does not show its focus`);
    return faults;
  }

  if (!/^[a-z]{2}\b/.test(document.documentElement.lang)) faults.push('the page names no language');
  if (document.title.trim() === '') faults.push('the page has no title');
  for (const landmark of ['main', 'body > header', 'body > footer', 'nav'])
    if (all(landmark).length === 0) faults.push(`there is no ${landmark}`);
  if (all('h1').length !== 1) faults.push(`there are ${all('h1').length} h1`);
  let level = 1;
  for (const heading of all('h1, h2, h3, h4').filter((one) => !one.parentElement?.hasAttribute('aria-labelledby'))) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`h${next} follows h${level}`);
    level = next;
  }
  const ids = all('[id]').map(({ id }) => id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) !== index)) faults.push(`two elements are #${id}`);
  for (const element of all('[aria-describedby], [aria-labelledby]'))
    for (const name of ['aria-describedby', 'aria-labelledby'])
      for (const id of element.getAttribute(name)?.split(' ') ?? [])
        if (document.getElementById(id) === null) faults.push(`${named(element)} points at #${id}, which is not there`);
  for (const field of all('input:not([type=hidden]), textarea, select'))
    if (!field.labels?.length) faults.push(`${named(field)} has no label`);
  for (const control of all('a, button'))
    if (`${control.getAttribute('aria-label') ?? ''}${control.textContent}`.trim() === '')
      faults.push(`${named(control)} has no name`);
  const navs = all('nav').map((nav) => nav.getAttribute('aria-label') ?? '');
  if (navs.length > 1 && new Set(navs).size < navs.length) faults.push('two navigations have the same name');

  const TEXT = 4;
  const walker = document.createTreeWalker(document.body, TEXT);
  const judged = new Set<Element>();
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    const element = text.parentElement;
    if (element === null || text.textContent.trim() === '' || judged.has(element) || !visible(element)) continue;
    judged.add(element);
    const style = getComputedStyle(element);
    const back = backOf(element);
    const ratio = contrast(over(channels(style.color), back), back);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (ratio < least)
      faults.push(`${named(element)} "${text.textContent.trim().slice(0, 30)}" has contrast ${ratio.toFixed(2)}`);
  }
  return faults;
}
