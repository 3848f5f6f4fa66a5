import { addBuckets, BUCKETS, noBuckets, takeBuckets } from './event-grams.ts';
import { RUN_IDS, type FollowedEvent } from './event-runs.ts';

/** Events that one bit tells of. */
export const BLOCK_IDS = 512;
/** Blocks of a run: a bucket has a bit for each of them, in two words of 32. */
export const BLOCKS = RUN_IDS / BLOCK_IDS;

/** In which blocks of a run a bucket is: the first 32 and the last 32. */
export type BlockBits = readonly [low: number, high: number];

/**
 * The words of a run that is in memory: for each bucket the blocks that it is in, 2 MB. The block that is being read has
 * a small set of its own; what comes from there on may hold anything.
 */
export class RunMasks {
  readonly #masks = new Uint32Array(BUCKETS * 2);
  readonly #block = noBuckets();
  /** Blocks before this one are told of. */
  #told = 0;

  /** In the order of the journal. */
  add([id, , name, request, answer, note]: FollowedEvent): void {
    const block = Math.floor((id % RUN_IDS) / BLOCK_IDS);
    if (block !== this.#told) this.#tellTo(block);
    addBuckets(name, this.#block);
    if (request !== null) addBuckets(request, this.#block);
    if (answer !== null) addBuckets(answer, this.#block);
    if (note !== null) addBuckets(note, this.#block);
  }

  end(): void {
    this.#tellTo(BLOCKS);
  }

  blocksOf(bucket: number): BlockBits {
    const low = this.#told < 32 ? -1 << this.#told : 0;
    const high = this.#told < 32 ? -1 : this.#told < BLOCKS ? -1 << (this.#told - 32) : 0;
    return [this.#masks[bucket * 2]! | low, this.#masks[bucket * 2 + 1]! | high];
  }

  /** As they stand on disk: 8 bytes for each bucket. */
  bytes(fromBucket: number, toBucket: number): Uint8Array {
    return new Uint8Array(this.#masks.buffer, fromBucket * 8, (toBucket - fromBucket) * 8);
  }

  #tellTo(block: number): void {
    const half = this.#told >> 5;
    const bit = 1 << (this.#told & 31);
    takeBuckets(this.#block, (bucket) => (this.#masks[bucket * 2 + half]! |= bit));
    this.#told = block;
  }
}
