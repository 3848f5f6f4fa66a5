import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { READ_MAX } from '#src/storage/sqlite/recharges.ts';
import { deskOver } from '../fixtures/office-desk.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { aReview, aSession, storeRows } from '../storage/rows.ts';

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const MAINTAINER = 'mainteneur';
const INTEGRATOR = 'integrateur';
const HOUR_MS = 3_600_000;
/** In Paris, an hour later. */
const MORNING_MS = Date.UTC(2026, 10, 3, 8);

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
  const ended = {
    closing: 'final',
    stoppedAtMs: MORNING_MS + 2 * HOUR_MS,
    stopReason: 'Local',
    meterStopWh: 10_000,
  } as const;
  const sessions = [
    aSession({
      ...ended,
      transactionId: 101,
      chargePointId: 'PON-1',
      startedAtMs: MORNING_MS,
      energyWh: 10_000,
      idTag: '04AA01',
      driver: 'Zoé Kervella',
      chargedMs: HOUR_MS + 95_000,
    }),
    aSession({
      ...ended,
      transactionId: 102,
      chargePointId: 'PON-2',
      startedAtMs: MORNING_MS + 26 * HOUR_MS,
      stoppedAtMs: MORNING_MS + 27 * HOUR_MS,
      stopReason: 'EmergencyStop',
      energyWh: 2_400,
      idTag: '=1+1',
      freeService: true,
    }),
    aSession({ transactionId: 103, chargePointId: 'PON-1', startedAtMs: Date.now() - 60_000, idTag: '04AA02' }),
    aSession({ ...ended, transactionId: 104, chargePointId: 'CON-1', startedAtMs: MORNING_MS, idTag: '04CC01' }),
    aSession({ transactionId: 105, chargePointId: 'CON-1', startedAtMs: MORNING_MS, closing: 'provisional' }),
  ];
  await storeRows(server.vigie.storage, ...sessions.map((session) => ({ type: 'session', session }) as const));
}, 30_000);
afterAll(() => server.stop());
const { made, formOf } = officeForms(() => server);
const { newUser } = deskOver(() => server);

/** The recharges of a list, from top to bottom. */
async function shown(username: string, address: string): Promise<readonly number[]> {
  const { text, status } = await server.get(username, address);
  expect(status, address).toBe(200);
  return [...text.matchAll(/id="recharge-(\d+)"/g)].map(([, id]) => Number(id));
}

const tidy = (text: string): string => text.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ');

