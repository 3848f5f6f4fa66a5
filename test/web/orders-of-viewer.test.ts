import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock, type Charger } from '../fixtures/charger.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

/** The maintainer has the two stations of the larger merchant; the neighbour has his own alone. */
const MAINTAINER = 'mainteneur';
const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';

let server: OfficeServer;
const forms = officeForms(() => server);
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

async function booted(identity: string): Promise<Charger> {
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
  if (!dialled.ok) throw new Error(`${identity} was refused`);
  await dialled.charger.boot();
  return dialled.charger;
}

test('a command to many goes to the chargers that its sender finds, and each reader sees the rows that are his', async () => {
  const chargers = new Map<string, Charger>();
  for (const identity of ['PON-1', 'PON-2', 'CON-1']) chargers.set(identity, await booted(identity));
  const fields = { id: ['PON-1', 'PON-2', 'CON-1'], type: 'Soft', confirm: 'on' };
  const sent = await server.post(MAINTAINER, '/commands/reset', fields);
  expect(sent.status).toBe(303);
  const path = sent.location ?? '';
  for (const identity of ['PON-1', 'PON-2']) {
    const { id, action, payload } = (await chargers.get(identity)?.nextCall()) ?? {};
    expect([action, payload]).toEqual(['Reset', { type: 'Soft' }]);
    chargers.get(identity)?.reply(id ?? '', { status: identity === 'PON-1' ? 'Accepted' : 'Rejected' });
  }
  const text = await until('both outcomes', async () => {
    const page = (await server.get(MAINTAINER, path)).text;
    return page.includes('2 sur 2 terminées') && page;
  });
  expect(text).toContain('1 réussie');
  expect(text).toContain('la borne a refusé');
  expect(text).not.toContain('CON-1');
  expect(chargers.get('CON-1')?.callsWaiting).toBe(0);
  expect((await server.get(MERCHANT, path)).text).toContain('PON-2');
  expect((await server.get(NEIGHBOUR, path)).status).toBe(404);
  expect((await server.get(NEIGHBOUR, `${path}/live`)).status).toBe(404);
});

test('OCP-20: a value that was forced stays with the station when its charger gets another identity', async () => {
  expect((await server.post(MAINTAINER, '/fleet/PON-1/keys', { key: 'Delay', value: '3', force: 'on' })).status).toBe(
    303,
  );
  expect((await server.post(NEIGHBOUR, '/fleet/PON-1/keys', { key: 'Delay', value: '9', force: 'on' })).status).toBe(
    404,
  );
  expect((await server.get(MAINTAINER, '/fleet/PON-1')).text).toContain('forcée par mainteneur');
  const form = await forms.formOf(MAINTAINER, '/stations/pon-1');
  expect((await server.post(MAINTAINER, '/stations/pon-1', { ...form, identity: 'PON-9' })).status).toBe(303);
  const text = await until('its page', async () => {
    const page = await server.get(MAINTAINER, '/fleet/PON-9');
    return page.status === 200 && page.text;
  });
  expect(text).toContain('forcée par mainteneur');
});

test('OCP-12: a charger of make MADIC industries is told the power of its station', async () => {
  const path = '/stations/pon-2';
  const form = await forms.formOf(MAINTAINER, path);
  expect(form['permanentPowerW']).toBe('22');
  expect((await server.post(MAINTAINER, path, { ...form, make: 'MADIC industries' })).status).toBe(303);
  const row = await until('its power', async () => {
    const { text } = await server.get(MAINTAINER, '/fleet/PON-2');
    return />PDL_Power<\/a>[\s\S]*?<\/div>/.exec(text)?.[0];
  });
  expect(row).toContain('d’après la fiche de la station');
  expect(row).toMatch(/<dd>\s*22\s/);
});
