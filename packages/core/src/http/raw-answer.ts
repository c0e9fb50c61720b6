/**
 * An answer as bytes, for connections that never became a request (RFC 9112).
 * @module
 */
import { titleOf } from '../kernel/index.ts';
import type { Answer } from '../kernel/index.ts';

/** Status line, fields and body of an answer after which the connection ends. */
export function rawAnswer(answer: Answer): string {
  const { status, fields, body } = answer;
  let head = `HTTP/1.1 ${status} ${titleOf(status)}\r\n`;
  for (let i = 0; i < fields.length; i += 2)
    if (fields[i] !== 'connection') head += `${fields[i]}: ${fields[i + 1]}\r\n`;
  return `${head}date: ${new Date().toUTCString()}\r\nconnection: close\r\n\r\n${body}`;
}