describe('the list', () => {
  test('REC-01, ABO-03: a merchant has it in his menu, between his stations and his users', async () => {
    const { text } = await server.get(MERCHANT, '/recharges');
    const menu = /class="office-nav"[^]*?<\/nav>/.exec(text)?.[0] ?? '';
    expect(tidy(menu)).toMatch(/Stations de charge .*Recharges Utilisateurs/);
    expect(menu).toMatch(/href="\/recharges"\s+aria-current="true"/);
    expect(await faultsOfHtml(text)).toEqual([]);
  });

  test('REC-01, USR-14: each finds the recharges of the stations that he finds, newest first', async () => {
    expect(await shown(MERCHANT, '/recharges')).toEqual([103, 102, 101]);
    expect(await shown(MAINTAINER, '/recharges')).toEqual([103, 102, 101]);
    expect(await shown(NEIGHBOUR, '/recharges')).toEqual([105, 104]);
    expect(await shown('plateforme', '/recharges')).toEqual([103, 102, 105, 104, 101]);
    for (const page of ['', '.csv', '.xlsx', '/101'])
      expect((await server.get(INTEGRATOR, `/recharges${page}`)).status, page).toBe(404);
  });

  test('REC-03, REC-05, REC-06, REC-09, REC-10, REC-12: a line says what happened where, to whom, and for how long', async () => {
    const { text } = await server.get(MERCHANT, '/recharges');
    const lines = text.split('<tr id="recharge-').map(tidy);
    const line = (id: number): string => lines.find((one) => one.startsWith(String(id))) ?? '';
    for (const part of [
      'Quai Nord',
      'Point 1',
      'Prise 1',
      'Zoé Kervella 04AA01',
      '03/11/2026 09:00:00',
      '1 h 01',
      '10,0 kWh',
      '2 h 00',
      'MODE 3',
      'arrêtée sur place',
    ])
      expect(line(101), part).toContain(part);
    expect(line(102)).toMatch(/=1\+1 libre-service .*arrêt d’urgence/);
    expect(line(103)).toContain('en cours');
  });

  test('REC-07: an abnormal end is red, and so is one of which nobody told', async () => {
    const { text } = await server.get(MERCHANT, '/recharges?state=abnormal');
    expect(text).toMatch(/badge st-fault">[^]*?arrêt d’urgence/);
    expect(await shown(MERCHANT, '/recharges?state=abnormal')).toEqual([102]);
    expect(await shown(NEIGHBOUR, '/recharges?state=abnormal')).toEqual([105]);
    expect((await server.get(MERCHANT, '/recharges/101')).text).not.toContain('st-fault');
  });

  test('REC-02: it is narrowed by period, station, company, badge, customer and state', async () => {
    expect(await shown(MERCHANT, '/recharges?from=2026-11-03&to=2026-11-03')).toEqual([101]);
    expect(await shown(MERCHANT, '/recharges?from=2026-11-04&to=2026-11-04')).toEqual([102]);
    expect(await shown(MERCHANT, '/recharges?station=QUAI+n')).toEqual([103, 101]);
    expect(await shown(MERCHANT, '/recharges?q=zoe')).toEqual([101]);
    expect(await shown(MERCHANT, '/recharges?q=aa0')).toEqual([103, 101]);
    expect(await shown(MERCHANT, '/recharges?state=running')).toEqual([103]);
    expect(await shown(MERCHANT, '/recharges?state=free-service')).toEqual([102]);
    expect(await shown(MERCHANT, '/recharges?company=ponant-company-1')).toEqual([103, 102, 101]);
    expect(await shown(MERCHANT, '/recharges?company=concarneau-company-1')).toEqual([]);
    expect(await shown(MAINTAINER, '/recharges?company=ponant-company-1')).toEqual([103, 102, 101]);
    expect(await shown(MAINTAINER, '/recharges?company=concarneau-company-1')).toEqual([]);
    const none = await server.get(MERCHANT, '/recharges?station=Nulle+part');
    expect(none.text).toContain('href="/recharges"');
    expect(await faultsOfHtml(none.text)).toEqual([]);
  });

  test('LST-03: it is sorted by its figures, both ways, and adds up what it finds', async () => {
    expect(await shown(MERCHANT, '/recharges?sort=energy')).toEqual([101, 102, 103]);
    expect(await shown(MERCHANT, '/recharges?sort=energy&order=asc')).toEqual([103, 102, 101]);
    const { text } = await server.get(MERCHANT, '/recharges');
    expect(tidy(text)).toContain(
      '3 recharges dont 1 en cours · 12,4 kWh au total · 3 h 00 de stationnement · 1 h 01 de charge',
    );
  });

  test('an address of nonsense shows the list all the same', async () => {
    const nonsense = '/recharges?page=2&after=x-1&before=-&size=7&sort=price&from=2026-13-40&state=lost&order=up';
    expect(await shown(MERCHANT, nonsense)).toEqual([]);
    expect(await shown(MERCHANT, nonsense.replace('page=2', 'page=0'))).toEqual([103, 102, 101]);
  });
});

describe('one recharge', () => {
  test('REC-03, REC-04: it has a page of its own, for those alone who find its station', async () => {
    const { text, status } = await server.get(MERCHANT, '/recharges/101');
    expect(status).toBe(200);
    for (const part of ['Quai Nord', 'Fin de stationnement 03/11/2026 11:00:00', 'Durée de charge 1 h 01'])
      expect(tidy(text)).toContain(part);
    expect(await faultsOfHtml(text)).toEqual([]);
    expect((await server.get(MAINTAINER, '/recharges/101')).status).toBe(200);
    for (const path of ['/recharges/104', '/recharges/999', '/recharges/x', '/recharges/1e3'])
      expect((await server.get(MERCHANT, path)).status, path).toBe(404);
  });
});

test('OCP-15, REC-09: of a badge that is nobody’s the kind is told, by its format or by what its station says', async () => {
  const path = '/stations/con-1';
  await made(NEIGHBOUR, path, { ...(await formOf(NEIGHBOUR, path)), tokenType: 'barcode' });
  const { text } = await server.get(NEIGHBOUR, '/recharges');
  expect(tidy(text)).toContain('04CC01 Code-barres');
  expect(tidy((await server.get(NEIGHBOUR, '/recharges/104')).text)).toContain('Type de support Code-barres');
});

describe('an export', () => {
  test('REC-11, LST-09: the file holds all that the filters find, with figures in columns of their own', async () => {
    const { text } = await server.get(MERCHANT, '/recharges.csv?to=2026-11-10');
    const [head = '', ...lines] = text.trim().split('\r\n');
    expect(head).toContain(
      'Numéro de recharge;Station de charge;Borne;Point;Prise;Badge;Type de support;Client;Début de stationnement',
    );
    const mode = 'MODE 3 (max\u00a022,0\u00a0kW)';
    expect(lines).toEqual([
      `102;Quai Sud;PON-2;1;1;'=1+1;;;2026-11-04 11:00:00;2026-11-04 12:00:00;;2400;01:00:00;${mode};arrêt d’urgence;Oui`,
      `101;Quai Nord;PON-1;1;1;04AA01;RFID;Zoé Kervella;2026-11-03 09:00:00;2026-11-03 11:00:00;01:01:35;10000;02:00:00;${mode};arrêtée sur place;Non`,
    ]);
    expect((await server.get(NEIGHBOUR, '/recharges.csv?q=zoe')).text.trim().split('\r\n')).toHaveLength(1);
    expect((await server.get(MERCHANT, '/recharges.xlsx')).text.startsWith('PK')).toBe(true);
  });
});

describe('a long list', () => {
  test('LST-05, REC-11: it goes on from page to page without being counted, and a file holds all of it', async () => {
    const count = READ_MAX + 100;
    const rows = Array.from({ length: count }, (_, index) => {
      const session = aSession({
        transactionId: 10_000 + index,
        chargePointId: 'PON-2',
        startedAtMs: MORNING_MS - 1_000_000 + index * 10,
        closing: 'final',
        stoppedAtMs: MORNING_MS,
        stopReason: 'Local',
      });
      return { type: 'session', session } as const;
    });
    await storeRows(server.vigie.storage, ...rows);
    const first = await server.get(MERCHANT, '/recharges?station=Sud&sort=energy');
    expect(tidy(first.text)).toContain('Cette liste est longue');
    expect(tidy(first.text)).toContain('Lignes 1 à 50 sur plus de 50');
    const [, next = ''] = /href="(\/recharges\?[^"]*page=2[^"]*)"/.exec(first.text) ?? [];
    const second = await server.get(MERCHANT, next.replaceAll('&amp;', '&'));
    expect(tidy(second.text)).toContain('Lignes 51 à 100 sur plus de 100');
    const before = await shown(MERCHANT, '/recharges?station=Sud');
    const after = await shown(MERCHANT, next.replaceAll('&amp;', '&'));
    expect(before.at(-1)).toBe((after[0] ?? 0) + 1);
    const lines = (await server.get(MERCHANT, '/recharges.csv?station=Sud')).text.trim().split('\r\n');
    expect(lines).toHaveLength(1 + 1 + count);
  }, 30_000);
});

describe('the recharges of a customer', () => {
  test('REC-03, USR-14, CPT-10: bear his name, are all that whoever sees him alone finds, and lose it with him', async () => {
    const fields = { version: '0', language: 'fr', terms: '1', badge1Value: '0ABC30' };
    const path = await made(MERCHANT, '/customers', { ...fields, name: 'Maël Guérin' });
    const id = path.split('/').at(-1) ?? '';
    const ended = { closing: 'final', stopReason: 'Local', stoppedAtMs: MORNING_MS } as const;
    const session = aSession({
      ...ended,
      transactionId: 201,
      chargePointId: 'PON-2',
      startedAtMs: MORNING_MS - HOUR_MS,
      idTag: '0ABC30',
      driver: 'Maël Guérin',
      walletId: id,
    });
    await storeRows(server.vigie.storage, { type: 'session', session });
    expect(await shown(MERCHANT, '/recharges?q=mael+guerin')).toEqual([201]);
    expect((await server.get(MERCHANT, '/recharges/201')).text).toContain(`href="${path}"`);
    expect((await server.get(MAINTAINER, '/recharges/201')).text).not.toContain(path);

    await newUser('accueil', { role: 'ponant-role-all', restriction: 'customers', customers: [id] });
    expect(await shown('accueil', '/recharges')).toEqual([201]);
    expect((await server.get('accueil', '/recharges/201')).status).toBe(200);
    expect((await server.get('accueil', '/recharges/101')).status).toBe(404);

    const gone = await server.post(MERCHANT, '/customers/delete', { id, confirmed: '1' });
    expect(gone.status).toBe(303);
    expect(await shown(MERCHANT, '/recharges?q=guerin')).toEqual([]);
    expect(await shown(MERCHANT, '/recharges?q=0abc30')).toEqual([201]);
    expect((await server.get(MERCHANT, '/recharges/201')).text).not.toContain('Guérin');
  });
});

describe('SUB-02: an administrator deletes recharges', () => {
  const ended = {
    chargePointId: 'PON-2',
    closing: 'final',
    stoppedAtMs: MORNING_MS - 24 * HOUR_MS,
    stopReason: 'Local',
    energyWh: 1_500,
    price: cents(450),
  } as const;
  const session = (transactionId: number) =>
    aSession({ ...ended, transactionId, startedAtMs: MORNING_MS - 25 * HOUR_MS, idTag: '04DELETED', driver: 'Ozanne' });
  const day = '/recharges?from=2026-11-02&to=2026-11-02';

  test('that he has ticked, once he has said so: sums follow, the money stays, and the bin has them for thirty days', async () => {
    const { storage } = server.vigie;
    const entry = { key: 'session/301', walletId: 'ozanne', atMs: 1, amount: cents(-450), transactionId: 301 };
    const question = aReview({ key: 'asked', kind: 'implausible-energy', chargePointId: 'PON-2', transactionId: 303 });
    await storeRows(
      storage,
      ...[301, 302, 303].map((id) => ({ type: 'session', session: session(id) }) as const),
      { type: 'ledger-entry', entry },
      { type: 'review', review: question },
    );
    const list = await server.get(MERCHANT, day);
    expect(list.text).toContain('data-select-all');
    expect(tidy(list.text)).toContain('3 recharges · 4,5 kWh au total');
    expect(await faultsOfHtml(list.text)).toEqual([]);
    // Whoever only looks after stations, or over merchants, has no box, and no way round it.
    expect((await server.get(MAINTAINER, day)).text).not.toContain('data-select-all');
    for (const user of [MAINTAINER, INTEGRATOR, NEIGHBOUR])
      expect((await server.post(user, '/recharges/delete', { id: '301', confirmed: '1' })).status, user).toBe(404);

    const id = ['301', '302', '303'];
    const asked = await server.post(MERCHANT, '/recharges/delete', { id });
    expect(asked.status).toBe(200);
    expect(tidy(asked.text)).toMatch(/Supprimer 3 recharges \?.*Quai Sud · 02\/11\/2026.*4,5 kWh disparaissent/);
    expect(await faultsOfHtml(asked.text)).toEqual([]);
    expect((await shown(MERCHANT, day)).length).toBe(3);

    // A question about it waits for a person: it stays.
    const done = await server.post(MERCHANT, '/recharges/delete', { id, confirmed: '1' });
    expect(done.location).toBe('/recharges?deleted=2&left=1');
    expect(tidy((await server.get(MERCHANT, done.location ?? '')).text)).toMatch(
      /2 recharges supprimées.*Une recharge reste/,
    );
    expect(await shown(MERCHANT, day)).toEqual([303]);
    expect(tidy((await server.get(MERCHANT, day)).text)).toContain('1 recharge · 1,5 kWh au total');
    expect((await server.get(MERCHANT, '/recharges/301')).status).toBe(404);
    expect(await storage.reader.ledger('ozanne', 9)).toEqual([entry]);

    // Its connector corrects it, long after: it does not come back by that.
    await storeRows(storage, { type: 'session', session: { ...session(301), energyWh: 9_000 } });
    expect(await shown(MERCHANT, day)).toEqual([303]);

    const bin = await server.get(MERCHANT, '/bin');
    expect(tidy(bin.text)).toMatch(/Quai Sud et 1 de plus Recharges/);
    const [, line = ''] = /action="(\/bin\/[^"]+)"/.exec(bin.text) ?? [];
    expect((await server.post(NEIGHBOUR, line)).status).toBe(404);
    expect((await server.post(MERCHANT, line)).location).toBe('/bin?restored=2');
    expect(await shown(MERCHANT, day)).toEqual([303, 302, 301]);
    expect(await shown(MERCHANT, '/recharges?q=ozanne')).toEqual([303, 302, 301]);
    expect(tidy((await server.get(MERCHANT, day)).text)).toContain('3 recharges · 4,5 kWh au total');
  });

  test('of many he has to type a word; and what the bin has forgotten is gone, with what was asked about it', async () => {
    const { storage } = server.vigie;
    const ids = Array.from({ length: 12 }, (_, index) => 400 + index);
    const answered = aReview({ key: 'answered', chargePointId: 'PON-2', transactionId: 400 });
    await storeRows(storage, ...ids.map((id) => ({ type: 'session', session: session(id) }) as const), {
      type: 'review',
      review: answered,
    });
    await storeRows(storage, {
      type: 'review-resolved',
      key: 'answered',
      resolution: { outcome: 'seen', by: 'test', atMs: 5, changes: null },
    });
    const id = ids.map(String);
    expect((await server.post(MERCHANT, '/recharges/delete', { id, confirmed: '1' })).status).toBe(422);
    const sure = { id, confirmed: '1', word: 'supprimer' };
    expect((await server.post(MERCHANT, '/recharges/delete', sure)).location).toBe('/recharges?deleted=12');
    expect(await storage.office.purgeDeleted(Date.now() + 1_000, 200)).toBeGreaterThanOrEqual(12);
    expect(await shown(MERCHANT, '/recharges?q=04deleted')).not.toContain(400);
    const reviews = await storage.reader.reviews({ limit: 200, open: false });
    expect(reviews.map(({ key }) => key)).not.toContain('answered');
    expect((await server.get(MERCHANT, '/bin')).text).not.toContain('Quai Sud et 11');
  });
});
