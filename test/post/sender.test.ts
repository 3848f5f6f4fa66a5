import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { apnKey } from '#src/domain/kit.ts';
import { postEvent } from '#src/post-journal.ts';
import type { Delivery, Transport } from '#src/post/transport.ts';
import type { PostStore } from '#src/storage/post-port.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { aMessage, ALL, NOW_MS, quickSender } from '../fixtures/post.ts';
import { until } from '../fixtures/until.ts';
import { databasePath } from '../storage/files.ts';

async function outbox(count: number): Promise<PostStore> {
  const storage = await openSqlite({ path: await databasePath(), node: 'test' });
  onTestFinished(() => storage.close());
  for (let index = 0; index < count; index++) await storage.post.queue(aMessage({ key: `key/${index}` }));
  return storage.post;
}

/** Takes each message by `answer`, and keeps the keys in the order in which they came. */
function counting(answer: (times: number) => Promise<Delivery>): Transport & { readonly keys: string[] } {
  const keys: string[] = [];
  return {
    keys,
    send(message) {
      keys.push(message.key);
      return answer(keys.filter((key) => key === message.key).length);
    },
    close: async () => undefined,
  };
}

test('however slowly a transport takes messages, none is sent twice', async () => {
  const post = await outbox(60);
  let turn = 0;
  const mail = counting(async () => {
    turn += 1;
    if (turn % 3 === 0) await pause(turn % 7);
    else if (turn % 3 === 1) await nextTurn();
    return { result: 'accepted' };
  });
  const sender = quickSender(post, { mail });
  await until('all are sent', async () => (await post.list({ ...ALL, state: 'sent' })).found === 60);
  await sender.stop();
  expect(mail.keys.toSorted()).toEqual([...new Set(mail.keys)].toSorted());
  expect(mail.keys).toHaveLength(60);
});

test('what was accepted while the disk refused is written later, and not sent again', async () => {
  const post = await outbox(3);
  let refusals = 5;
  const refusing: PostStore = {
    ...post,
    tried(key, outcome) {
      refusals -= 1;
      return refusals >= 0 ? Promise.reject(new Error('SQLITE_FULL')) : post.tried(key, outcome);
    },
  };
  const mail = counting(async () => ({ result: 'accepted' }));
  const sender = quickSender(refusing, { mail });
  await until('all are written', async () => (await post.list({ ...ALL, state: 'sent' })).found === 3);
  await sender.stop();
  expect(mail.keys).toHaveLength(3);
  expect(sender.warnings.length).toBeGreaterThanOrEqual(3);
});

test('what is no news any more is given up: when its turn comes, and where nothing sends it', async () => {
  const post = await outbox(0);
  const fading = { channel: 'sms', to: '+33612345678', expiresAtMs: NOW_MS + 1_000 } as const;
  await post.queue(aMessage({ key: 'in time', ...fading }));
  await post.queue(aMessage({ key: 'mail' }));
  const sms = counting(async () => ({ result: 'later', detail: 'busy' }));
  const sender = quickSender(post, { sms });
  await until('a try', () => sender.journal.length === 1);
  sender.clock.ms += 30_000;
  await until('its end', () => sender.journal.length === 2);
  await sender.stop();
  expect(sms.keys).toEqual(['in time']);
  expect(sender.journal.at(-1)).toMatchObject({ name: 'sms-failed', note: 'in time: expired' });
  await post.queue(aMessage({ key: 'nobody sends it', ...fading }));
  expect(await post.endExpired(NOW_MS + 999, 9)).toBe(0);
  expect(await post.endExpired(NOW_MS + 1_000, 9)).toBe(1);
  expect((await post.list({ ...ALL, state: 'waiting' })).rows.map(({ key }) => key)).toEqual(['mail']);
});

test('a stop waits for what is under way, and leaves the rest for the next start', async () => {
  const post = await outbox(9);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const first = counting(async () => {
    await held;
    return { result: 'accepted' };
  });
  const sender = quickSender(post, { mail: first });
  await until('some are under way', () => first.keys.length > 0);
  const stopped = sender.stop();
  release();
  await stopped;
  const left = await post.due('mail', NOW_MS, 99);
  expect(left.length).toBe(9 - first.keys.length);
  const second = counting(async () => ({ result: 'accepted' }));
  const next = quickSender(post, { mail: second });
  await until('all are sent', async () => (await post.list({ ...ALL, state: 'sent' })).found === 9);
  await next.stop();
  expect(second.keys.toSorted()).toEqual(left.map(({ key }) => key).toSorted());
});

test('each try of a message is a line of the journal: what it came to, and not to whom it went', async () => {
  const post = await outbox(1);
  const mail = counting(async (times) =>
    times === 1 ? { result: 'later', detail: '421 busy' } : { result: 'accepted' },
  );
  const sender = quickSender(post, { mail });
  await until('the first try', () => sender.journal.length === 1);
  sender.clock.ms += 86_400_000;
  await until('the second try', () => sender.journal.length === 2);
  await sender.stop();
  expect(sender.journal).toMatchObject([
    { kind: 'post', level: 'problem', name: 'mail-waiting', note: 'key/0: 421 busy', chargePointId: null },
    { kind: 'post', level: 'info', name: 'mail-sent', note: 'key/0', request: null },
  ]);
  // One about a kit stands in its journal too; one that only looks like it is about nobody.
  const outcome = { state: 'sent', atMs: 0 } as const;
  const sms = (key: string) => postEvent({ channel: 'sms', key, text: 'LP1;APN;K7' }, outcome, 0);
  const kit = { kind: 'sms', name: 'sms-sent', chargePointId: 'kit:K7', request: null };
  expect(sms(apnKey('kit:K7', '1'))).toMatchObject(kit);
  for (const key of ['apn/1', 'alert/kit:K7/1', 'apn/a/b/c']) expect(sms(key).chargePointId, key).toBeNull();
});
