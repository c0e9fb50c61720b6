/**
 * How a contract gets at fresh stores.
 * @module
 */
import type { Stores } from '@dewar/core/store';

/** Opens empty stores for one test; they are closed after it. */
export type Opened = () => Promise<Stores>;
