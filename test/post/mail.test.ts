import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { TRIES_MAX } from '#src/domain/post.ts';
import { mailTransport } from '#src/post/mail.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { startMailServer, type MailServer } from '../fixtures/mail-server.ts';
import { aMessage, NOW_MS, quickSender, rowOf } from '../fixtures/post.ts';
import { until } from '../fixtures/until.ts';
import { databasePath } from '../storage/files.ts';

const FROM = 'Vigie <vigie@ponant.example>';

async function opened(path?: string) {
  const storage = await openSqlite({ path: path ?? (await databasePath()), node: 'test' });
  onTestFinished(() => storage.close());
  return storage;
}

function sending(store: Parameters<typeof quickSender>[0], server: Pick<MailServer, 'url'>) {
  const sender = quickSender(store, { mail: mailTransport({ url: server.url, from: FROM }) });
  onTestFinished(() => sender.stop());
  return sender;
}

test('a waiting mail is sent once, to its recipient, with what it says', async () => {
  const server = await startMailServer();
  const { post } = await opened();
  const text = 'La borne « Quai Nord » est en défaut : {secret}\n\n.\nFin';
  await post.queue(aMessage({ text, secret: 'https://vigie.example/x?a=1&b=$&' }));
  sending(post, server);
  await until('sent', async () => (await rowOf(post, aMessage().key))?.state === 'sent');
  expect(server.mails).toHaveLength(1);
  const [mail] = server.mails;
  expect(mail?.from).toEqual({ name: 'Vigie', address: 'vigie@ponant.example' });
  expect(mail?.to).toEqual([{ name: '', address: 'anne@ponant.example' }]);
  expect(mail?.subject).toBe('Défaut de la borne PON-1');
  expect(mail?.text?.trimEnd()).toBe(text.replace('{secret}', () => 'https://vigie.example/x?a=1&b=$&'));
  expect(mail?.messageId).toMatch(/^<[0-9a-f]{40}@ponant\.example>$/);
  expect(Date.parse(mail?.date ?? '')).toBe(NOW_MS);
  expect(server.logins).toEqual(['vigie']);
});

test('a mail that is refused for now is tried again after its pause, and sent once', async () => {
  const server = await startMailServer();
  server.answers.push({ code: 451, text: 'greylisted' }, { code: 421, text: 'busy' });
  const { post } = await opened();
  await post.queue(aMessage());
  const { clock } = sending(post, server);
  await until('a first try', async () => (await rowOf(post, aMessage().key))?.tries === 1);
  expect(await rowOf(post, aMessage().key)).toMatchObject({ state: 'waiting', nextTryAtMs: NOW_MS + 30_000 });
  clock.ms += 30_000;
  await until('a second try', async () => (await rowOf(post, aMessage().key))?.tries === 2);
  clock.ms += 60_000;
  await until('sent', async () => (await rowOf(post, aMessage().key))?.state === 'sent');
  expect(server.mails).toHaveLength(1);
});

test('a mail that is refused for good is given up at once, in the words of the server', async () => {
  const server = await startMailServer();
  server.answers.push({ code: 554, text: 'this is spam' });
  const { post } = await opened();
  await post.queue(aMessage());
  const { warnings } = sending(post, server);
  await until('given up', async () => (await rowOf(post, aMessage().key))?.state === 'failed');
  expect((await rowOf(post, aMessage().key))?.lastError).toContain('this is spam');
  expect(server.mails).toEqual([]);
  expect(warnings).toMatchObject([{ key: aMessage().key, state: 'failed' }]);
});

test('a login that is refused is ours to repair: the mail waits for it', async () => {
  const server = await startMailServer();
  const { post } = await opened();
  await post.queue(aMessage());
  sending(post, { url: server.url.replace('secret', 'wrong') });
  await until('a first try', async () => (await rowOf(post, aMessage().key))?.tries === 1);
  expect(await rowOf(post, aMessage().key)).toMatchObject({ state: 'waiting' });
});

test('a mail whose connection is lost in the middle is sent once all the same', async () => {
  const server = await startMailServer();
  server.answers.push('cut-before');
  const { post } = await opened();
  await post.queue(aMessage());
  const { clock } = sending(post, server);
  await until('a first try', async () => (await rowOf(post, aMessage().key))?.tries === 1);
  clock.ms += 30_000;
  await until('sent', async () => (await rowOf(post, aMessage().key))?.state === 'sent');
  expect(server.mails).toHaveLength(1);
});

