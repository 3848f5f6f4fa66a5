import { expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { TEXT_CHARACTERS_MAX, TRIES_MAX, pauseAfter } from '#src/domain/post.ts';
import { openSqlite, openStorage } from '#src/storage/sqlite/open.ts';
import { aMessage, ALL, NOW_MS, rowOf } from '../fixtures/post.ts';
import { databasePath, recording } from '../storage/files.ts';

const role: RecordRow = {
  id: 'r1',
  subscriberId: 'ponant',
  version: 1,
  inactive: false,
  values: { name: 'Clients', administration: 'none', rights: [], isAdministrator: false },
  custom: {},
  createdAtMs: 1,
  changedAtMs: 1,
  changedBy: 'anne',
};

test('a key is queued once, also after a restart and after its message was sent', async () => {
  const path = await databasePath();
  const first = await openSqlite({ path, node: 'test' });
  await first.post.queue(aMessage());
  await first.post.queue(aMessage({ text: 'again' }));
  await first.post.tried(aMessage().key, { state: 'sent', atMs: NOW_MS });
  await first.close();
  const second = await openSqlite({ path, node: 'test' });
  await second.post.queue(aMessage({ text: 'once more' }));
  const { rows, found } = await second.post.list(ALL);
  expect(found).toBe(1);
  expect(rows[0]).toMatchObject({ state: 'sent', tries: 1, text: aMessage().text });
  expect(await second.post.due('mail', NOW_MS, 9)).toEqual([]);
  await second.close();
});

test('the messages of a channel that has no way out are not read over by those that look for their own each second', async () => {
  const { connection, texts } = recording(await databasePath());
  const { post, close } = await openStorage(connection, { node: 'test' });
  await post.queue(aMessage({ key: 'other', channel: 'gireve' }));
  await post.queue(aMessage());
  expect((await post.due('mail', NOW_MS, 9)).map(({ key }) => key)).toEqual([aMessage().key]);
  const looked = texts.findLast((text) => text.includes('next_try_at_ms <=')) ?? '';
  const plan = connection.prepare(`explain query plan ${looked}`).all('mail', NOW_MS, 9) as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('channel=? AND next_try_at_ms<?');
  await close();
});

test('a message is queued with the record that causes it, or not at all', async () => {
  const { office, post, close } = await openSqlite({ path: await databasePath(), node: 'test' });
  const put = { type: 'put', entity: ENTITIES.role, record: role } as const;
  expect(
    await office.write([
      { type: 'post', message: aMessage({ key: 'lost' }) },
      { ...put, record: { ...role, version: 7 } },
    ]),
  ).toBe('stale');
  expect(await office.write([{ type: 'post', message: aMessage({ key: 'kept' }) }, put])).toBe('ok');
  expect((await post.list(ALL)).rows.map(({ key }) => key)).toEqual(['kept']);
  await close();
});

test('PRC-20: a report takes the place of the one before about the same charger, sent or not, and of no other', async () => {
  const { office, post, close } = await openSqlite({ path: await databasePath(), node: 'test' });
  const report = (key: string) => aMessage({ key, channel: 'gireve', to: 'gireve' });
  const replaced = (key: string) =>
    office.write([{ type: 'post', message: report(key), inPlaceOf: key.slice(0, key.indexOf('/', 7) + 1) }]);
  for (const key of ['gireve/PON-1/a/1', 'gireve/PON-10/a/1', 'gireve/PON-1/b/2']) await replaced(key);
  await post.tried('gireve/PON-1/b/2', { state: 'sent', atMs: NOW_MS });
  expect(await office.isPosted('gireve/PON-1/b/')).toBe(false);
  expect(await office.isPosted('gireve/PON-1/b/', { ended: true })).toBe(true);
  await replaced('gireve/PON-1/c/3');
  expect((await post.list(ALL)).rows.map(({ key }) => key).toSorted()).toEqual([
    'gireve/PON-1/c/3',
    'gireve/PON-10/a/1',
  ]);
  // What was on its way when it was replaced changes nothing.
  await post.tried('gireve/PON-1/b/2', { state: 'sent', atMs: NOW_MS });
  expect((await post.list(ALL)).found).toBe(2);
  await close();
});

test('a message is queued with the decision of an actor that causes it, once for both of them', async () => {
  const { actors, post, close } = await openSqlite({ path: await databasePath(), node: 'test' });
  const [claim] = await actors.claimMany(['wallet/1']);
  if (claim === undefined) throw new Error('nothing was claimed');
  const row = { type: 'post', message: aMessage() } as const;
  await actors.commit({ fence: claim, snapshot: { schema: 1, state: {} }, rows: [row] });
  await actors.commit({ fence: { ...claim, version: 1 }, snapshot: { schema: 1, state: {} }, rows: [row] });
  // A decision that comes too late queues nothing.
  const late = { type: 'post', message: aMessage({ key: 'late' }) } as const;
  expect(await actors.commit({ fence: claim, snapshot: { schema: 1, state: {} }, rows: [late] })).toBe('fenced');
  expect((await post.list(ALL)).rows.map(({ key }) => key)).toEqual([aMessage().key]);
  await close();
});

test('a secret is forgotten with the end of its message, sent or given up', async () => {
  const { post, close } = await openSqlite({ path: await databasePath(), node: 'test' });
  const secret = 'https://vigie.example/password/reset/t0ken';
  for (const key of ['sent', 'failed', 'waiting']) await post.queue(aMessage({ key, text: 'Ici : {secret}', secret }));
  await post.tried('sent', { state: 'sent', atMs: NOW_MS });
  await post.tried('failed', { state: 'failed', atMs: NOW_MS, error: '550 no such user' });
  await post.tried('waiting', { state: 'waiting', nextTryAtMs: NOW_MS + 1, error: '450 later' });
  expect([await rowOf(post, 'sent'), await rowOf(post, 'failed')]).toMatchObject([{ secret: null }, { secret: null }]);
  expect(await rowOf(post, 'waiting')).toMatchObject({ secret, tries: 1, lastError: '450 later' });
  // Without its secret it would say nothing.
  expect(await post.retry({ key: 'failed', atMs: NOW_MS })).toBe(false);
  await close();
});

test('a message that was given up waits again when it is asked for by whose it is', async () => {
  const { post, close } = await openSqlite({ path: await databasePath(), node: 'test' });
  const { key } = aMessage();
  await post.queue(aMessage());
  expect(await post.retry({ key, atMs: NOW_MS })).toBe(false);
  await post.tried(key, { state: 'failed', atMs: NOW_MS, error: '550 no such user' });
  expect(await post.retry({ key, subscriberId: 'concarneau', atMs: NOW_MS })).toBe(false);
  expect(await post.retry({ key, subscriberId: 'ponant', atMs: NOW_MS + 5 })).toBe(true);
  expect(await rowOf(post, key)).toMatchObject({ state: 'waiting', tries: 0, nextTryAtMs: NOW_MS + 5 });
  await close();
});

test('the outbox is narrowed by subscriber, state, channel and text, and a text is cut at its limit', async () => {
  const { post, close } = await openSqlite({ path: await databasePath(), node: 'test' });
  await post.queue(aMessage({ key: '1', createdAtMs: NOW_MS }));
  await post.queue(aMessage({ key: '2', channel: 'sms', to: '+33612345678', createdAtMs: NOW_MS + 1 }));
  await post.queue(aMessage({ key: '3', subscriberId: null, text: '100 % vrai', createdAtMs: NOW_MS + 2 }));
  await post.queue(aMessage({ key: '4', text: 'é'.repeat(TEXT_CHARACTERS_MAX + 1), createdAtMs: NOW_MS + 3 }));
  await post.tried('1', { state: 'sent', atMs: NOW_MS });
  const keys = async (query: object) => (await post.list({ ...ALL, ...query })).rows.map(({ key }) => key);
  expect(await keys({})).toEqual(['4', '3', '2', '1']);
  expect(await keys({ subscriberId: 'ponant' })).toEqual(['4', '2', '1']);
  expect(await keys({ subscriberId: null })).toEqual(['3']);
  expect(await keys({ state: 'sent' })).toEqual(['1']);
  expect(await keys({ channel: 'sms' })).toEqual(['2']);
  expect(await keys({ search: '0 %' })).toEqual(['3']);
  expect(await keys({ offset: 1, limit: 2 })).toEqual(['3', '2']);
  expect((await rowOf(post, '4'))?.text).toHaveLength(TEXT_CHARACTERS_MAX);
  await close();
});

test('pauses grow, the tries of a message take about twenty hours, and then it is given up', () => {
  const pauses = Array.from({ length: TRIES_MAX }, (_, index) => pauseAfter(index + 1));
  const grown = pauses.slice(0, -1).map((pause) => pause ?? 0);
  expect(grown).toEqual(grown.toSorted((a, b) => a - b));
  expect(grown.reduce((sum, pause) => sum + pause, 0) / 3_600_000).toBeCloseTo(20, 0);
  expect(pauses.at(-1)).toBeNull();
});
