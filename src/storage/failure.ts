/** `outcome-unknown` covers every refusal of a disk; the others say that nothing was written. */
export type StorageFailureKind = 'outcome-unknown' | 'fenced' | 'closed' | 'queue-full';

/**
 * Why a write was rejected. `code` is the store's own word (`SQLITE_FULL`), for the health page and the log. After
 * `outcome-unknown` the actor is dropped and read again, never guessed (engine rule 2).
 */
export class StorageFailure extends Error {
  readonly kind: StorageFailureKind;
  readonly code: string;

  constructor(kind: StorageFailureKind, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageFailure';
    this.kind = kind;
    this.code = code;
  }
}
