import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { aReview, storeRows } from '../storage/rows.ts';

/** More than any page or count looks at one by one. */
const OTHERS = 1_200;

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
  const old = aReview({ key: 'his/oldest', chargePointId: 'CON-1', atMs: 1 });
  const newer = Array.from({ length: OTHERS }, (_, n) =>
    aReview({ key: `others/${n}`, chargePointId: 'PON-1', atMs: 10 + n }),
  );
  await storeRows(server.vigie.storage, ...[old, ...newer].map((review) => ({ type: 'review', review }) as const));
}, 30_000);
afterAll(() => server.stop());

const links = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\/reviews\/((?:his|others)%2F\w+)/g)].map(([, key = '']) => decodeURIComponent(key))),
];

test('field-01: what waits of his chargers is found and counted, however many wait of others', async () => {
  const { text } = await server.get('voisin', '/reviews');
  expect(links(text)).toEqual(['his/oldest']);
  expect(text).toMatch(/id="reviews-waiting"[^>]*>\s*1\b/);
  const { text: theirs } = await server.get('commercant', '/reviews');
  expect(links(theirs)).toHaveLength(25);
  expect(links(theirs)).not.toContain('his/oldest');
  expect((await server.get(OPERATOR, '/reviews')).text).toMatch(/id="reviews-waiting"[^>]*>\s*1.?201\b/u);
});
