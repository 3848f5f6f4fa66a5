import { chargePointKey } from '#src/domain/ids.ts';
import { kitChargePointId } from '#src/domain/kit.ts';
import { NO_STAY_LIMITS } from '#src/domain/stay-limits.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knock } from '../fixtures/charger.ts';
import { officeForms, PLACE } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const MAINTAINER = 'mainteneur';
const INTEGRATOR = 'integrateur';
const { made, formOf, pointsOn } = officeForms(() => server);

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
    // What holds vehicles to the durations is the server: by the roster of its chargers, and for energy by their readings.
    const { reader } = server.vigie.storage;
    const limits = { chargeMinutes: 240, chargeWh: 40_000, unlockMinutes: 300 };
    expect((await reader.chargePoint('COMPLETE-1'))?.limits).toEqual(limits);
    expect((await reader.stationKeys('COMPLETE-1'))?.limitsEnergy).toBe(true);
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
    // OCP-13: a kit holds its vehicles to the durations by itself.
    const kitRow = await server.vigie.storage.reader.chargePoint(chargePointKey(kitChargePointId('00178')));
    expect(kitRow?.limits).toEqual(NO_STAY_LIMITS);
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
    for (const shown of ['00119', '00120', 'PULB', 'KIPA101B102A', '20/04/2026']) expect(list.text).toContain(shown);
    expect(list.text).not.toContain('00121');
    expect(list.text).not.toContain('href="/kits/new"');
    expect((await server.get(INTEGRATOR, `/kits/${first}`)).text).not.toContain('Valider');

    const page = `/kits/assign?model=${idOf(model)}`;
    const { text } = await server.get(INTEGRATOR, page);
    expect(text).toContain('Volterre (À kit - ZE\u00a0: Oui)');
    expect(text).toContain(
      'Série\u00a0: 00119\u00a0; Hard\u00a0: PULB\u00a0; Version\u00a0: KIPA101B102A\u00a0; Date\u00a0: 20/04/2026',
    );
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

test('OCP-14: the badge of a charger’s free charges is not refused there, and its charge is free; elsewhere it is nobody’s', async () => {
  const station = { ...PLACE, evses: '1' };
  await made(MERCHANT, '/stations', { ...station, name: 'Libre', identity: 'LIBRE-1', freeServiceTag: 'LIBRE' });
  await made(MERCHANT, '/stations', { ...station, name: 'Payante', identity: 'PAYANTE-1' });
  const verdictAt = async (identity: string, idTag: string) => {
    const dialled = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
    if (!dialled.ok) throw new Error('the charger was refused');
    await dialled.charger.boot();
    const { verdict } = await dialled.charger.start({ idTag });
    await dialled.charger.close();
    return verdict;
  };
  expect(await verdictAt('PAYANTE-1', 'LIBRE')).toBe('Invalid');
  expect(await verdictAt('LIBRE-1', 'INCONNU')).toBe('Invalid');
  expect(await verdictAt('LIBRE-1', 'libre')).toBe('Accepted');
  const [session] = await server.vigie.storage.reader.sessions({ chargePointId: 'LIBRE-1', limit: 1 });
  expect(session).toMatchObject({ freeService: true, driver: null });
});
