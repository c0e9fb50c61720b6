/**
 * Text that fits a terminal, and from which nothing can reach it but letters.
 * @module
 */

/** Lines of at most `width`, broken at spaces where there are any. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}

/** Reasons and patterns are text of others: a control character in one must not reach the terminal. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-misleading-character-class
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A value as JSON on lines of its own. In JSON the escapes of `visible` stand only in texts, and mean the same. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).split('\n').map(visible).join('\n')}\n`;
}

/** Rows of a name and a value each, the values in one column, wrapped to the width. */
export function pairs(rows: readonly (readonly [name: string, value: string])[], width: number | undefined): string {
  const left = Math.max(0, ...rows.map(([name]) => visible(name).length));
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(LEAST_WIDTH, width) - left - 4;
  return rows
    .flatMap(([name, value]) =>
      wrap(value, Math.max(room, LEAST_WIDTH / 2)).map(
        (line, index) => `  ${(index === 0 ? visible(name) : '').padEnd(left)}  ${line}`.trimEnd() + '\n',
      ),
    )
    .join('');
}

/** Narrower than this no column holds a word. */
const LEAST_WIDTH = 40;
