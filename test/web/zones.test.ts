import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { knock } from '../fixtures/charger.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
  const { office } = server.vigie.storage;
  const found = await office.find(ENTITIES.station, 'pon-1', [{}]);
  if (found === null) throw new Error('there is no such station');
  const values = { ...found.values, timeZone: 'Indian/Reunion' };
  const record = { ...found, version: found.version + 1, values };
  expect(await office.write([{ type: 'put', entity: ENTITIES.station, record }])).toBe('ok');
  for (const identity of ['PON-1', 'PON-2'])
    expect((await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`)).ok).toBe(true);
}, 30_000);
afterAll(() => server.stop());

/** The clock of an instant in a zone, to the minute. */
function clock(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('fr-FR', { timeZone, hour: '2-digit', minute: '2-digit' }).format(atMs);
}

test('field-21: the page of a charger, its stream and its export show the clocks of its station, those of others the server’s', async () => {
  const newest = async (identity: string) => {
    const query = { chargePointId: identity, levels: ['info' as const], limit: 1 };
    return (await server.vigie.storage.reader.events(query))[0]?.atMs ?? null;
  };
  const [at1, at2] = [
    await until('a line of PON-1', () => newest('PON-1')),
    await until('a line of PON-2', () => newest('PON-2')),
  ];
  for (const user of ['commercant', 'mainteneur', OPERATOR]) {
    const there = await server.get(user, '/fleet/PON-1');
    expect(there.text).toContain('<dd>Indian/Reunion</dd>');
    expect(there.text).toContain(`${clock(at1, 'Indian/Reunion')}:`);
    const here = await server.get(user, '/fleet/PON-2');
    expect(here.text).toContain('<dd>Europe/Paris</dd>');
    expect(here.text).toContain(`${clock(at2, 'Europe/Paris')}:`);
  }
  expect((await server.get('commercant', '/fleet/PON-1/events.csv')).text).toContain(clock(at1, 'Indian/Reunion'));
  const cut = new AbortController();
  const headers = { Cookie: await server.cookie('commercant'), Accept: 'text/event-stream' };
  const stream = await fetch(`${server.url}/fleet/PON-1/live`, { headers, signal: cut.signal });
  let told = '';
  const decoder = new TextDecoder();
  for await (const bytes of stream.body ?? []) {
    told += decoder.decode(bytes as Uint8Array);
    if (told.includes('cp-facts')) break;
  }
  expect(told).toContain('Indian/Reunion');
});

test('field-21: a zone tells nobody of a charger that is not his', async () => {
  const answer = await server.get('voisin', '/fleet/PON-1');
  expect(answer.status).toBe(404);
  expect(answer.text).not.toContain('Indian/Reunion');
});
