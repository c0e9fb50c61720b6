/**
 * A variable that holds a secret: strong enough, and never shown again.
 * @module
 */
import { SECRET_BYTES, secretFaults } from '../crypto/index.ts';
import { field } from './field.ts';
import type { Cast, Field, FieldOptions } from './field.ts';
import { Secret } from './secret.ts';

export interface SecretOptions {
  /** Least bytes. @default 32 */
  readonly leastBytes?: number;
  /**
   * Somebody else made it, a database's password for example: only that it is there, and not shorter than `leastBytes`
   * where that is given, is judged. Weakens nothing of ours. @default false
   */
  readonly foreign?: boolean;
}

/** A secret of ours: 32 random bytes at least, and nothing that looks like a placeholder. */
export function secret<D extends Secret | null = never>(
  name: string,
  options: FieldOptions<D> & SecretOptions = {},
): Field<Secret | NoInfer<D>> {
  const { foreign = false, leastBytes = foreign ? 1 : SECRET_BYTES } = options;
  if (!foreign && leastBytes < SECRET_BYTES) {
    throw new TypeError(
      `${name}: a secret of ours has ${SECRET_BYTES} bytes or more; write foreign: true for another's`,
    );
  }
  const kind = foreign ? 'a secret of another system' : `a secret of ${leastBytes} bytes or more`;
  return field(name, kind, options, (given) => judged(given, leastBytes, foreign), true);
}

function judged(given: string, leastBytes: number, foreign: boolean): Cast<Secret> {
  const [fault] = foreign ? [] : secretFaults([given], '');
  if (fault !== undefined) return { wrong: fault.wrong, write: fault.write };
  const size = Buffer.byteLength(given);
  if (size < leastBytes) return { wrong: `is ${size} bytes long`, write: `write ${leastBytes} bytes or more` };
  // A line break at an end is what an editor or `echo` left, and whoever else reads the secret may have cut it off.
  if (given.trim() !== given) return { wrong: 'has spaces or line breaks around it', write: 'take them away' };
  return { value: new Secret(given) };
}
