import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { knock } from '../fixtures/charger.ts';
import { deskOver, MERCHANT, NEIGHBOUR, STATION } from '../fixtures/office-desk.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const { newStation } = deskOver(() => server);

describe('next door', () => {
  test('what is not his is not there, to see, to change, to delete or to export', async () => {
    for (const path of [
      '/stations/con-1',
      '/companies/concarneau-company-1',
      '/fleet/CON-1',
      '/users/concarneau-administrator',
    ]) {
      expect((await server.get(MERCHANT, path)).status, path).toBe(404);
    }
    expect((await server.post(MERCHANT, '/stations/con-1', { ...STATION, version: '1' })).status).toBe(404);
    expect((await server.post(MERCHANT, '/stations/delete', { id: 'con-1', confirmed: '1' })).status).toBe(404);
    expect((await server.get(MERCHANT, '/stations')).text).not.toContain('Ville close');
    expect((await server.get(MERCHANT, '/stations.csv')).text).not.toContain('Ville close');
    expect((await server.get(NEIGHBOUR, '/stations/con-1')).status).toBe(200);
  });

  test('a station cannot be moved to a company next door', async () => {
    const answer = await server.post(MERCHANT, '/stations', {
      ...STATION,
      name: 'Fuite',
      company: 'concarneau-company-1',
    });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('n’est pas à vous');
  });

  test('the fleet page shows and counts only what is his', async () => {
    const { text } = await server.get(NEIGHBOUR, '/fleet');
    expect(text).toContain('Ville close');
    expect(text).not.toContain('Quai Nord');
    expect(text).toMatch(/id="n-total">1</);
  });

  test('a command to a charger next door is refused as to one that does not exist', async () => {
    expect((await server.post(NEIGHBOUR, '/fleet/PON-1/commands/clear-cache')).status).toBe(404);
  });
});

describe('a charger', () => {
  test('OCP-05, STA-21: a station without charger gets one by its identity, is let in at once, and out when it is deleted', async () => {
    const identity = 'NEUVE-1';
    const dial = () => knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
    const path = await newStation('Avec borne');
    expect(await dial()).toEqual({ ok: false, status: 404 });
    const saved = await server.post(MERCHANT, path, {
      ...STATION,
      name: 'Avec borne',
      version: '1',
      identity,
      evses: '2',
    });
    expect(saved.status).toBe(303);
    const dialled = await dial();
    if (!dialled.ok) throw new Error('the charger was refused');
    await dialled.charger.boot();
    await until('it on the fleet page', async () => (await server.get(MERCHANT, '/fleet')).text.includes(identity));
    const id = path.split('/').at(-1) ?? '';
    expect((await server.post(MERCHANT, '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    expect((await dialled.charger.closed).code).toBe(4002);
    expect(await dial()).toEqual({ ok: false, status: 404 });
    await until('it gone', async () => !(await server.get(MERCHANT, '/fleet')).text.includes(identity));
  });

  test('a charger keeps its link and its state when its station is renamed, and dials again when its identity is', async () => {
    const dial = async (identity: string) => {
      const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
      if (!dialled.ok) throw new Error('the charger was refused');
      await dialled.charger.boot();
      return dialled.charger;
    };
    const view = (chargePointId: string) =>
      server.vigie.chargers.supervision.directory
        .fleet(platformViewer('test'))
        .ask<ChargePointView | null>((replyTo) => ({ type: 'find', chargePointId, replyTo }));
    const path = await newStation('Avant', { identity: 'LETTRES-1' });
    const charger = await dial('LETTRES-1');
    const before = await until('its link', async () => {
      const found = await view('LETTRES-1');
      return found?.linked === true && found;
    });
    const renamed = { ...STATION, version: '1', name: 'Après', identity: 'LETTRES-1' };
    expect((await server.post(MERCHANT, path, renamed)).status).toBe(303);
    const after = await until('its new name', async () => {
      const found = await view('LETTRES-1');
      return found?.stationName === 'Après' && found;
    });
    expect(after).toMatchObject({ linked: true, declaredRevision: before.declaredRevision });
    expect(after.stateSinceMs).toBe(before.stateSinceMs);
    const respelled = { ...renamed, version: '2', identity: 'lettres-1' };
    expect((await server.post(MERCHANT, path, respelled)).status).toBe(303);
    expect((await charger.closed).code).toBe(4002);
    await dial('LETTRES-1');
    await until('its link by the new letters', async () => (await view('lettres-1'))?.linked);
    expect(await view('LETTRES-1')).toBeNull();
  });

  test('an identity is one charger’s on the whole server', async () => {
    const answer = await server.post(MERCHANT, '/stations', { ...STATION, name: 'Usurpée', identity: 'con-1' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Cette valeur est déjà prise.');
  });
});
