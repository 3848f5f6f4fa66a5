import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { knock } from '../fixtures/charger.ts';
import { officeForms, PLACE } from '../fixtures/office-forms.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const MAINTAINER = 'mainteneur';
const INTEGRATOR = 'integrateur';
const { made, formOf, pointsOn } = officeForms(() => server);

/** Waits until the fleet shows so many connectors of a charger. */
function shows(chargePointId: string, connectors: number): Promise<unknown> {
  return until(`${connectors} connectors of ${chargePointId}`, async () => {
    const view = await server.vigie.chargers.supervision.directory
      .fleet(platformViewer('test'))
      .ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo }));
    return view?.connectors.length === connectors;
  });
}

/** Point, socket, type, speed and connectorId of each row. */
async function outletsOn(by: string, path: string): Promise<readonly (readonly string[])[]> {
  return (await pointsOn(by, path)).map((row) => row.slice(0, 5));
}

describe('the points of a charger', () => {
  test('STA-24, MOD-03: as many as are typed are made when the charger is, and each is then described', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Deux points', identity: 'DEUX-1', evses: '2' });
    expect(await outletsOn(MERCHANT, path)).toEqual([
      ['Point 1', 'Prise 1', 'Type 2', 'Normale', '1'],
      ['Point 2', 'Prise 1', 'Type 2', 'Normale', '2'],
    ]);
    const point = await formOf(MERCHANT, `${path}/evses/2`);
    const described = {
      ...point,
      connectorId: '',
      currentMinMa: '13,2',
      currentMaxMa: '32',
      supply: 'three-phase',
      phase: '2',
      scanOrder: '4',
      outlet1ConnectorId: '2',
      outlet1Speed: 'fast',
      outlet6Type: 'domestic',
      outlet6Inactive: '1',
      outlet6ConnectorId: '3',
    };
    const answer = await server.post(MERCHANT, `${path}/evses/2`, described);
    expect(answer.location).toBe(`${path}/evses/2?saved`);
    expect(await formOf(MERCHANT, `${path}/evses/2`)).toMatchObject({ ...described, version: '2' });
    expect(await pointsOn(MERCHANT, path)).toEqual([
      ['Point 1', 'Prise 1', 'Type 2', 'Normale', '1', '', '', 'Triphasé', ''],
      ['Point 2', 'Prise 1', 'Type 2', 'Rapide', '2', '13,2 A', '32 A', 'Triphasé', '2'],
      ['Point 2 Inactif', 'Prise 6', 'Domestique EU', '', '3', '13,2 A', '32 A', 'Triphasé', '2'],
    ]);
  });

  test('STA-21, STA-24: a station without charger has none, and gets them when the maintainer installs it', async () => {
    const company = { company: 'ponant-company-1' };
    const path = await made(MERCHANT, '/stations', { ...PLACE, ...company, name: 'À équiper' });
    expect(await pointsOn(MERCHANT, path)).toEqual([]);
    const form = await formOf(MAINTAINER, path);
    expect(form).not.toHaveProperty('address');
    const nothing = await server.post(MAINTAINER, path, { ...form, identity: 'EQUIPEE-1', evses: '' });
    expect(nothing.status).toBe(422);
    expect(nothing.text).toContain('id="e-evses"');
    expect((await server.post(MAINTAINER, path, { ...form, identity: 'EQUIPEE-1', evses: '3' })).status).toBe(303);
    expect(await pointsOn(MAINTAINER, path)).toHaveLength(3);
    await shows('EQUIPEE-1', 3);
  });

  test('a smaller number of points drops those on the right, a larger one adds to them, and the rest stay', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Rétrécie', identity: 'RETRECIE-1', evses: '3' });
    const first = await formOf(MERCHANT, `${path}/evses/1`);
    await made(MERCHANT, `${path}/evses/1`, { ...first, phase: '3' });
    const resized = async (evses: string) => made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), evses });
    await resized('1');
    expect((await server.get(MERCHANT, `${path}/evses/2`)).status).toBe(404);
    await shows('RETRECIE-1', 1);
    await resized('2');
    expect((await formOf(MERCHANT, `${path}/evses/1`))['phase']).toBe('3');
    expect(await pointsOn(MERCHANT, path)).toHaveLength(2);
  });

  test('MOD-06: an inactive point is as though it were not there, for the fleet too', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Repos', identity: 'REPOS-1', evses: '2' });
    await shows('REPOS-1', 2);
    await made(MERCHANT, `${path}/evses/2`, { ...(await formOf(MERCHANT, `${path}/evses/2`)), inactive: '1' });
    await shows('REPOS-1', 1);
    expect((await server.get(MERCHANT, `${path}/evses/2`)).text).toMatch(/name="inactive"\s+value="1"\s+checked/);
  });

  test('OCP-06: a connectorId that another point has is refused beside the field, in a sentence', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Partage', identity: 'PARTAGE-1', evses: '2' });
    const form = await formOf(MERCHANT, `${path}/evses/2`);
    const refused = await server.post(MERCHANT, `${path}/evses/2`, { ...form, connectorId: '1' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('Le point de charge 1 a déjà ce connectorId');
    expect(refused.text).toMatch(/id="f-connectorId"[\s\S]*?value="1"/);
    const both = await server.post(MERCHANT, `${path}/evses/2`, { ...form, outlet1ConnectorId: '5' });
    expect(both.text).toContain('id="e-outlet1ConnectorId"');
    const nowhere = { ...form, connectorId: '', outlet4ConnectorId: '5', outlet4Type: '' };
    expect((await server.post(MERCHANT, `${path}/evses/2`, nowhere)).text).toContain(
      'Choisissez le type de cette prise',
    );
  });

  test('STA-20: they are found by who maintains the station, next door by nobody, and no list or deletion is theirs', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Gardée', identity: 'GARDEE-1', evses: '1' });
    expect((await server.get(MAINTAINER, `${path}/evses/1`)).status).toBe(200);
    for (const user of [NEIGHBOUR, INTEGRATOR]) {
      expect((await server.get(user, `${path}/evses/1`)).status).toBe(404);
      expect((await server.post(user, `${path}/evses/1`, { version: '1', connectorId: '9' })).status).toBe(404);
    }
    for (const lost of [`${path}/evses/2`, `${path}/evses`, `${path}/evses/new`, `${path}/evses.csv`])
      expect((await server.get(MERCHANT, lost)).status, lost).toBe(404);
    expect((await server.post(MERCHANT, `${path}/evses/delete`, { id: 'x', confirmed: '1' })).status).toBe(404);
  });
});

