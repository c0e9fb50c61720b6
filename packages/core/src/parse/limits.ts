/**
 * How much structure a body may have, whatever its bytes: what bounds the work of everything behind the parser.
 * @module
 */

export interface JsonLimits {
  /** Objects and arrays inside each other. */
  readonly maxDepth: number;
  /** Members of one object. */
  readonly maxKeys: number;
  /** Items of one array. */
  readonly maxItems: number;
  /** Characters of one text, or of one value of a form. */
  readonly maxText: number;
  /** Characters of one name. */
  readonly maxName: number;
  /** Refuses numbers that JavaScript would change: beyond 2^53 - 1, where two ids become one, or infinite. */
  readonly exactNumbers: boolean;
  /** Refuses an object that has a name twice: of two parsers one takes the first, one the last. */
  readonly uniqueKeys: boolean;
}

export interface FormLimits extends Pick<JsonLimits, 'maxText' | 'maxName'> {
  /** Fields of a form, repeated names counted each time. */
  readonly maxFields: number;
}

export type ReadLimits = JsonLimits & FormLimits;

/** What holds where no protection of bodies stands: the grammar, prototype keys and the count of a form's fields. */
export const BARE_LIMITS: Readonly<ReadLimits> = Object.freeze({
  maxDepth: Infinity,
  maxKeys: Infinity,
  maxItems: Infinity,
  maxText: Infinity,
  maxName: 256,
  exactNumbers: false,
  uniqueKeys: false,
  maxFields: 1000,
});
