import type { TransactionId } from '#src/domain/ids.ts';
import { builder, one, prepareValue, slot, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';

/** Ids lost at a crash are free; a smaller block would put a write before nearly every start of a session. */
const BLOCK_IDS = 100;

type Range = { readonly from: TransactionId; readonly to: TransactionId };
type Waiting = {
  readonly count: number;
  readonly resolve: (range: Range) => void;
  readonly reject: (error: unknown) => void;
};

/** Hands out ids from a block whose end is on disk before its first id leaves. */
export class TransactionIds {
  readonly #committer: GroupCommitter;
  readonly #idMax: number;
  readonly #reserve;
  #next = 1;
  #end = 0;
  #waiting: Waiting[] = [];
  #refilling = false;

  constructor(options: {
    readonly connection: Connection;
    readonly committer: GroupCommitter;
    readonly idMax: number;
  }) {
    this.#committer = options.committer;
    this.#idMax = options.idMax;
    this.#reserve = prepareValue(
      options.connection,
      builder(options.connection)
        .updateTable('transaction_counter')
        .set(({ eb }) => ({ next: eb('next', '+', slot) }))
        .where('id', '=', one)
        .returning('next'),
    );
  }

  /** `count` ids in a row. @throws RangeError through the promise when the ids of 32 bits are used up. */
  take(count: number): Promise<Range> {
    if (!Number.isSafeInteger(count) || count < 1)
      return Promise.reject(new RangeError(`not a count of ids: ${count}`));
    if (this.#waiting.length === 0 && this.#next + count - 1 <= this.#end) return Promise.resolve(this.#give(count));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ count, resolve, reject });
      void this.#refill();
    });
  }

  #give(count: number): Range {
    const from = this.#next;
    this.#next += count;
    return { from, to: from + count - 1 };
  }

  async #refill(): Promise<void> {
    if (this.#refilling) return;
    this.#refilling = true;
    while (this.#waiting.length > 0) {
      const served = this.#waiting.splice(0);
      const size = served.reduce((sum, { count }) => sum + count, 0) + BLOCK_IDS;
      try {
        this.#end = await this.#committer.write({ apply: () => this.#reserveBlock(size), refused: rethrow });
        this.#next = this.#end - size + 1;
        for (const { count, resolve } of served) resolve(this.#give(count));
      } catch (error) {
        for (const { reject } of served) reject(error);
      }
    }
    this.#refilling = false;
  }

  /** The last id of the block. */
  #reserveBlock(size: number): number {
    const next = this.#reserve.get(size);
    if (next === undefined) throw new Error('the database has no transaction counter');
    const end = next - 1;
    if (end > this.#idMax) throw new RangeError('the transaction ids of 32 bits are used up');
    return end;
  }
}

function rethrow(error: unknown): never {
  throw error;
}