describe('a model of an integrator', () => {
  test('INT-02, STA-23: describes points and sockets, and a new charger of it is described so, but no later one', async () => {
    const model = await made(INTEGRATOR, '/models', {
      version: '0',
      manufacturer: 'Volterre',
      make: 'Volterre',
      name: 'Trident',
      evses: '2',
      permanentPowerW: '24',
    });
    const point = await formOf(INTEGRATOR, `${model}/evses/2`);
    await made(INTEGRATOR, `${model}/evses/2`, {
      ...point,
      connectorId: '',
      outlet1Type: 'chademo',
      outlet1Speed: 'fast',
      outlet1ConnectorId: '4',
      outlet2Type: 'combo-2',
      outlet2ConnectorId: '5',
    });
    const id = model.split('/').at(-1) ?? '';
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Trident', evses: '1' });
    expect((await server.get(MAINTAINER, path)).text).toContain('Volterre – Trident');
    const form = await formOf(MAINTAINER, path);
    await made(MAINTAINER, path, { ...form, identity: 'TRIDENT-1', integratorModel: id, manufacturer: 'Autre' });
    expect(await formOf(MAINTAINER, path)).toMatchObject({
      manufacturer: 'Volterre',
      model: 'Trident',
      evses: '2',
      permanentPowerW: '24',
    });
    const described = [
      ['Point 1', 'Prise 1', 'Type 2', 'Normale', '1'],
      ['Point 2', 'Prise 1', 'CHAdeMO', 'Rapide', '4'],
      ['Point 2', 'Prise 2', 'Combo2', '', '5'],
    ];
    expect(await outletsOn(MAINTAINER, path)).toEqual(described);

    // Changing or deleting it leaves the charger alone (INT-01).
    await made(INTEGRATOR, `${model}/evses/1`, {
      ...(await formOf(INTEGRATOR, `${model}/evses/1`)),
      outlet1Type: 'type-3',
    });
    const other = await made(INTEGRATOR, '/models', {
      version: '0',
      manufacturer: 'Volterre',
      make: 'Volterre',
      name: 'Autre',
      evses: '4',
    });
    const again = await formOf(MAINTAINER, path);
    expect(again).not.toHaveProperty('integratorModel');
    await made(MAINTAINER, path, { ...again, integratorModel: other.split('/').at(-1) ?? '', serialNumber: 'SN-1' });
    expect(await outletsOn(MAINTAINER, path)).toEqual(described);
    expect((await server.post(INTEGRATOR, '/models/delete', { id, confirmed: '1' })).status).toBe(303);
    expect(await outletsOn(MAINTAINER, path)).toEqual(described);
    expect((await server.get(MAINTAINER, path)).text).toMatch(/<output>Trident<\/output>/);
  });

  test('MOD-06: an inactive model is offered no more', async () => {
    const values = { version: '0', manufacturer: 'Volterre', make: 'Volterre', name: 'Retirée', evses: '1' };
    await made(INTEGRATOR, '/models', { ...values, inactive: '1' });
    expect((await server.get(MERCHANT, '/stations/new')).text).not.toContain('Retirée');
  });
});

