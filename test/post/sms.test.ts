import fc from 'fast-check';
import smpp from 'smpp';
import { expect, onTestFinished, test } from 'vitest';
import type { IncomingSms } from '#src/domain/incoming-sms.ts';
import { httpSmsTransport, type HttpTemplate } from '#src/post/sms-http.ts';
import { smppTransport } from '#src/post/sms-smpp.ts';
import { statusTransport } from '#src/post/statuses.ts';
import type { Transport } from '#src/post/transport.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { aMessage, NOW_MS, quickSender, rowOf } from '../fixtures/post.ts';
import { startHttpProvider, startMessageCentre } from '../fixtures/sms-servers.ts';
import { until } from '../fixtures/until.ts';
import { databasePath } from '../storage/files.ts';

const anSms = aMessage({ channel: 'sms', to: '+33612345678', text: 'Borne « Quai Nord » : défaut & arrêt' });

const template = (change: Partial<HttpTemplate>): HttpTemplate => ({
  method: 'POST',
  url: 'http://127.0.0.1:1',
  body: '',
  header: '',
  from: 'Vigie',
  ...change,
});

/** Closed with the test, so that no session outlives it. */
function closing(transport: Transport): Transport {
  onTestFinished(() => transport.close());
  return transport;
}

async function outbox() {
  const storage = await openSqlite({ path: await databasePath(), node: 'test' });
  onTestFinished(() => storage.close());
  return storage.post;
}

test('a provider is asked as its template says, whatever the text holds', async () => {
  const provider = await startHttpProvider();
  const send = async (change: Partial<HttpTemplate>, text: string) => {
    await httpSmsTransport(template({ url: `${provider.base}/send`, ...change })).send({ ...anSms, text });
    const request = provider.requests.at(-1);
    if (request === undefined) throw new Error('nothing arrived');
    return request;
  };
  const json = JSON.stringify({ to: '{to}', message: { content: '{text}', sender: '{from}' }, id: '{key}' });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 }), async (text) => {
      const inUrl = await send({ method: 'GET', url: `${provider.base}/{to}/send?text={text}&x=1` }, text);
      expect(inUrl.url.pathname).toBe('/%2B33612345678/send');
      expect([...inUrl.url.searchParams]).toEqual([
        ['text', text],
        ['x', '1'],
      ]);
      const inJson = await send({ body: json }, text);
      expect(JSON.parse(inJson.body)).toEqual({
        to: '+33612345678',
        message: { content: text, sender: 'Vigie' },
        id: anSms.key,
      });
      const inForm = await send({ body: 'to={to}&text={text}&from={from}' }, text);
      expect(new URLSearchParams(inForm.body).get('text')).toBe(text);
    }),
    { numRuns: 30 },
  );
  const inXml = await send({ body: '<sms to="{to}">{text}</sms>' }, `<b> & "it's"`);
  expect(inXml.body).toBe('<sms to="+33612345678">&#60;b&#62; &#38; &#34;it&#39;s&#34;</sms>');
  expect(inXml.headers['content-type']).toBe('application/xml');
});

test('a provider gets the header that it wants', async () => {
  const provider = await startHttpProvider();
  const header = 'Authorization: Bearer a:b';
  await httpSmsTransport(template({ url: provider.base, header, body: 'to={to}' })).send(anSms);
  expect(provider.requests[0]?.headers).toMatchObject({
    authorization: 'Bearer a:b',
    'content-type': 'application/x-www-form-urlencoded',
  });
});

test('an HTTP answer is a refusal only when it speaks of the message', async () => {
  const provider = await startHttpProvider();
  const transport = httpSmsTransport(template({ url: provider.base }));
  const results: Record<number, string> = {};
  for (const status of [200, 400, 413, 422, 301, 401, 403, 404, 408, 429, 500, 503, 0]) {
    provider.answers.push(status);
    const delivery = await transport.send(anSms);
    results[status] = delivery.result;
    if (delivery.result !== 'accepted') expect(delivery.detail.length).toBeLessThan(1_100);
  }
  expect(Object.entries(results).filter(([, result]) => result === 'accepted')).toEqual([['200', 'accepted']]);
  const refused = Object.entries(results).flatMap(([status, result]) => (result === 'refused' ? [status] : []));
  expect(refused).toEqual(['400', '413', '422']);
  expect(provider.requests).toHaveLength(1);
});

