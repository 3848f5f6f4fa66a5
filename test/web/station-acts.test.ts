import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Values } from '#src/domain/office/field.ts';
import { knock, type Charger } from '../fixtures/charger.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { deskOver, MERCHANT, NEIGHBOUR } from '../fixtures/office-desk.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { oneLine } from '../fixtures/one-line.ts';
import { until } from '../fixtures/until.ts';

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };
/** What a roaming partner's address was sent. */
const received: Received[] = [];
/** What the provider of SMS was sent: to whom, and the text. */
const texts: (readonly [to: string, text: string])[] = [];
const partner = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://partner.invalid');
    if (pathname === '/sms') texts.push([searchParams.get('to') ?? '', searchParams.get('text') ?? '']);
    else received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(204).end();
  });
});

const SECRET = 'a-secret-of-the-provider-of-sms';

let server: OfficeServer;
beforeAll(async () => {
  partner.listen(0, '127.0.0.1');
  await once(partner, 'listening');
  const { port } = partner.address() as AddressInfo;
  server = await startOfficeServer({
    gireveUrl: `http://127.0.0.1:${port}/statuses`,
    gireveHeader: 'Authorization: Bearer of-the-partner',
    smsUrl: `http://127.0.0.1:${port}/sms?to={to}&text={text}`,
    smsMethod: 'GET',
    smsInSecret: SECRET,
    smsInFields: 'From,Body,MessageSid',
  });
  await changed('pon-1', { gireveCustomers: true, freeServiceTag: 'LIBRE1' });
  await changed('pon-2', { gireveAdvenir: true });
  await changed('con-1', { gireveCustomers: true });
}, 30_000);
afterAll(async () => {
  await server.stop();
  partner.closeAllConnections();
  partner.close();
});

const { newUser } = deskOver(() => server);
const { made: saved, formOf } = officeForms(() => server);

async function changed(stationId: string, change: Values): Promise<void> {
  const { office, reader } = server.vigie.storage;
  const record = await office.find(ENTITIES.station, stationId, [{}]);
  if (record === null) throw new Error(`there is no station ${stationId}`);
  const values = { ...record.values, ...change };
  await office.write([
    { type: 'put', entity: ENTITIES.station, record: { ...record, values, version: record.version + 1 } },
  ]);
  const roster = await reader.rosterEntry(stationId.toUpperCase());
  if (roster !== null) server.vigie.chargers.supervision.declare(roster);
}

async function dial(identity: string): Promise<Charger> {
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
  if (!dialled.ok) throw new Error('the charger was refused');
  await dialled.charger.boot();
  await dialled.charger.status(1, 'Available');
  return dialled.charger;
}

/** The next order of this kind, accepted like all before it: on a busy machine the keys of the station come first. */
async function heard(charger: Charger, wanted: string): Promise<unknown> {
  for (;;) {
    const { id, action, payload } = await charger.nextCall();
    charger.reply(id, { status: 'Accepted' });
    if (action === wanted) return payload;
  }
}

/** A user of the merchant with one right. */
async function userWith(right: string, level: 'view' | 'modify'): Promise<string> {
  const name = `${right}-${level}`;
  const role = { version: '0', name, administration: 'none', [`rights:${right}`]: `${right}:${level}` };
  const made = await server.post(MERCHANT, '/roles', role);
  const id = new URL(made.location ?? '', server.url).pathname.split('/').at(-1) ?? '';
  await newUser(name, { role: id });
  return name;
}

test('PRC-13: commands need the right to modify the management of stations, or their maintenance', async () => {
  const charger = await dial('PON-2');
  const command = (who: string) => server.post(who, '/fleet/PON-2/commands/clear-cache');
  for (const right of ['station-management', 'station-maintenance']) {
    const looks = await userWith(right, 'view');
    expect((await command(looks)).status).toBe(404);
    const page = (await server.get(looks, '/fleet/PON-2')).text;
    expect(page).not.toContain('/commands/');
    expect((await server.get(looks, '/roaming')).status).toBe(404);
    const changes = await userWith(right, 'modify');
    expect((await server.get(changes, '/fleet/PON-2')).text).toContain('/fleet/PON-2/commands/reset');
    expect((await command(changes)).status).toBe(303);
    await heard(charger, 'ClearCache');
  }
  expect((await command(await userWith('sessions', 'modify'))).status).toBe(404);
  await charger.close();
});

