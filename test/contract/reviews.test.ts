import { describe, expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import type { ReviewQuery, ReviewResolution } from '#src/storage/ports.ts';
import { aReview, storeRows } from '../storage/rows.ts';
import { STORAGES } from './implementations.ts';

const figures = { stoppedAtMs: 9, meterStopWh: 7_000, energyWh: 6_000, price: cents(210) };
const resolution: ReviewResolution = {
  outcome: 'second-taken',
  atMs: 50,
  by: 'ada',
  changes: { transactionId: 77, before: figures, after: { ...figures, meterStopWh: null, price: null } },
};

describe.each(STORAGES)('reviews on $name', ({ open }) => {
  test('a review whose key is there already is left as it is, and its commit stands', async () => {
    const { storage } = await open();
    const review = aReview({ stop: { stoppedAtMs: 3, meterStopWh: 5, registerWh: null, reason: 'Local', idTag: 'A' } });
    await storeRows(storage, { type: 'review', review });
    expect(await storeRows(storage, { type: 'review', review: { ...review, atMs: 9 } })).toBe('ok');
    expect(await storage.reader.review(review.key)).toEqual({ ...review, resolution: null });
    expect(await storage.reader.review('other')).toBeNull();
  });

  test('field-01: it is resolved once; the second time is a duplicate, of which nothing is written', async () => {
    const { storage, openAgain } = await open();
    const review = aReview();
    await storeRows(storage, { type: 'review', review });
    expect(await storeRows(storage, { type: 'review-resolved', key: review.key, resolution })).toBe('ok');
    const again = { ...resolution, by: 'bob' };
    const other = { type: 'review', review: aReview({ key: 'other' }) } as const;
    expect(await storeRows(storage, other, { type: 'review-resolved', key: review.key, resolution: again })).toBe(
      'duplicate',
    );
    expect(await storeRows(storage, { type: 'review-resolved', key: 'nowhere', resolution })).toBe('duplicate');
    const { reader } = await openAgain();
    expect(await reader.reviews({ limit: 9 })).toEqual([{ ...review, resolution }]);
  });

  test('a resolved review that comes again stays resolved', async () => {
    const { storage } = await open();
    const review = aReview();
    const nobody: ReviewResolution = { outcome: 'answered-by-stop', atMs: 5, by: null, changes: null };
    await storeRows(storage, { type: 'review', review });
    await storeRows(storage, { type: 'review-resolved', key: review.key, resolution: nobody });
    expect(await storeRows(storage, { type: 'review', review })).toBe('ok');
    expect(await storage.reader.review(review.key)).toMatchObject({ resolution: nobody });
    expect(await storage.reader.openReviews()).toBe(0);
  });

  test('they are listed, and counted, among the chargers that somebody finds', async () => {
    const { storage } = await open();
    for (const chargePointId of ['CP1', 'CP2', 'CP3']) {
      await storeRows(storage, { type: 'review', review: aReview({ key: chargePointId, chargePointId }) });
    }
    const { reader } = storage;
    const found = await reader.reviews({ among: ['CP1', 'CP3', 'CP9'], open: true, limit: 9 });
    expect(found.map(({ key }) => key).toSorted()).toEqual(['CP1', 'CP3']);
    expect(await reader.openReviews(['CP1', 'CP3', 'CP9'])).toBe(2);
    expect(await reader.reviews({ among: [], limit: 9 })).toEqual([]);
    expect(await reader.openReviews([])).toBe(0);
  });

  test('they are listed newest first, by charger, session and state, page after page', async () => {
    const { storage } = await open();
    const reviews = [1, 2, 3, 3, 4].map((atMs, index) =>
      aReview({
        key: `r${index}`,
        atMs,
        chargePointId: index % 2 ? 'CP2' : 'CP1',
        transactionId: atMs === 3 ? 3 : null,
      }),
    );
    await storeRows(storage, ...reviews.map((review) => ({ type: 'review', review }) as const));
    await storeRows(storage, { type: 'review-resolved', key: 'r2', resolution });
    const keys = async (query: Partial<ReviewQuery>) =>
      (await storage.reader.reviews({ limit: 9, ...query })).map(({ key }) => key);
    expect(await keys({})).toEqual(['r4', 'r3', 'r2', 'r1', 'r0']);
    expect(await keys({ limit: 2 })).toEqual(['r4', 'r3']);
    expect(await keys({ beforeKey: 'r3' })).toEqual(['r2', 'r1', 'r0']);
    expect(await keys({ beforeKey: 'r3', open: true, limit: 1 })).toEqual(['r1']);
    expect(await keys({ beforeKey: 'nowhere' })).toEqual([]);
    expect(await keys({ chargePointId: 'CP1' })).toEqual(['r4', 'r2', 'r0']);
    expect(await keys({ chargePointId: 'CP1', open: true })).toEqual(['r4', 'r0']);
    expect(await keys({ among: ['CP2', 'CP9'] })).toEqual(['r3', 'r1']);
    // More than are looked up one by one.
    const many = ['CP1', ...Array.from({ length: 2_000 }, (_, n) => `OTHER-${n}`)];
    expect(await keys({ among: many, open: true })).toEqual(['r4', 'r0']);
    expect(await keys({ among: many, beforeKey: 'r4', limit: 1 })).toEqual(['r2']);
    expect(await storage.reader.openReviews(['CP1'])).toBe(2);
    expect(await storage.reader.openReviews([])).toBe(0);
    expect(await keys({ transactionId: 3 })).toEqual(['r3', 'r2']);
    expect(await keys({ open: false })).toEqual(['r2']);
    expect(await storage.reader.openReviews()).toBe(4);
  });
});
