import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { seed } from '#bench/seed/seed.ts';
import { SMALL } from '#bench/seed/sizes.ts';
import { freshPath, openedStorage } from '../storage/files.ts';

const TINY = {
  ...SMALL,
  merchants: 2,
  companiesEach: 2,
  stationsEach: 3,
  peopleEach: 5,
  usersEach: 2,
  maintainers: 2,
  maintained: 2,
  events: 50,
  sessions: 40,
  reviews: 3,
  audits: 5,
  deletionsEach: 2,
};

test('the bench measures a database of today’s schema, whose recharges are found by their drivers', async () => {
  const path = await freshPath();
  mkdirSync(dirname(path), { recursive: true });
  await seed(path, TINY, () => undefined);
  const { storage, connection } = await openedStorage(path);
  expect(connection.prepare('select count(*) from office_station').pluck().get()).toBe(6);
  expect(await storage.reader.openReviews()).toBeGreaterThan(0);
  const { rows } = await storage.recharges.page({
    among: null,
    customers: null,
    fromMs: null,
    toMs: null,
    text: 'client',
    state: null,
    sort: 'start',
    descending: true,
    offset: 0,
    limit: 9,
    mark: null,
  });
  expect(rows).toHaveLength(9);
});
