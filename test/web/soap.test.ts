import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { officeForms, PLACE } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { SoapCharger } from '../fixtures/soap-charger.ts';
import { startListener } from '../fixtures/soap-edge.ts';
import { until } from '../fixtures/until.ts';
import { envelope } from '../wire/soap/envelopes.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer({ welcomeStrangers: true });
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const { made, formOf } = officeForms(() => server);
const ANSWER = envelope({
  namespace: 'urn://Ocpp/Cp/2015/10/',
  identity: '',
  body: '<c:clearCacheResponse><c:status>Accepted</c:status></c:clearCacheResponse>',
});
const BOOT =
  '<c:bootNotificationRequest><c:chargePointVendor>A</c:chargePointVendor>' +
  '<c:chargePointModel>B</c:chargePointModel></c:bootNotificationRequest>';

function urlOf(version: '1.5' | '1.6'): string {
  const port = server.vigie.chargers.portOf(`ocpp-${version}-soap`);
  return `http://127.0.0.1:${port}/ModuleOCPP${version.replace('.', '')}.svc`;
}

async function say(identity: string, from = ''): Promise<{ status: number; text: string }> {
  const body = envelope({ identity, from, body: BOOT });
  const response = await fetch(urlOf('1.6'), { method: 'POST', body });
  return { status: response.status, text: await response.text() };
}

let commands = 0;
/** A command as it ended. */
async function commanded(identity: string): Promise<CommandView> {
  const commandId = `soap-${++commands}`;
  const { directory } = server.vigie.chargers.supervision;
  // The fleet hears of a new station ten times a second.
  const actor = await until('the charger to be known', () => directory.chargePoint(identity, platformViewer('test')));
  await actor.ask<CommandView>((replyTo) => ({
    type: 'command',
    commandId,
    call: { action: 'ClearCache' },
    requestedBy: 'operator',
    atMs: Date.now(),
    replyTo,
  }));
  return until('the command to end', async () => {
    const view = (await server.vigie.storage.reader.command(commandId))?.state as CommandView | undefined;
    return view?.ended === true ? view : null;
  });
}

async function noteOf(name: string, chargePointId: string | null): Promise<string | null | undefined> {
  const events = await server.vigie.storage.reader.events({
    levels: ['debug', 'info', 'problem', 'critical'],
    limit: 200,
  });
  return events.find((event) => event.name === name && event.chargePointId === chargePointId)?.note;
}

