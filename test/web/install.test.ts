import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
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

/** What a merchant fills in of a station. */
const PLACE = {
  version: '0',
  access: 'public',
  address: '2 place des Halles',
  postcode: '29200',
  city: 'Brest',
  country: 'France',
  position: '48,39;-4,48',
  contactName: 'Camille Roux',
  contactPhone: '02 98 00 00 01',
  contactEmail: 'Camille@Ponant.example',
  language: 'fr',
  timeZone: 'Europe/Paris',
  permanentPowerW: '22',
} as const;

type Fields = Readonly<Record<string, string | readonly string[]>>;

async function made(by: string, path: string, fields: Fields): Promise<string> {
  const answer = await server.post(by, path, fields);
  expect(answer.status, answer.text).toBe(303);
  return new URL(answer.location ?? '', server.url).pathname;
}

/** What stands in the inputs of a form, by name, as a browser would send it. */
async function formOf(by: string, path: string): Promise<Record<string, string>> {
  const { status, text } = await server.get(by, path);
  expect(status, path).toBe(200);
  const fields: Record<string, string> = {};
  for (const [input] of text.matchAll(/<input\b[^>]*>/g)) {
    const [, name = ''] = /\sname="([^"]+)"/.exec(input) ?? [];
    const [, value = ''] = /\svalue="([^"]*)"/.exec(input) ?? [];
    if (/type="(checkbox|radio)"/.test(input) && !/\schecked/.test(input)) continue;
    if (name !== '') fields[name] = value;
  }
  for (const [, name = '', options = ''] of text.matchAll(/<select[^>]*\sname="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    fields[name] = /value="([^"]*)"\s+selected/.exec(options)?.[1] ?? /value="([^"]*)"/.exec(options)?.[1] ?? '';
  for (const [, name = '', text_ = ''] of text.matchAll(
    /<textarea[^>]*\sname="([^"]+)"[^>]*>\n?([\s\S]*?)<\/textarea>/g,
  ))
    fields[name] = text_;
  return fields;
}