test('PRC-15: a remote start that names no badge has that of the free service, by which the session is free', async () => {
  const charger = await dial('PON-1');
  const start = (path: string, idTag: string) =>
    server.post(MERCHANT, `/fleet/${path}/commands/remote-start`, { connectorId: '1', idTag });
  expect((await server.get(MERCHANT, '/fleet/PON-1')).text).toContain('libre-service, LIBRE1');
  expect((await start('PON-1', '')).status).toBe(303);
  const { id, action, payload } = await charger.nextCall();
  expect([action, payload]).toEqual(['RemoteStartTransaction', { connectorId: 1, idTag: 'LIBRE1' }]);
  charger.reply(id, { status: 'Accepted' });
  const { transactionId, verdict } = await charger.start({ idTag: 'LIBRE1' });
  expect(verdict).toBe('Accepted');
  const session = await server.vigie.storage.reader.sessionByTransaction(transactionId);
  expect(session).toMatchObject({ freeService: true, idTag: 'LIBRE1' });
  await charger.stop(transactionId, { meterStop: 4_000 });
  await until('it free', async () => (await server.get(MERCHANT, '/fleet/PON-1')).text.includes('f-remote-start-1'));
  // A badge that is named goes before, and without a free-service badge one must be named.
  await start('PON-1', '04A2B3C4');
  expect((await charger.nextCall()).payload).toMatchObject({ idTag: '04A2B3C4' });
  const other = await dial('PON-2');
  expect((await start('PON-2', '')).status).toBe(422);
  expect(other.callsWaiting).toBe(0);
  await other.close();
  await charger.close();
});