test('MOD-03: a vehicle at one socket of a point leaves none free at its other ones, and the page says which', async () => {
  const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Deux prises', identity: 'PRISES-1', evses: '1' });
  const point = await formOf(MERCHANT, `${path}/evses/1`);
  const sockets = { connectorId: '', outlet1ConnectorId: '1', outlet2Type: 'combo-2', outlet2ConnectorId: '2' };
  expect((await server.post(MERCHANT, `${path}/evses/1`, { ...point, ...sockets })).status).toBe(303);
  await shows('PRISES-1', 2);
  const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/PRISES-1`);
  if (!dialled.ok) throw new Error('the charger was refused');
  const { charger } = dialled;
  await charger.boot();
  const card = async () => {
    const { text } = await server.get(MERCHANT, '/fleet/PRISES-1');
    return /id="connector-2"[\s\S]*?<\/article>/.exec(text)?.[0] ?? '';
  };
  await charger.status(1, 'Available');
  await charger.status(2, 'Available');
  await until('both to be free', async () => (await card()).includes('Disponible'));
  await charger.status(1, 'Charging');
  await until('its point to be taken', async () => (await card()).includes('Point pris par le connecteur 1'));
  expect(await card()).toContain('Un véhicule charge déjà à ce point, sur le connecteur 1.');
  expect((await server.get(MERCHANT, '/fleet?q=PRISES-1')).text).toContain('Occupée');
  await charger.close();
});

describe('STA-25: the points beside what the charger tells', () => {
  /** A charger that speaks of these connectors and says how many it has. */
  async function speaks(identity: string, connectorIds: readonly number[], counted: string): Promise<void> {
    const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
    if (!dialled.ok) throw new Error('the charger was refused');
    const { charger } = dialled;
    await charger.boot();
    for (const connectorId of connectorIds)
      await charger.call('StatusNotification', { connectorId, status: 'Available', errorCode: 'NoError' });
    // It is asked for other keys of its own: those that are forced.
    const answers = (async () => {
      for (;;) {
        const { id, action } = await charger.nextCall();
        const key = { key: 'NumberOfConnectors', readonly: true, value: counted };
        charger.reply(id, action === 'GetConfiguration' ? { configurationKey: [key] } : { status: 'Accepted' });
        if (action === 'GetConfiguration') return;
      }
    })();
    const page = `/fleet/${identity}`;
    await until('it on the fleet', async () => (await server.get(MAINTAINER, page)).status === 200);
    const asked = await server.post(MAINTAINER, `${page}/commands/get-configuration`, {});
    expect(asked.status, asked.text).toBe(303);
    await answers;
    await until('its keys', async () => (await server.get(MAINTAINER, page)).text.includes('>NumberOfConnectors<'));
    await charger.close();
  }

  test('what differs is said on both pages, and saved as it was shown, when somebody asks for it', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Trois', identity: 'TROIS-1', evses: '3' });
    await speaks('TROIS-1', [1, 2], '2');
    for (const page of [path, '/fleet/TROIS-1']) {
      const { text } = await server.get(MERCHANT, page);
      expect(text, page).toContain('elle dit avoir 2 connecteurs (NumberOfConnectors), sans connecteur 3');
    }
    const proposal = await server.get(MERCHANT, `${path}/points-told`);
    expect(proposal.text).toContain('Point 3\u00a0: inactif, sa description est conservée');
    expect(await pointsOn(MERCHANT, path)).toHaveLength(3);
    const { seen = '' } = await formOf(MERCHANT, `${path}/points-told`);
    const stale = await server.post(MERCHANT, `${path}/points-told`, { seen: '[]' });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('ont changé entre-temps');
    const decoded = seen.replaceAll('&quot;', '"');
    const saved = await server.post(MERCHANT, `${path}/points-told`, { seen: decoded });
    expect(saved.location).toBe(`${path}?points#points`);
    const after = await server.get(MERCHANT, path);
    expect(after.text).toContain('Comme la borne les dit\u00a0: connecteurs 1 et 2.');
    expect((await pointsOn(MERCHANT, path)).map(([point]) => point)).toEqual(['Point 1', 'Point 2', 'Point 3 Inactif']);
    await shows('TROIS-1', 2);
    // STA-06: what it told stands in the tab « Clé de configuration », with the way to where it is changed.
    const [, keys = ''] = /id="keys">([\s\S]*?)<\/details>/.exec(after.text) ?? [];
    expect(keys).toContain('Clé de configuration');
    expect(keys).toContain('<code>NumberOfConnectors</code>');
    expect(keys).toContain('href="/fleet/TROIS-1#configuration"');
  });

  test('a point more is added with its number on the form, and neighbours find nothing of it', async () => {
    const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Un', identity: 'UN-1', evses: '1' });
    await speaks('UN-1', [1, 2], '2');
    expect((await server.get(NEIGHBOUR, `${path}/points-told`)).status).toBe(404);
    const { seen = '' } = await formOf(MAINTAINER, `${path}/points-told`);
    const decoded = seen.replaceAll('&quot;', '"');
    expect((await server.post(NEIGHBOUR, `${path}/points-told`, { seen: decoded })).status).toBe(404);
    expect((await server.post(MAINTAINER, `${path}/points-told`, { seen: decoded })).status).toBe(303);
    expect(await formOf(MERCHANT, path)).toMatchObject({ evses: '2' });
    expect(await outletsOn(MERCHANT, path)).toHaveLength(2);
  });
});
