import fc from 'fast-check';
import { expect, test } from 'vitest';
import { station } from '#src/domain/office/entities/station.ts';
import {
  addBuckets,
  bucketsOf,
  BUCKETS,
  GRAM_LETTERS,
  noBuckets,
  takeBuckets,
} from '#src/storage/sqlite/event-grams.ts';
import { RUN_IDS } from '#src/storage/sqlite/event-runs.ts';
import { WORD_PAGES } from '#src/storage/sqlite/event-words.ts';
import { connect } from '#src/storage/sqlite/connection.ts';
import { openStorage, type SqliteStorage } from '#src/storage/sqlite/open.ts';
import { until } from '../fixtures/until.ts';
import { databasePath, recording } from './files.ts';
import { allLevels, anEvent } from './rows.ts';

const frames = fc.string({ unit: fc.constantFrom(...'aAbBé1_%"{ '), minLength: 0, maxLength: 60 });

test('whatever part of a text is looked for, its buckets are among those of the text, in any letter case', () => {
  fc.assert(
    fc.property(frames, fc.nat(), fc.integer({ min: GRAM_LETTERS, max: 20 }), (text, at, length) => {
      const all = new Set<number>();
      const set = noBuckets();
      addBuckets(text, set);
      takeBuckets(set, (bucket) => all.add(bucket));
      expect(set.every((bits) => bits === 0)).toBe(true);
      const from = at % Math.max(1, text.length);
      const part = text.slice(from, from + length).replace(/[a-zA-Z]/g, (letter) => letter.toUpperCase());
      for (const bucket of bucketsOf(part)) {
        expect(all.has(bucket)).toBe(true);
        expect(bucket).toBeLessThan(BUCKETS);
      }
    }),
  );
});

test('a text that is too short has no buckets: it may be anywhere', () => {
  expect(bucketsOf('x'.repeat(GRAM_LETTERS - 1))).toEqual([]);
  expect(bucketsOf('x'.repeat(GRAM_LETTERS))).toHaveLength(1);
});

type Opened = { readonly storage: SqliteStorage; readonly connection: ReturnType<typeof connect> };

async function opened(path: string): Promise<Opened> {
  const connection = connect(path);
  return { storage: await openStorage(connection, { node: 'test' }), connection };
}

