/** Letters that are looked up at once: shorter texts are looked for by reading. */
export const GRAM_LETTERS = 5;
/** Buckets that the grams of a text fall into. */
export const BUCKETS = 2 ** 18;
/** Each gram costs a page for each run that is searched; so many leave nothing to chance. */
const GRAMS_MAX = 24;

const BASE = 0x01_00_01_93;
const LEADING = Math.imul(Math.imul(BASE, BASE), Math.imul(BASE, BASE));
const MIX = 0x9e_37_79_b1;

/**
 * Calls `each` with the bucket of every five letters in a row. The 26 letters count without case, as for SQLite's LIKE.
 * A rolling hash: an event costs some microseconds.
 */
export function eachBucket(text: string, each: (bucket: number) => void): void {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (at >= GRAM_LETTERS) hash = (hash - Math.imul(letterAt(text, at - GRAM_LETTERS), LEADING)) | 0;
    hash = (Math.imul(hash, BASE) + letterAt(text, at)) | 0;
    if (at >= GRAM_LETTERS - 1) each(Math.imul(hash ^ (hash >>> 15), MIX) >>> 14);
  }
}

/** The buckets that an event with this text in it must have; none when the text is too short to tell. */
export function bucketsOf(text: string): readonly number[] {
  const buckets = new Set<number>();
  eachBucket(text, (bucket) => buckets.add(bucket));
  const all = [...buckets];
  // From all over the text: its beginning may be in every frame.
  const step = Math.max(1, all.length / GRAMS_MAX);
  return Array.from({ length: Math.min(all.length, GRAMS_MAX) }, (_, n) => all[Math.floor(n * step)] ?? 0);
}

function letterAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 65 && code <= 90 ? code + 32 : code;
}
