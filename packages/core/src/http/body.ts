/**
 * Which bodies Dewar reads where no plan says otherwise: by the grammar, without keys that change prototypes.
 * @module
 */
import { BARE_LIMITS, createReaders, REFUSE } from '../parse/index.ts';
import type { ChooseReader } from '../parse/index.ts';

export { READ_BY_DEWAR } from '../parse/index.ts';

/** Chooses by content type. `null` for what others read (multipart, unknown types); a denial for a foreign charset. */
export const defaultReader: ChooseReader = createReaders(BARE_LIMITS, REFUSE);