describe('a station whose charger speaks SOAP', () => {
  const SOAP = { ...PLACE, name: 'Savon', identity: 'SAVON-1', evses: '1', ocppVersion: '1.6-soap' };
  let path: string;
  const calls: string[] = [];
  let port: number;
  beforeAll(async () => {
    path = await made(MERCHANT, '/stations', { ...SOAP, wsAddressing: '1' });
  });
  beforeEach(async () => {
    calls.length = 0;
    const listener = await startListener(({ request, response }) => {
      calls.push(request.url ?? '');
      response.end(ANSWER);
    });
    port = listener.port;
  });

  test('OCP-08: is called at the address in its messages', async () => {
    await say('SAVON-1', `http://127.0.0.1:${port}/ocpp`);
    expect(await commanded('SAVON-1')).toMatchObject({ phase: 'done' });
    expect(calls).toEqual(['/ocpp']);
  });

  test('OCP-09: is called at its fixed address as soon as that is saved', async () => {
    const form = await formOf(MERCHANT, path);
    const { wsAddressing: _ticked, ...others } = form;
    await made(MERCHANT, path, { ...others, chargerUrl: `http://127.0.0.1:${port}/fixed` });
    expect(await commanded('SAVON-1')).toMatchObject({ phase: 'done' });
    expect(calls).toEqual(['/fixed']);
  });

  test('OCP-10: is called where its last message came from, at the port and the path of its station', async () => {
    const form = await formOf(MERCHANT, path);
    const reach = { rememberAddress: '1', chargerUrl: '/borne', chargerPort: String(port) };
    await made(MERCHANT, path, { ...form, ...reach });
    await say('SAVON-1', 'http://192.168.0.2/');
    expect(await commanded('SAVON-1')).toMatchObject({ phase: 'done' });
    expect(calls).toEqual(['/borne']);
  });

  test('is shown as unreachable, with the reason and what to do, until it is reached', async () => {
    const form = await formOf(MERCHANT, path);
    await made(MERCHANT, path, { ...form, chargerPort: '9' });
    expect(await commanded('SAVON-1')).toMatchObject({ phase: 'failed', cause: 'unreachable' });
    const page = (await server.get(MERCHANT, '/fleet/SAVON-1')).text.replaceAll(/\s+/g, ' ');
    expect(page).toContain('Injoignable depuis <time');
    expect(page).toContain('Nous entendons cette borne, mais ne pouvons pas l’appeler');
    expect(page).toContain('à http://127.0.0.1:9/borne (connexion refusée)');
    expect(page).toContain('la borne est injoignable — http://127.0.0.1:9/borne : connexion refusée');
    const reach = await formOf(MERCHANT, path);
    await made(MERCHANT, path, { ...reach, chargerPort: String(port) });
    await commanded('SAVON-1');
    expect((await server.get(MERCHANT, '/fleet/SAVON-1')).text).not.toContain('Injoignable depuis');
  });

  test('OCP-09: before it was ever heard, its page offers commands where its station says where it listens', async () => {
    const identity = 'SAVON-9';
    const soap = { ...PLACE, name: 'Savon 9', identity, evses: '1', ocppVersion: '1.6-soap' };
    const station = await made(MERCHANT, '/stations', { ...soap, wsAddressing: '1' });
    const absent = 'La borne n’a pas de liaison ouverte';
    const page = () =>
      until('the page', async () => {
        const { status, text } = await server.get(MERCHANT, `/fleet/${identity}`);
        return status === 200 && text;
      });
    expect(await page()).toContain(absent);
    const { wsAddressing: _ticked, ...form } = await formOf(MERCHANT, station);
    await made(MERCHANT, station, { ...form, chargerUrl: 'http://127.0.0.1:9/borne' });
    expect(await page()).not.toContain(absent);
  });

  test('its page says what it speaks, and that a connector is occupied where OCPP 1.5 says no more', async () => {
    const identity = 'SAVON-15';
    const soap = { ...PLACE, name: 'Savon 15', identity, evses: '1', ocppVersion: '1.5-soap', wsAddressing: '1' };
    await made(MERCHANT, '/stations', soap);
    const charger = await SoapCharger.start(urlOf('1.5'), '1.5', identity);
    await charger.call('BootNotification', { chargePointVendor: 'A', chargePointModel: 'B' });
    await charger.call('StatusNotification', { connectorId: 1, status: 'Occupied', errorCode: 'NoError' });
    const page = () => server.get(MERCHANT, `/fleet/${identity}`).then(({ text }) => text);
    await until('preparation', async () => /<\/svg>\s*Préparation</.test(await page()));
    const timestamp = new Date().toISOString();
    await charger.call('StartTransaction', { connectorId: 1, idTag: 'TEST-1', timestamp, meterStart: 0 });
    await until('occupation', async () => /<\/svg>\s*Occupé</.test(await page()));
    expect(await page()).not.toMatch(/<\/svg>\s*Préparation</);
    expect(await page()).toContain('<dd>OCPP 1.5 SOAP</dd>');
  });

  test('its frames can be read on the page of the journal', async () => {
    const page = (await server.get(MERCHANT, '/fleet/SAVON-1/events')).text;
    expect(page).toContain('A B');
    expect(page).toContain('&lt;c:bootNotificationRequest&gt;');
  });
});

describe('OCP-07: a station that was declared for another way to speak', () => {
  test('for JSON: is not spoken for over SOAP, which has no passwords, and the radar says what to change', async () => {
    const { status, text } = await say('PON-1');
    expect(status).toBe(400);
    expect(text).toContain('o:SecurityError');
    await until('its line', async () => (await noteOf('PON-1', 'PON-1')) === 'declared-1.6-json 127.0.0.1');
    expect((await server.get(OPERATOR, '/events')).text).toContain(
      'changez «\u00a0Version OCPP\u00a0» sur la fiche de la station',
    );
  });

  test('for the other SOAP: is let in, as after a new firmware, and its link says so', async () => {
    const identity = 'SAVON-3';
    const soap = { ...PLACE, name: 'Savon 3', identity, evses: '1', ocppVersion: '1.5-soap', wsAddressing: '1' };
    await made(MERCHANT, '/stations', soap);
    expect((await say(identity)).text).toContain('<o:status>Accepted</o:status>');
    await until('its link', async () => (await noteOf('link-up', identity)) === '127.0.0.1 declared-1.5-soap');
  });

  test('by nobody: a stranger is adopted as it speaks, and called where it says that it listens', async () => {
    const { url } = await startListener(({ response }) => response.end(ANSWER));
    await say('STRANGER-1', url);
    expect(await commanded('STRANGER-1')).toMatchObject({ phase: 'done' });
    await say('STRANGER-1');
    expect(await noteOf('link-up', 'STRANGER-1')).toBe('127.0.0.1');
  });
});
