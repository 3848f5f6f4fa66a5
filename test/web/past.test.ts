import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';

/** The journal's own time of the latest event of a name. */
async function momentOf(name: string): Promise<number> {
  const levels = ['debug', 'info', 'problem', 'critical'] as const;
  return until(`an event ${name}`, async () => {
    const events = await server.vigie.storage.reader.events({ chargePointId: 'PON-1', levels, limit: 50 });
    return events.find((event) => event.name === name)?.atMs;
  });
}

test('the page of a charger at a chosen second shows what its journal told by then, and the way to the next event', async () => {
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PON-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  const { charger } = dialled;
  await charger.boot();
  await charger.call('StatusNotification', { connectorId: 1, status: 'Faulted', errorCode: 'GroundFailure' });
  const faultedMs = await momentOf('StatusNotification');
  // The next second is another moment.
  await until('the next second', () => Math.floor(Date.now() / 1_000) > Math.floor(faultedMs / 1_000));
  await charger.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' });
  await charger.close();
  await momentOf('link-down');

  const then = await server.get(MERCHANT, `/fleet/PON-1?at=${faultedMs}`);
  expect(then.status).toBe(200);
  expect(then.text).toMatch(/class="badge st-fault"[\s\S]*?En défaut/);
  expect(then.text).toContain('Liaison ouverte depuis le');
  const next = /href="([^"]*)"[^>]*>[^<]*(?:<[^>]*>)*[^<]*Événement suivant/.exec(then.text)?.[1] ?? '';
  expect(next).toMatch(/^\/fleet\/PON-1\?at=\d+$/);
  const later = await server.get(MERCHANT, next);
  expect(later.text).not.toMatch(/class="badge st-fault"/);
  expect(later.text).toContain('Événement précédent');

  const before = await server.get(MERCHANT, '/fleet/PON-1?at=2020-01-01T00:00:00');
  expect(before.text).toContain('Liaison\u00a0: inconnue');
  expect(before.text).toContain('Le journal n’est gardé que 731 jours');
  const future = await server.get(MERCHANT, '/fleet/PON-1?at=2100-01-01T00:00:00');
  expect(future.text).toContain('Cet instant n’est pas encore venu');
  expect(future.text).toContain('Liaison fermée depuis le');
});

test('the past of a charger is for who finds it', async () => {
  expect((await server.get(NEIGHBOUR, `/fleet/PON-1?at=${Date.now()}`)).status).toBe(404);
  expect((await server.get(OPERATOR, `/fleet/PON-1?at=${Date.now()}`)).status).toBe(200);
  expect((await server.get(OPERATOR, `/fleet/NOBODY?at=${Date.now()}`)).status).toBe(404);
});