test('an SMS that a provider refuses for now, and whose connection is lost then, is sent once', async () => {
  const provider = await startHttpProvider();
  provider.answers.push(503, 0);
  const post = await outbox();
  await post.queue(anSms);
  const sms = httpSmsTransport(template({ url: `${provider.base}/?to={to}&text={text}` }));
  const { clock, stop } = quickSender(post, { sms });
  onTestFinished(stop);
  await until('sent', async () => {
    const row = await rowOf(post, anSms.key);
    clock.ms = Math.max(clock.ms, row?.nextTryAtMs ?? 0);
    return row?.state === 'sent';
  });
  expect(provider.requests).toHaveLength(1);
});

test('a message centre gets short and long texts, in the alphabet of telephones or in all others', async () => {
  const centre = await startMessageCentre();
  const transport = closing(smppTransport({ url: centre.url, from: 'Vigie' }));
  const long = 'Borne en défaut. '.repeat(20);
  const texts = ['Borne en défaut : 5 €', 'Borne « Quai Nord »', long, `${long} «»`, 'x'.repeat(160), 'x'.repeat(161)];
  for (const text of texts) expect(await transport.send({ ...anSms, text })).toEqual({ result: 'accepted' });
  expect(centre.binds).toHaveLength(1);
  const told = centre.messages.map((pdu) => ({
    coding: pdu['data_coding'],
    isPayload: pdu['message_payload'] !== undefined,
    text: textOf(pdu['message_payload']) || textOf(pdu['short_message']),
  }));
  expect(told.map(({ text }) => text)).toEqual(texts);
  expect(told.map(({ coding }) => coding)).toEqual([0, 8, 0, 8, 0, 0]);
  expect(told.map(({ isPayload }) => isPayload)).toEqual([false, false, true, true, false, true]);
  expect(centre.messages[0]).toMatchObject({
    source_addr: 'Vigie',
    source_addr_ton: 5,
    destination_addr: '33612345678',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
  });
});

function textOf(field: unknown): string {
  if (typeof field === 'string') return field;
  return typeof field === 'object' && field !== null && 'message' in field ? String(field.message) : '';
}

test('what a message centre refuses is final when it speaks of the message, and tried again when not', async () => {
  const centre = await startMessageCentre();
  const transport = closing(smppTransport({ url: centre.url, from: '+33600000000' }));
  const statusOf = (name: string): number => smpp.errors[name] ?? -1;
  centre.answers.push(statusOf('ESME_RINVDSTADR'), statusOf('ESME_RTHROTTLED'), 0x0499);
  expect(await transport.send(anSms)).toEqual({ result: 'refused', detail: 'ESME_RINVDSTADR' });
  expect(await transport.send(anSms)).toEqual({ result: 'later', detail: 'ESME_RTHROTTLED' });
  expect(await transport.send(anSms)).toEqual({ result: 'later', detail: 'SMPP status 1177' });
});

test('a session that is lost is bound again with the next message, and each message is taken once', async () => {
  const centre = await startMessageCentre();
  const transport = closing(smppTransport({ url: centre.url, from: 'Vigie' }));
  const send = () => transport.send(anSms).then(({ result }) => result);
  centre.answers.push('cut');
  expect(await send()).toBe('later');
  expect(await send()).toBe('accepted');
  centre.hangUp();
  await until('accepted again', async () => (await send()) === 'accepted');
  expect(centre.messages).toHaveLength(2);
  expect(centre.binds).toHaveLength(3);
});

test('a message centre that refuses the login, or is not there, is tried later', async () => {
  const centre = await startMessageCentre();
  const wrong = closing(smppTransport({ url: centre.url.replace('secret', 'wrong'), from: 'Vigie' }));
  expect(await wrong.send(anSms)).toEqual({
    result: 'later',
    detail: 'the SMPP server refuses the login: ESME_RBINDFAIL',
  });
  const nowhere = closing(smppTransport({ url: 'smpp://vigie:secret@127.0.0.1:1', from: 'Vigie' }));
  expect(await nowhere.send(anSms)).toMatchObject({ result: 'later' });
});