/** The rows of the table of points, each as the texts of its cells. */
async function pointsOn(by: string, path: string): Promise<readonly (readonly string[])[]> {
  const { text } = await server.get(by, path);
  const [, table = ''] = /id="points">[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(text) ?? [];
  return [...table.matchAll(/<tr[\s\S]*?<\/tr>/g)].map(([row]) =>
    [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = '']) =>
      cell
        .replace(/<[^>]+>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  );
}

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
    expect((await server.get(MERCHANT, `${path}/evses/2`)).text).toMatch(/name="inactive" value="1"\s+checked/);
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

describe('the protocol of a charger', () => {
  const idOf = (path: string): string => path.split('/').at(-1) ?? '';

  test('OCP-07..10: a box behind SOAP is reached in one of three ways, told beside the field; JSON asks for none', async () => {
    const soap = { ...PLACE, name: 'Savon', identity: 'SAVON-1', evses: '1', ocppVersion: '1.5-soap' };
    const lost = await server.post(MERCHANT, '/stations', soap);
    expect(lost.status).toBe(422);
    expect(lost.text).toMatch(/id="e-chargerUrl"[\s\S]*?Dites comment joindre la borne/);
    const both = await server.post(MERCHANT, '/stations', { ...soap, wsAddressing: '1', chargerPort: '80' });
    expect(both.text).toContain('id="e-chargerPort"');
    const path = await made(MERCHANT, '/stations', {
      ...soap,
      rememberAddress: '1',
      chargerUrl: '/ocpp/borne',
      chargerPort: '8080',
    });
    expect(await formOf(MERCHANT, path)).toMatchObject({
      ocppVersion: '1.5-soap',
      rememberAddress: '1',
      chargerUrl: '/ocpp/borne',
      chargerPort: '8080',
    });
    // Over JSON none of it is shown, nor read.
    const json = { ...(await formOf(MERCHANT, path)), ocppVersion: '1.6-json', chargerPort: 'nonsense' };
    await made(MERCHANT, path, json);
    expect(await formOf(MERCHANT, path)).toMatchObject({ ocppVersion: '1.6-json', chargerPort: '8080' });
  });

  test('OCP-11..15, STA-26: notes, powers, durations, badges and the boxes of Girève and EASYCONNECT are kept', async () => {
    const settings = {
      maintenanceInfo: 'Clé chez le gardien',
      permanentPowerW: '22,08',
      chargeMinutesMax: '240',
      chargeWhMax: '40',
      unlockMinutes: '300',
      freeServiceTag: 'LIBRE',
      tokenType: 'rfid-long',
      gireveAdvenir: '1',
      gireveCustomers: '1',
      gireveOffline: '1',
      easyconnectCustomers: '1',
    };
    const path = await made(MERCHANT, '/stations', {
      ...PLACE,
      name: 'Complète',
      identity: 'COMPLETE-1',
      evses: '1',
      ...settings,
    });
    expect(await formOf(MERCHANT, path)).toMatchObject(settings);
    const weak = { ...PLACE, name: 'Sans puissance', identity: 'SANS-1', evses: '1', permanentPowerW: '' };
    expect((await server.post(MERCHANT, '/stations', weak)).text).toContain('id="e-permanentPowerW"');
  });

  test('LAF-02..10: a maintainer fills in the kit of a station, whose form begins with what most kits need', async () => {
    const company = { company: 'ponant-company-1' };
    const path = await made(MERCHANT, '/stations', { ...PLACE, ...company, name: 'Kit' });
    const form: Record<string, string> = await formOf(MAINTAINER, path);
    expect(form).toMatchObject({ mediaType: 'gprs', udpPort: '1080', simApn: 'internet-entreprise' });
    const kit = {
      ...form,
      protocol: 'lafon-pulse',
      kitSerial: '00178',
      evses: '2',
      permanentPowerW: '7',
      maxPowerW: '22',
      maxPowerFrom: '6h30',
      maxPowerTo: '20:00',
      unlockToken: '04A1B2',
      chargeMinutesMax: '240',
      parkingBeforeMinutes: '10',
      parkingAfterMinutes: '20',
      parkingMinutesMax: '600',
      identity: 'HIDDEN-1',
    };
    const refused = await server.post(MAINTAINER, path, { ...kit, udpPort: '65536', simApn: '' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('De 0 à 65535.');
    const half = await server.post(MAINTAINER, path, { ...kit, maxPowerTo: '', simApn: '' });
    for (const name of ['maxPowerTo', 'simApn']) expect(half.text).toContain(`id="e-${name}"`);
    await made(MAINTAINER, path, kit);
    const { integratorModel, ...kept }: Record<string, string> = kit;
    expect(integratorModel).toBe('');
    const shown = { ...kept, version: '2', maxPowerFrom: '06:30', identity: '' };
    expect(await formOf(MAINTAINER, path)).toMatchObject(shown);
    expect(await pointsOn(MAINTAINER, path)).toHaveLength(2);
    // By cable it has no card.
    const wired = { ...(await formOf(MAINTAINER, path)), mediaType: 'ethernet', simApn: '' };
    await made(MAINTAINER, path, wired);
    const twice = await server.post(MERCHANT, '/stations', { ...PLACE, ...kit, version: '0', name: 'Le même' });
    expect(twice.text).toContain('id="e-kitSerial"');
  });

  test('LAF-04: a card that is not granted to the merchant leaves the kit without charger, and this is said', async () => {
    const iccid = '8933012345678901234';
    const card = { version: '0', iccid, apn: 'm2m.example', phone: '06 12 34 56 78', merchant: 'concarneau' };
    const path = await made(OPERATOR, '/admin/sims', card);
    const kit = { ...PLACE, protocol: 'lafon-pulse', kitSerial: '00900', evses: '1', udpPort: '1080', simApn: 'x' };
    const station = await made(MERCHANT, '/stations', { ...kit, name: 'Carte', simIccid: iccid });
    const said = `La carte SIM ${iccid} n’est pas affectée à ce commerçant`;
    expect((await server.get(MERCHANT, station)).text).toContain(said);
    await made(OPERATOR, path, { ...card, version: '1', merchant: 'ponant' });
    expect((await server.get(MERCHANT, station)).text).not.toContain(said);
    // What was left empty is the card's.
    const form = await formOf(MERCHANT, station);
    await made(MERCHANT, station, { ...form, simApn: '' });
    expect(await formOf(MERCHANT, station)).toMatchObject({ simApn: 'm2m.example', simPhone: '0612345678' });
    expect((await server.get(MERCHANT, '/admin/sims')).status).toBe(404);
    // Any other card is the merchant's own.
    await made(MERCHANT, station, { ...form, version: '2', simIccid: '1234567890' });
    expect((await server.get(MERCHANT, station)).text).not.toContain('n’est pas affectée');
  });

  test('INT-03..06, LAF-02: kits are granted by the platform, built into a model, and offered for a charger of it', async () => {
    const model = await made(INTEGRATOR, '/models', {
      version: '0',
      manufacturer: 'Volterre',
      make: 'Volterre',
      name: 'À kit',
      evses: '1',
      zeReady: '1',
    });
    const grant = (serialNumber: string, integrator: string) =>
      made(OPERATOR, '/admin/kits', {
        version: '0',
        serialNumber,
        make: 'LAFON',
        model: 'Leclerc',
        hardVersion: 'PULB',
        softwareVersion: 'KIPA101B102A',
        softwareDate: '2026-04-20',
        integrator,
      });
    const first = idOf(await grant('00119', 'volterre'));
    const second = idOf(await grant('00120', 'volterre'));
    const foreign = idOf(await grant('00121', ''));
    const list = await server.get(INTEGRATOR, '/kits');
    for (const shown of ['00119', '00120', 'PULB', 'KIPA101B102A', '2026-04-20']) expect(list.text).toContain(shown);
    expect(list.text).not.toContain('00121');
    expect(list.text).not.toContain('href="/kits/new"');
    expect((await server.get(INTEGRATOR, `/kits/${first}`)).text).not.toContain('Valider');

    const page = `/kits/assign?model=${idOf(model)}`;
    const { text } = await server.get(INTEGRATOR, page);
    expect(text).toContain('Volterre (À kit - ZE : Oui)');
    expect(text).toContain('Série : 00119 ; Hard : PULB ; Version : KIPA101B102A ; Date : 2026-04-20');
    const assign = (kits: readonly string[]) => server.post(INTEGRATOR, '/kits/assign', { model: idOf(model), kits });
    expect((await assign([first, second])).status).toBe(303);
    expect((await server.get(INTEGRATOR, page)).text).toMatch(new RegExp(`value="${first}"\\s+checked`));
    expect((await assign([foreign])).status).toBe(404);
    expect((await server.get(INTEGRATOR, '/kits')).text).toContain('>À kit<');

    const kit = { ...PLACE, protocol: 'lafon-pulse', udpPort: '1080', simApn: 'x', integratorModel: idOf(model) };
    const station = await made(MERCHANT, '/stations', { ...kit, name: 'À kit', kitSerial: '00119' });
    const offered = (await server.get(MERCHANT, station)).text;
    expect(offered).toContain('<option value="00120">');
    expect(offered).not.toContain('<option value="00119">');
    expect((await assign([])).status).toBe(303);
    expect((await formOf(MERCHANT, station))['kitSerial']).toBe('00119');
    // Granted to another, it is in no model of his any more.
    await assign([second]);
    for (const integrator of ['', 'volterre'])
      await made(OPERATOR, `/admin/kits/${second}`, {
        ...(await formOf(OPERATOR, `/admin/kits/${second}`)),
        integrator,
      });
    expect((await server.get(INTEGRATOR, page)).text).not.toMatch(new RegExp(`value="${second}"\\s+checked`));
  });

  test('the platform keeps firmware files and validated servers, on a page each', async () => {
    const firmware = { version: '0', name: 'Parvis 3.0', make: 'Volterre', softwareVersion: '2.1' };
    const refused = await server.post(OPERATOR, '/admin/firmwares', { ...firmware, url: 'file:///etc/passwd' });
    expect(refused.text).toContain('id="e-url"');
    await made(OPERATOR, '/admin/firmwares', { ...firmware, url: 'ftp://files.example/parvis.bin' });
    await made(OPERATOR, '/admin/servers', { version: '0', name: 'Essai', url: 'wss://ocpp.example/' });
    expect((await server.get(OPERATOR, '/admin/firmwares')).text).toContain('Parvis 3.0');
    expect((await server.get(OPERATOR, '/admin/servers')).text).toContain('wss://ocpp.example/');
    for (const path of ['/admin/firmwares', '/admin/servers', '/admin/kits', '/kits'])
      expect((await server.get(MERCHANT, path)).status, path).toBe(404);
  });
});

describe('a contract', () => {
  test('SUB-04, SUB-05: what comes back from the bin counts, kits and chargers alike', async () => {
    const fields = { version: '0', kind: 'merchant', name: 'Ville de Dol', administrator: 'dol', language: 'fr' };
    const path = await made(OPERATOR, '/admin/subscribers', { ...fields, chargersMax: '1', companiesMax: '1' });
    const link = await server.post(OPERATOR, `/users/${path.split('/').at(-1)}-administrator/password-link`);
    const [, url = ''] = /<code id="password-link">([^<]+)</.exec(link.text) ?? [];
    const chosen = { password: 'Saint-Malo-Cancale-35', again: 'Saint-Malo-Cancale-35' };
    expect((await server.post(null, new URL(url).pathname, chosen)).status).toBe(303);
    await server.cookie('dol', chosen.password);

    const kit = { ...PLACE, protocol: 'lafon-pulse', evses: '1', udpPort: '1080', mediaType: 'ethernet' };
    const first = await made('dol', '/stations', { ...kit, name: 'Mont', kitSerial: '00777' });
    const beyond = { ...PLACE, name: 'Marais', identity: 'DOL-2', evses: '1' };
    expect((await server.post('dol', '/stations', beyond)).text).toContain('limité à 1');
    const id = first.split('/').at(-1) ?? '';
    expect((await server.post('dol', '/stations/delete', { id, confirmed: '1' })).status).toBe(303);
    const second = await made('dol', '/stations', beyond);
    const [, deletion = ''] = /action="(\/bin\/[^"]+)"/.exec((await server.get('dol', '/bin')).text) ?? [];
    expect((await server.post('dol', deletion)).location).toBe('/bin?quota');
    expect((await server.get('dol', '/bin?quota')).text).toContain('Votre contrat ne permet plus');
    expect((await server.get('dol', first)).status).toBe(404);
    const other = second.split('/').at(-1) ?? '';
    expect((await server.post('dol', '/stations/delete', { id: other, confirmed: '1' })).status).toBe(303);
    expect((await server.post('dol', deletion)).location).toBe('/bin?restored');
    expect((await server.get('dol', first)).status).toBe(200);
  });
});

describe('what is inactive', () => {
  test('MOD-06: a company or a maintainer is offered no more, but where it was chosen before', async () => {
    const company = await made(MERCHANT, '/companies', { version: '0', name: 'En sommeil' });
    const companyId = company.split('/').at(-1) ?? '';
    const station = await made(MERCHANT, '/stations', { ...PLACE, name: 'Dormante', company: companyId });
    expect((await server.get(MERCHANT, '/stations/new')).text).toContain('>En sommeil<');
    await made(MERCHANT, company, { ...(await formOf(MERCHANT, company)), inactive: '1' });
    expect((await server.get(MERCHANT, '/stations/new')).text).not.toContain('>En sommeil<');
    expect((await formOf(MERCHANT, station))['company']).toBe(companyId);
    await made(MERCHANT, station, { ...(await formOf(MERCHANT, station)), city: 'Lorient' });
    const moved = { ...PLACE, name: 'Endormie', company: companyId };
    expect((await server.post(MERCHANT, '/stations', moved)).status).toBe(422);

    const subscriber = { version: '0', kind: 'maintainer', name: 'Veille', administrator: 'veille', language: 'fr' };
    const path = await made(OPERATOR, '/admin/subscribers', subscriber);
    expect((await server.get(MERCHANT, company)).text).toContain('>Veille<');
    await made(OPERATOR, path, { ...(await formOf(OPERATOR, path)), inactive: '1' });
    expect((await server.get(MERCHANT, company)).text).not.toContain('>Veille<');
    await server.post(MERCHANT, '/companies/delete', { id: companyId, confirmed: '1', word: 'supprimer' });
  });
});

describe('a grappe', () => {
  test('MOD-14, GRA-01, GRA-14: with its option it is kept, and a station is attached to it in « Contrôleur de grappe »', async () => {
    const path = await made(MERCHANT, '/grappes', { version: '0', name: 'Quai des Grues' });
    const id = path.split('/').at(-1) ?? '';
    const station = await made(MERCHANT, '/stations', {
      ...PLACE,
      name: 'Grue',
      identity: 'GRUE-1',
      evses: '1',
      grappe: id,
    });
    for (const user of [MERCHANT, MAINTAINER]) expect((await formOf(user, station))['grappe'], user).toBe(id);
    expect((await server.get(MAINTAINER, '/grappes')).text).toContain('Quai des Grues');
    const inUse = await server.post(MERCHANT, '/grappes/delete', { id, confirmed: '1' });
    expect(inUse.status).toBe(422);
    expect(inUse.text).toContain('détachez-les d’abord');
    await made(MERCHANT, station, { ...(await formOf(MERCHANT, station)), grappe: '' });
    expect((await server.post(MERCHANT, '/grappes/delete', { id, confirmed: '1' })).status).toBe(303);
  });

  test('GRA-01: without the option there is neither list nor field, and a posted one is not read', async () => {
    expect((await server.get(NEIGHBOUR, '/grappes')).status).toBe(404);
    expect((await server.get(NEIGHBOUR, '/stations/con-1')).text).not.toContain('name="grappe"');
    const form = await formOf(NEIGHBOUR, '/stations/con-1');
    await made(NEIGHBOUR, '/stations/con-1', { ...form, grappe: 'ponant-grappe', city: 'Trégunc' });
    const found = await server.vigie.storage.office.find(ENTITIES.station, 'con-1', [{}]);
    expect(found?.values).toMatchObject({ grappe: null, city: 'Trégunc' });
  });

  test('a station is not attached to a grappe of another merchant, by a maintainer of both either', async () => {
    const { office } = server.vigie.storage;
    const accepted = { offeredAtMs: 1, acceptedAtMs: 1 };
    const row = { companyId: 'concarneau-company-1', maintainerId: 'atlantique', ...accepted };
    await office.write([{ type: 'maintenance', row }]);
    const form = await formOf(MAINTAINER, '/stations/con-1');
    const refused = await server.post(MAINTAINER, '/stations/con-1', { ...form, grappe: 'ponant-grappe' });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('id="e-grappe"');
    await office.write([{ type: 'maintenance-gone', companyId: row.companyId, maintainerId: row.maintainerId }]);
  });
});
