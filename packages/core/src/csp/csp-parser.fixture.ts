/**
 * A strict reader of Content-Security-Policy, written from the grammar of CSP3 (2.2, 2.3.1) and RFC 9110 (5.5), and
 * the question every attack asks of it. For tests only.
 * @module
 */

/** One policy: directive to values, in order. */
export type ParsedPolicy = ReadonlyMap<string, readonly string[]>;

/** Reads a field value: policies after commas, directives after semicolons. Throws at what a browser would skip. */
export function parseField(value: string): readonly ParsedPolicy[] {
  if (!/^[\t -~]*$/.test(value)) throw new Error('a character that no field value holds');
  return value.split(',').map((text) => {
    const policy = new Map<string, readonly string[]>();
    for (const directive of text.split(';')) {
      const [name = '', ...values] = directive.split(/[\t ]+/).filter((token) => token !== '');
      // directive-name = 1*( ALPHA / DIGIT / "-" ); directive-value: VCHAR without ";" and ","
      if (!/^[A-Za-z0-9-]+$/.test(name)) throw new Error(`no directive: ${JSON.stringify(directive)}`);
      if (policy.has(name.toLowerCase())) throw new Error(`${name} stands twice, and the second is ignored`);
      policy.set(name.toLowerCase(), values);
    }
    return policy;
  });
}

/** What an attacker can put into a page. */
export type Injected =
  | { readonly inline: true; readonly nonce?: string }
  | { readonly src: 'same-origin' | 'foreign'; readonly nonce?: string };

/** Whether a script that was injected into the markup runs (CSP3, 6.7.2 and 6.7.3). All policies must allow it. */
export function runs(policies: readonly ParsedPolicy[], script: Injected): boolean {
  return policies.every((policy) => {
    const list = policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src');
    if (list === undefined) return true;
    if (script.nonce !== undefined && list.includes(`'nonce-${script.nonce}'`)) return true;
    const dynamic = list.includes("'strict-dynamic'");
    const closed = dynamic || list.some((source) => /^'(?:nonce|sha\d+)-/.test(source));
    if ('inline' in script) return list.includes("'unsafe-inline'") && !closed;
    if (dynamic) return false;
    const own = script.src === 'same-origin' && list.includes("'self'");
    return own || list.some((source) => !source.startsWith("'"));
  });
}