test('SOC-10: what people write comes in by a session that is bound at once, and is answered when it was taken; receipts are none', async () => {
  const centre = await startMessageCentre();
  const received: IncomingSms[] = [];
  let isRefused = true;
  closing(
    smppTransport({
      url: centre.url,
      from: 'Vigie',
      async received(sms) {
        if (isRefused) throw new Error('the disk refuses');
        received.push(sms);
      },
    }),
  );
  const session = await until('a session', () => centre.binds[0]);
  const deliver = (fields: Readonly<Record<string, unknown>>) =>
    new Promise<number>((resolve) => {
      const of = { source_addr_ton: 1, source_addr: '33612345678', destination_addr: '33700000000', ...fields };
      session.deliver_sm(of, ({ command_status: status }) => resolve(status));
    });
  expect(await deliver({ short_message: 'PON-1 2' })).toBe(smpp.errors['ESME_RX_T_APPN']);
  isRefused = false;
  expect(await deliver({ short_message: 'PON-1 2' })).toBe(0);
  expect(await deliver({ short_message: 'id:7 stat:DELIVRD', esm_class: 4 })).toBe(0);
  expect(await deliver({ short_message: 'Gagnez un vélo', source_addr: 'PUB', source_addr_ton: 5 })).toBe(0);
  expect(received.map(({ from, text }) => [from, text])).toEqual([['+33612345678', 'PON-1 2']]);
});

test('a session is unbound when the server stops', async () => {
  const centre = await startMessageCentre();
  const post = await outbox();
  await post.queue(anSms);
  const { stop } = quickSender(post, { sms: smppTransport({ url: centre.url, from: 'Vigie' }) });
  await until('sent', async () => (await rowOf(post, anSms.key))?.state === 'sent');
  await stop();
  expect(centre.unbinds).toHaveLength(1);
});

test('an SMS leaves while mails hang: each channel has a way of its own', async () => {
  const provider = await startHttpProvider();
  const post = await outbox();
  await post.queue(anSms);
  for (let index = 0; index < 20; index++)
    await post.queue(aMessage({ key: `mail/${index}`, createdAtMs: NOW_MS - 1 }));
  let hangUp = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (hangUp = resolve));
  const mail: Transport = {
    send: () => hanging.then(() => ({ result: 'later', detail: 'it hung' })),
    close: async () => undefined,
  };
  const { stop } = quickSender(post, { mail, sms: httpSmsTransport(template({ url: provider.base })) });
  await until('sent', async () => (await rowOf(post, anSms.key))?.state === 'sent');
  hangUp();
  await stop();
});

test('PRC-20: statuses that a partner does not take are tried again under the same key, and are journalled with its charger', async () => {
  const provider = await startHttpProvider();
  provider.answers.push(503, 0);
  const post = await outbox();
  const text = JSON.stringify({ type: 'charger-statuses', version: 1 });
  const key = 'gireve/PON-1/1';
  await post.queue(aMessage({ key, channel: 'gireve', to: 'gireve', text }));
  const gireve = statusTransport({ url: `${provider.base}/statuses`, header: 'X-Key: k' });
  const { clock, journal, stop } = quickSender(post, { gireve });
  await until('a first try', () => journal.length === 1);
  clock.ms += 30_000;
  await until('a second try', () => journal.length === 2);
  clock.ms += 60_000;
  await until('it sent', async () => (await rowOf(post, key))?.state === 'sent');
  await stop();
  expect(provider.requests).toMatchObject([
    {
      method: 'POST',
      body: text,
      headers: { 'idempotency-key': key, 'x-key': 'k', 'content-type': 'application/json' },
    },
  ]);
  expect(journal.map(({ name, level }) => [name, level])).toEqual([
    ['gireve-waiting', 'problem'],
    ['gireve-waiting', 'problem'],
    ['gireve-sent', 'info'],
  ]);
  expect(journal.at(-1)).toMatchObject({ kind: 'gireve', chargePointId: 'PON-1', request: text });
});