/** A journal of three runs, put there at once; the words at these ids are found nowhere else. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [3, 'GroundFailure'],
  [RUN_IDS + 511, '04A2B6F23C5D80'],
  [RUN_IDS + 512, 'boundary-of-blocks'],
  [2 * RUN_IDS, 'first of its run'],
  [2 * RUN_IDS + 40, 'not yet whole'],
]);

async function journal(): Promise<Opened & { readonly path: string }> {
  const path = await databasePath();
  const { storage, connection } = await opened(path);
  const put = connection.prepare('insert into event (id, at_ms, level, kind, name, request) values (?, ?, ?, ?, ?, ?)');
  connection.transaction(() => {
    for (let id = 1; id <= 2 * RUN_IDS + 100; id += 1)
      put.run(id, 1_800_000_000_000 + id, 'info', 'frame-in', 'Heartbeat', `[2,"m${id}",{}] ${WORDS.get(id) ?? ''}`);
  })();
  return { storage, connection, path };
}

async function isSealed({ connection }: Opened): Promise<void> {
  const pages = connection.prepare('select count(*) from event_words').pluck();
  await until('two whole runs', () => pages.get() === 2 * WORD_PAGES);
}

test('a rare text is found in any run: whole, growing, of a former life, and before anything is known of it', async () => {
  const first = await journal();
  const find = async ({ storage }: Opened, text: string) => {
    const query = { levels: allLevels, text, limit: 10 };
    const found = await storage.reader.searchEvents(query);
    expect(found.searchedTo).toBeNull();
    const upwards = await storage.reader.searchEvents({ ...query, afterId: 0 });
    expect(upwards.events).toEqual(found.events);
    return found.events.map(({ id }) => id);
  };
  const everything = async (of: Opened) => {
    for (const [id, word] of WORDS) expect(await find(of, word.toLowerCase()), word).toEqual([id]);
    expect(await find(of, 'nowhere to be found')).toEqual([]);
  };
  await everything(first);
  await isSealed(first);
  await everything(first);
  first.storage.note(anEvent({ name: 'brand new words' }));
  await first.storage.actors.drain();
  expect(await find(first, 'brand new words')).toEqual([2 * RUN_IDS + 101]);
  await first.storage.close();

  const second = await opened(first.path);
  await everything(second);
  await second.storage.close();
}, 60_000);

test('words that an old journal lacks are read beside the latest, and what they are of is found meanwhile', async () => {
  const path = await databasePath();
  const first = await opened(path);
  const put = first.connection.prepare(
    `insert into event (id, at_ms, level, kind, name) values (?, 1, 'info', 'link', ?)`,
  );
  const words = new Map([
    [7, 'oldest words'],
    [RUN_IDS + 5, 'words between'],
    [2 * RUN_IDS + 1, 'latest words'],
  ]);
  words.forEach((word, id) => put.run(id, word));
  await isSealed(first);
  first.connection.prepare('delete from event_words where id < ?').run(WORD_PAGES);
  await first.storage.close();

  const second = await opened(path);
  const found = async (text: string) =>
    (await second.storage.reader.events({ levels: allLevels, text, limit: 9 })).map(({ id }) => id);
  for (const [id, word] of words) expect(await found(word)).toEqual([id]);
  await isSealed(second);
  for (const [id, word] of words) expect(await found(word)).toEqual([id]);
  await second.storage.close();
});

test('what is purged goes from the words as well, and what stays is still found', async () => {
  const of = await journal();
  await isSealed(of);
  of.connection.prepare('update event set at_ms = 1 where id <= ?').run(RUN_IDS + 600);
  const cut = { debugBeforeMs: 2, otherBeforeMs: 2, limit: 500 };
  let went = 1;
  while (went > 0) went = await of.storage.registry.purgeEvents(cut);
  const pages = of.connection.prepare('select min(id), count(*) from event_words').raw().get();
  expect(pages).toEqual([WORD_PAGES, WORD_PAGES]);
  const left = await of.storage.reader.searchEvents({ levels: allLevels, text: 'first of its run', limit: 5 });
  expect(left.events.map(({ id }) => id)).toEqual([2 * RUN_IDS]);
  await of.storage.close();
}, 60_000);

test('a text too short for the words is looked for so far back and no further, and from there on when asked', async () => {
  const { storage, connection } = await opened(await databasePath());
  const put = connection.prepare('insert into event (at_ms, level, kind, name) values (?, ?, ?, ?)');
  const count = 120_000;
  connection.transaction(() => {
    for (let n = 1; n <= count; n += 1) put.run(1_800_000_000_000 + n, 'info', 'link', n === 5 ? 'zqx' : 'link-up');
  })();
  const query = { levels: allLevels, text: 'ZQX', limit: 5 };
  const { events, searchedTo } = await storage.reader.searchEvents(query);
  expect(events).toEqual([]);
  expect(searchedTo).toEqual({ id: 20_001, atMs: 1_800_000_020_001 });
  const further = await storage.reader.searchEvents({ ...query, beforeId: searchedTo?.id ?? 0 });
  expect(further.events.map(({ id }) => id)).toEqual([5]);
  expect(further.searchedTo).toBeNull();
  await storage.close();
}, 60_000);

test('every value is bound behind a plus, where SQLite does not look for a better plan at each run (decision 0032)', async () => {
  const { connection, texts } = recording(await databasePath());
  const storage = await openStorage(connection, { node: 'test' });
  await storage.reader.searchEvents({ levels: allLevels, text: 'some words', limit: 5 });
  const list = { scope: [{}], text: 'word', filters: [], sort: 'name', descending: false, limit: 5, offset: 0 };
  await storage.office.list(station, list);
  expect(texts.filter((text) => text.includes('?')).length).toBeGreaterThan(50);
  expect(texts.filter((text) => /(?<!\+)\?/.test(text))).toEqual([]);
  await storage.close();
});