test('PRC-20: the statuses of the chargers that roam are sent to Girève, and stand in the journal under its name', async () => {
  const charger = await dial('PON-1');
  const page = await server.get(MERCHANT, '/roaming');
  expect(await faultsOfHtml(page.text)).toEqual([]);
  expect(oneLine(page.text)).toContain('1 station concernée');
  const sent = await server.post(MERCHANT, '/roaming/gireve');
  expect(sent.location).toBe('/roaming?sent=1');
  expect((await server.get(MERCHANT, sent.location ?? '')).text).toContain('Les statuts de 1 borne attendent');
  const { headers, body } = await until('what was sent', () => received[0]);
  expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer of-the-partner' });
  expect(headers['idempotency-key']).toMatch(/^gireve\/PON-1\//);
  expect(JSON.parse(body)).toMatchObject({
    type: 'charger-statuses',
    version: 1,
    operator: 'FR*PON',
    station: { localId: 'pon-1', name: 'Quai Nord', id: expect.stringMatching(/^FRPONP[\dA-F]{12}$/) as string },
    charger: { id: 'PON-1', state: 'free' },
    connectors: [
      { connectorId: 1, evse: expect.stringMatching(/^FRPONE[\dA-F]{12}1$/) as string, status: 'available' },
    ],
  });
  const journal = '/fleet/PON-1/events?type=gireve';
  const lines = await until('the lines', async () => {
    const { text } = await server.get(MERCHANT, journal);
    return text.includes('Statuts envoyés à Girève') && text;
  });
  expect(lines).toContain('Envoi des statuts à Girève demandé');
  expect(lines).toContain('charger-statuses');
  expect((await server.get(MERCHANT, '/outbox?channel=gireve')).text).toContain('Quai Nord');
  await charger.close();
});

test('PRC-20: one station is sent by itself, by those who find it; ADVENIR alone sends nothing', async () => {
  const form = await server.get(MERCHANT, '/stations/pon-1');
  expect(form.text).toContain('action="/stations/pon-1/statuses/gireve"');
  expect((await server.get(MERCHANT, '/stations/pon-2')).text).not.toContain('/statuses/');
  expect((await server.post(MERCHANT, '/stations/pon-2/statuses/gireve')).location).toContain('statuses=0');
  expect((await server.post(MERCHANT, '/stations/con-1/statuses/gireve')).status).toBe(404);
  expect((await server.post(MERCHANT, '/stations/pon-1/statuses/nobody')).status).toBe(404);
  const before = received.length;
  expect((await server.post(NEIGHBOUR, '/stations/con-1/statuses/gireve')).location).toContain('statuses=1');
  const { body } = await until('what was sent', () => received[before]);
  // Never heard: what it does is not known, and a company without an id of its own has none for its points.
  expect(JSON.parse(body)).toMatchObject({ operator: null, charger: { id: 'CON-1', state: 'offline' } });
});

test('PRC-20, SOC-07: without an address for EASYCONNECT its statuses wait in the outbox, those of companies that have its key', async () => {
  await changed('pon-1', { easyconnectCustomers: true });
  await changed('con-1', { easyconnectCustomers: true });
  expect((await server.post(MERCHANT, '/stations/pon-1/statuses/easyconnect')).location).toContain('statuses=0');
  await formOf(MERCHANT, '/companies/ponant-company-1').then((form) =>
    saved(MERCHANT, '/companies/ponant-company-1', { ...form, easyconnectKey: 'K-7' }),
  );
  expect((await server.post(MERCHANT, '/roaming/easyconnect')).location).toBe('/roaming?sent=1');
  const { text } = await server.get(MERCHANT, '/outbox?channel=easyconnect&state=waiting');
  expect(text).toContain('PON-1 — Quai Nord');
  expect(text).toContain('VIGIE_EASYCONNECT_URL');
});

test('PRC-20: what already waits to tell the same is not queued again; a status that changed is', async () => {
  const { post } = server.vigie.storage;
  const waiting = async () =>
    (await post.list({ state: 'waiting', channel: 'easyconnect', search: '', offset: 0, limit: 1 })).found;
  const one = () => server.post(MERCHANT, '/stations/pon-1/statuses/easyconnect');
  expect((await one()).location).toContain('statuses=1');
  const before = await waiting();
  expect((await one()).location).toContain('statuses=1');
  expect((await server.post(MERCHANT, '/roaming/easyconnect')).location).toBe('/roaming?sent=1');
  expect(await waiting()).toBe(before);
  const charger = await dial('PON-1');
  await charger.status(1, 'Faulted');
  await until('a report of the fault', async () => (await one(), (await waiting()) > before));
  expect(await waiting()).toBe(before + 1);
  await charger.close();
});

test('PRC-20: of many chargers the statuses are queued a bite at a time, once for all who ask meanwhile, and others are served', async () => {
  const { office, post } = server.vigie.storage;
  const pattern = await office.find(ENTITIES.station, 'pon-1', [{}]);
  if (pattern === null) throw new Error('there is no station');
  const many = Array.from({ length: 400 }, (_, n) => {
    const values = { ...pattern.values, name: `Foule ${n}`, identity: `FOULE-${n}` };
    return { ...pattern, id: `foule-${n}`, version: 1, values };
  });
  await office.write(many.map((record) => ({ type: 'put', entity: ENTITIES.station, record })));
  const waiting = async () =>
    (await post.list({ state: 'waiting', channel: 'easyconnect', search: 'Foule', offset: 0, limit: 1 })).found;
  const presses = await Promise.all([1, 2, 3].map(() => server.post(MERCHANT, '/roaming/easyconnect')));
  expect(presses.map(({ location }) => location)).toEqual(Array(3).fill('/roaming?sending=401'));
  expect((await server.get(MERCHANT, '/roaming?sending=401')).text).toContain('401 stations est en cours');
  await until('all of them', async () => (await waiting()) === many.length);
  await server.post(MERCHANT, '/stations/foule-399/statuses/easyconnect');
  expect(await waiting()).toBe(many.length);
});

const hourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();

/** A customer of the merchant with a card and a telephone. */
async function anAnne(): Promise<void> {
  const values = {
    company: 'ponant-company-1',
    name: 'Anne Le Guen',
    language: 'fr',
    mobile: '0612345678',
    badge1Value: 'CAFE01',
    badge2Kind: 'sms',
    badge2Value: '0612345678',
    terms: true,
  };
  const born = { version: 1, inactive: false, custom: {}, createdAtMs: 1, changedAtMs: 1, changedBy: MERCHANT };
  const record = { ...born, id: 'anne', subscriberId: 'ponant', values };
  await server.vigie.storage.office.write([{ type: 'put', entity: ENTITIES.customer, record }]);
}

test('SOC-10, STA-14: who makes himself known by SMS is accepted where the station takes SMS and its merchant has the option', async () => {
  await anAnne();
  const charger = await dial('PON-1');
  const verdict = async () => {
    const { idTagInfo } = await charger.call('Authorize', { idTag: '+33612345678' });
    return (idTagInfo as { status: string }).status;
  };
  expect(await verdict()).toBe('Invalid');
  await changed('pon-1', { smsIdentification: true });
  expect(await verdict()).toBe('Accepted');
  await changed('con-1', { smsIdentification: true });
  const theirs = await dial('CON-1');
  expect(await theirs.call('Authorize', { idTag: '+33612345678' })).toMatchObject({ idTagInfo: { status: 'Invalid' } });
  await theirs.close();
  await charger.close();
});

test('SOC-10: an SMS to the server that names a charger starts it for whoever may charge there, once, and is answered', async () => {
  const charger = await dial('PON-1');
  const starts: unknown[] = [];
  const tell = async (From: string, Body: string, MessageSid: string, secret = SECRET) => {
    const body = new URLSearchParams({ From, Body, MessageSid });
    return (await fetch(`${server.url}/incoming-sms/${secret}`, { method: 'POST', body })).status;
  };
  const answered = (what: string) => texts.filter(([, text]) => text.includes(what)).map(([to]) => to);
  expect(await tell('33612345678', ' pon-1 1 ', 'sm-1')).toBe(204);
  starts.push(await heard(charger, 'RemoteStartTransaction'));
  expect(await tell('33612345678', 'pon-1 1', 'sm-1')).toBe(204);
  expect(starts).toEqual([{ connectorId: 1, idTag: '+33612345678' }]);
  expect(await tell('+44 7700 900123', 'PON-1', 'sm-2')).toBe(204);
  await until('both answers', () => answered('identification reçue').length + answered('may not charge').length === 2);
  expect([...answered('identification reçue'), ...answered('may not charge')]).toEqual([
    '+33612345678',
    '+447700900123',
  ]);
  // Nobody is told, and nobody pays, where the station takes no SMS, or where there is no such charger.
  for (const text of ['CON-1', 'BORNE-X', 'bonjour, je suis devant la borne'])
    expect(await tell('33612345678', text, text)).toBe(204);
  expect(await tell('PUB', 'PON-1', 'sm-3')).toBe(422);
  expect(await tell('33612345678', 'PON-1', 'sm-4', 'another-secret-of-somebody')).toBe(404);
  expect(charger.callsWaiting).toBe(0);
  const journal = await server.get(MERCHANT, '/fleet/PON-1/events?type=sms');
  expect(journal.text).toContain('Identification par SMS reçue');
  await charger.close();
});

test('CLI-08, SOC-10, STA-14: a customer is told by SMS that his charge is over, once, where his station sends SMS', async () => {
  const charger = await dial('PON-1');
  await changed('pon-1', { smsToAccountCustomers: true });
  const { transactionId } = await charger.start({ idTag: 'CAFE01', meterStart: 9_000, timestamp: hourAgo() });
  await charger.stop(transactionId, { meterStop: 13_200 });
  const his = () => texts.filter(([, text]) => text.startsWith('Quai Nord : charge terminée, 4,2 kWh'));
  const [[to] = []] = await until('the SMS', () => his().length > 0 && his());
  expect(to).toBe('+33612345678');
  await charger.stop(transactionId, { meterStop: 13_200 });
  // PRC-07: in the journal of the charger, whose station it was.
  await until('a line of the journal', async () =>
    (await server.get(MERCHANT, '/fleet/PON-1/events?type=sms')).text.includes(`charge-ended/PON-1/${transactionId}`),
  );
  expect(his()).toHaveLength(1);
  await charger.close();
});

test('STA-26: with « ADVENIR » Girève is told of each recharge of the station once it is over', async () => {
  const charger = await dial('PON-2');
  const { transactionId } = await charger.start({ idTag: 'CAFE01', meterStart: 1_000, timestamp: hourAgo() });
  await charger.stop(transactionId, { meterStop: 3_500 });
  const { headers, body } = await until('the recharge', () =>
    received.find((one) => one.body.includes('charge-detail')),
  );
  expect(headers['idempotency-key']).toBe(`gireve-charge/PON-2/${transactionId}`);
  expect(JSON.parse(body)).toMatchObject({ charge: { id: String(transactionId), energyWh: 2_500 } });
  await charger.close();
});

test('SOC-08: a charger of OCPP gets the message of its company by the key of its display, which a person knows', async () => {
  const path = '/companies/ponant-company-1';
  await saved(MERCHANT, path, { ...(await formOf(MERCHANT, path)), chargerMessage: 'Bienvenue\nà Brest' });
  const charger = await dial('PON-1');
  const forced = { key: 'WelcomeText', value: '{message}', force: 'on' };
  expect((await server.post(MERCHANT, '/fleet/PON-1/keys', forced)).status).toBe(303);
  const told = await heard(charger, 'ChangeConfiguration');
  expect(told).toEqual({ key: 'WelcomeText', value: 'Bienvenue à Brest' });
  await charger.close();
});

test('PRC-20, STA-26: from the moment at which its box is checked, Girève hears of changes of state by itself, of several in a moment once', async () => {
  const told = () => received.flatMap(({ body }) => (/statuses.*"PON-2"/.test(body) ? [statusesOf(body)] : []));
  const statusesOf = (body: string) =>
    (JSON.parse(body) as { connectors: { status: string }[] }).connectors.map(({ status }) => status).join();
  const form = await formOf(MERCHANT, '/stations/pon-2');
  await saved(MERCHANT, '/stations/pon-2', { ...form, gireveCustomers: 'on' });
  const charger = await dial('PON-2');
  for (const status of ['Preparing', 'Charging', 'Faulted']) await charger.status(1, status);
  await until('its state', () => told().length > 0, 15_000);
  expect(told()).toEqual(['out-of-service']);
  await charger.close();
}, 30_000);
