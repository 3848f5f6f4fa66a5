/** Letters that are looked up at once: shorter texts are looked for by reading. */
export const GRAM_LETTERS = 5;
/** Buckets that the grams of a text fall into. */
export const BUCKETS = 2 ** 18;
/** Each gram costs a page for each run that is searched; so many leave nothing to chance. */
const GRAMS_MAX = 24;

const BASE = 0x01_00_01_93;
const LEADING = Math.imul(Math.imul(BASE, BASE), Math.imul(BASE, BASE));

/** One bit for each bucket: 32 KiB, which stay near the processor while events are read. */
export type BucketSet = Uint32Array;

/** The set of a text that has nothing in it yet. */
export function noBuckets(): BucketSet {
  return new Uint32Array(BUCKETS / 32);
}

/**
 * Adds the bucket of every five letters in a row. The 26 letters count without case, as for SQLite's LIKE. A rolling
 * hash, with the letters that it rolls over at hand, in a loop that calls nothing: an event costs some 1.5 µs.
 */
export function addBuckets(text: string, set: BucketSet): void {
  let hash = 0;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let fifth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = letterAt(text, at);
    hash = (Math.imul((hash - Math.imul(first, LEADING)) | 0, BASE) + letter) | 0;
    first = second;
    second = third;
    third = fourth;
    fourth = fifth;
    fifth = letter;
    if (at < GRAM_LETTERS - 1) continue;
    const bucket = bucketOf(hash);
    set[bucket >>> 5]! |= 1 << (bucket & 31);
  }
}

/** Calls `each` with the buckets of a set, in growing order, and leaves the set empty. */
export function takeBuckets(set: BucketSet, each: (bucket: number) => void): void {
  for (let word = 0; word < set.length; word += 1) {
    let bits = set[word]!;
    if (bits === 0) continue;
    set[word] = 0;
    for (; bits !== 0; bits &= bits - 1) each(word * 32 + 31 - Math.clz32(bits & -bits));
  }
}

/** The buckets that an event with this text in it must have; none when the text is too short to tell. */
export function bucketsOf(text: string): readonly number[] {
  const buckets = new Set<number>();
  for (let at = 0; at + GRAM_LETTERS <= text.length; at += 1) {
    let hash = 0;
    for (let next = at; next < at + GRAM_LETTERS; next += 1) hash = (Math.imul(hash, BASE) + letterAt(text, next)) | 0;
    buckets.add(bucketOf(hash));
  }
  const all = [...buckets];
  // From all over the text: its beginning may be in every frame.
  const step = Math.max(1, all.length / GRAMS_MAX);
  return Array.from({ length: Math.min(all.length, GRAMS_MAX) }, (_, n) => all[Math.floor(n * step)] ?? 0);
}

function letterAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function bucketOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x9e_37_79_b1) >>> 14;
}
