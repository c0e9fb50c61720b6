/**
 * What can go wrong in a store, by code. Messages are for operators; none reaches a client.
 * @module
 */

export type StoreErrorCode =
  | 'store/full'
  | 'store/closed'
  | 'store/file'
  | 'store/busy'
  | 'store/timeout'
  | 'store/rolled-back'
  | 'store/migration-changed'
  | 'store/migration-newer'
  | 'store/migration-failed';

/** An error of a store. A protection that meets one refuses: an outage never opens a door. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
