/**
 * Host and port in one spelling (RFC 9110, 7.2; RFC 3986, 3.2.2), or refused. Links, redirects and cookies are made
 * from it, so it must mean the same to every party.
 * @module
 */
import { parseAddress } from './address.ts';
import type { FactsCode } from './facts-codes.ts';

export interface HostName {
  /** Lower-case name or address, with `:port` where one was given. */
  readonly host: string;
  /** Without the port; an IPv6 address keeps its brackets. */
  readonly hostname: string;
  /** The empty string where none was given. */
  readonly port: string;
}

const PORT = /^[1-9]\d{0,4}$/;
// Underscores stand in real host names. A hyphen may not begin or end a label (RFC 1123, 2.1).
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** A last label that browsers read as a number, so that the whole is an IPv4 address: `1`, `0x7f`. */
const NUMERIC = /^(?:\d+|0x[0-9a-f]*)$/;

/** The canonical host, or the code it is refused with. */
export function parseHost(text: string): HostName | FactsCode {
  if (text.includes('@')) return 'facts/userinfo';
  const lower = text.toLowerCase();
  const end = lower.startsWith('[') ? lower.indexOf(']') + 1 : lower.indexOf(':');
  const hostname = end > 0 ? lower.slice(0, end) : lower;
  const port = lower.slice(hostname.length);
  if (port !== '' && !(port.startsWith(':') && PORT.test(port.slice(1)) && Number(port.slice(1)) <= 65535))
    return 'facts/host-invalid';
  if (!soundName(hostname)) return 'facts/host-invalid';
  return { host: hostname + port, hostname, port: port.slice(1) };
}

function soundName(name: string): boolean {
  if (name.startsWith('[')) {
    // Only the canonical text: `[::1]` and `[0:0::1]` would be two names for one host.
    const address = parseAddress(name.slice(1, -1));
    return address !== null && address.version === 6 && `[${address.text}]` === name;
  }
  if (name === '' || name.length > 253) return false;
  const labels = name.split('.');
  if (NUMERIC.test(labels.at(-1)!)) return parseAddress(name) !== null;
  return labels.every((label) => LABEL.test(label));
}