test('a mail whose acceptance was lost on the way is repeated under the Message-ID by which that is seen', async () => {
  const server = await startMailServer();
  server.answers.push('cut-after');
  const { post } = await opened();
  await post.queue(aMessage());
  const { clock } = sending(post, server);
  await until('a first try', async () => (await rowOf(post, aMessage().key))?.tries === 1);
  clock.ms += 30_000;
  await until('sent', async () => (await rowOf(post, aMessage().key))?.state === 'sent');
  expect(server.mails).toHaveLength(2);
  expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(1);
});

test('mails that wait over a restart, with their server away, are each sent once when it is back', async () => {
  const path = await databasePath();
  const keys = Array.from({ length: 30 }, (_, index) => `restart/${index}`);
  const away = createServer().listen(0, '127.0.0.1');
  await once(away, 'listening');
  const { port } = away.address() as { port: number };
  away.close();
  const first = await openSqlite({ path, node: 'test' });
  for (const key of keys) await first.post.queue(aMessage({ key, subject: key }));
  const before = sending(first.post, { url: `smtp://127.0.0.1:${port}` });
  await until('all were tried', async () => (await first.post.due('mail', NOW_MS, 99)).length === 0);
  await before.stop();
  await first.close();
  const server = await startMailServer();
  const { post } = await opened(path);
  const { clock } = sending(post, server);
  clock.ms += 30_000;
  await until('all are sent', () => server.mails.length >= keys.length);
  await until('all are written', async () => (await post.due('mail', clock.ms, 99)).length === 0);
  expect(server.mails.map(({ subject }) => String(subject)).toSorted()).toEqual(keys.toSorted());
});

test('a server that stays away costs a mail its tries, and then it is given up', async () => {
  const { post } = await opened();
  await post.queue(aMessage());
  const { clock } = sending(post, { url: 'smtp://127.0.0.1:1' });
  await until('given up', async () => {
    const row = await rowOf(post, aMessage().key);
    clock.ms = Math.max(clock.ms, row?.nextTryAtMs ?? 0);
    return row?.state === 'failed';
  });
  expect((await rowOf(post, aMessage().key))?.tries).toBe(TRIES_MAX);
});

test('a subject or an address that holds lines adds no header and no recipient', async () => {
  const server = await startMailServer();
  const { post } = await opened();
  await post.queue(aMessage({ key: '1', subject: 'Défaut\r\nBcc: eve@evil.example' }));
  await post.queue(aMessage({ key: '2', to: 'anne@ponant.example\r\nBcc: eve@evil.example' }));
  await post.queue(aMessage({ key: '3', to: 'anne@ponant.example, eve@evil.example' }));
  sending(post, server);
  await until('all were tried', async () => (await post.due('mail', NOW_MS, 9)).length === 0);
  const people = server.mails.flatMap(({ to, cc, bcc }) => [to, cc, bcc].flatMap((one) => one ?? []));
  for (const { address } of people) expect(address).not.toBe('eve@evil.example');
  expect(server.mails.flatMap(({ headers }) => headers.map(({ key }) => key))).not.toContain('bcc');
});

test('a stop gives up a mail that was not handed over: it waits for the next start, and was never tried', async () => {
  // It takes the connection and says nothing, as a server behind a full firewall does.
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const { post } = await opened();
  await post.queue(aMessage());
  const sender = sending(post, { url: `smtp://127.0.0.1:${port}` });
  const [socket] = (await once(silent, 'connection')) as [Socket];
  await sender.stop();
  socket.destroy();
  expect(await rowOf(post, aMessage().key)).toMatchObject({ state: 'waiting', tries: 0, lastError: null });
  expect(sender.journal).toEqual([]);

  const server = await startMailServer();
  sending(post, server);
  await until('sent', async () => (await rowOf(post, aMessage().key))?.state === 'sent');
  expect(server.mails).toHaveLength(1);
});

test('a stop waits for the answer to a mail that was handed over: it is sent once', async () => {
  const server = await startMailServer();
  const answered = Promise.withResolvers<void>();
  server.answers.push(answered.promise);
  const { post } = await opened();
  await post.queue(aMessage());
  const cut = Promise.withResolvers<void>();
  const transport = mailTransport({ url: server.url, from: FROM });
  const sender = quickSender(post, {
    mail: {
      ...transport,
      cut() {
        transport.cut?.();
        cut.resolve();
      },
    },
  });
  await until('the mail to be kept', () => server.mails.length === 1);
  const stopped = sender.stop();
  await cut.promise;
  answered.resolve();
  await stopped;
  expect(await rowOf(post, aMessage().key)).toMatchObject({ state: 'sent', tries: 1 });
  const next = sending(post, server);
  await next.stop();
  expect(server.mails).toHaveLength(1);
});
