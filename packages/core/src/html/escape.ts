/**
 * The five characters that end a text or a quoted value. One escaping for both: no value depends on where it stands.
 * @module
 */

const SPECIAL = /[&<>"']/;

/** Text for between tags, for quoted attribute values, titles and text areas. */
export function escape(text: string): string {
  if (!SPECIAL.test(text)) return text;
  let escaped = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const entity = entityOf(text.charCodeAt(i));
    if (entity === '') continue;
    if (from < i) escaped += text.slice(from, i);
    escaped += entity;
    from = i + 1;
  }
  return from < text.length ? escaped + text.slice(from) : escaped;
}

function entityOf(code: number): string {
  switch (code) {
    case 38:
      return '&amp;';
    case 60:
      return '&lt;';
    case 62:
      return '&gt;';
    case 34:
      return '&quot;';
    case 39:
      return '&#39;';
    default:
      return '';
  }
}
