import { afterAll, beforeAll, expect, test } from 'vitest';
import { dial, type Charger } from '../fixtures/charger.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';
import { filesOfZip } from '../fixtures/zip.ts';
import { violations } from '../wire/official-schemas.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MAINTAINER = 'mainteneur';
const MERCHANT = 'commercant';

/** By the clocks of the stations, whose days the forms mean. */
function today(): string {
  return Temporal.Now.plainDateISO('Europe/Paris').toString();
}

async function online(identity: string, boot = {}): Promise<Charger> {
  const charger = await dial(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`);
  await charger.boot({ firmwareVersion: '1.0', ...boot });
  return charger;
}

/** What a browser sends for a form with a file. */
async function upload(username: string, path: string, content: string | null, name = 'duo-2.0.bin'): Promise<string> {
  const body = new FormData();
  if (content !== null) body.set('file', new Blob([content]), name);
  const headers = { Cookie: await server.cookie(username), 'Sec-Fetch-Site': 'same-origin' };
  const answer = await fetch(server.url + path, { method: 'POST', redirect: 'manual', headers, body });
  return `${answer.status} ${answer.headers.get('location') ?? ''}`;
}

async function library(name: string, make = 'Atelier', model = ''): Promise<string> {
  const firmware = { version: '0', name, make, model, softwareVersion: '2.0', url: '' };
  const made = await server.post(OPERATOR, '/admin/firmwares', firmware);
  return made.location?.replace(/[?#].*/, '') ?? `not made: ${made.status}`;
}

test('PRC-12, PRC-17, field-40: a software of the library is chosen, understood, and fetched by the charger', async () => {
  const path = await library('Duo 2');
  await library('Autre', 'Volterre');
  expect(await upload(OPERATOR, `${path}/file`, null)).toContain('file=missing');
  expect(await upload(OPERATOR, `${path}/file`, 'firmware of two')).toContain(`303 ${path}#file`);
  expect((await server.get(OPERATOR, path)).text).toContain('duo-2.0.bin');

  const charger = await online('PON-1');
  // The fleet page hears of a boot, and thereby of the make, a moment later.
  const page = await until('the softwares of its make', async () => {
    const asked = await server.get(MAINTAINER, '/fleet/PON-1/firmware');
    return asked.text.includes('Duo 2 — 2.0') && asked;
  });
  expect(await faultsOfHtml(page.text)).toEqual([]);
  expect(page.text).not.toContain('Autre');
  const firmware = path.split('/').at(-1) ?? '';
  expect((await server.post(MAINTAINER, '/fleet/PON-1/firmware', { firmware })).status).toBe(422);
  expect((await server.post(MAINTAINER, '/fleet/PON-1/firmware', { firmware: 'x', confirm: 'on' })).status).toBe(422);
  const sent = await server.post(MAINTAINER, '/fleet/PON-1/firmware', { firmware, confirm: 'on' });
  expect(sent.location).toMatch(/^\/fleet\/PON-1#command-/);
  const call = await charger.nextCall();
  expect(call).toMatchObject({ action: 'UpdateFirmware', payload: { retries: 3 } });
  charger.reply(call.id, {});
  expect(await (await fetch(String(call.payload['location']))).text()).toBe('firmware of two');
  await until('the page to show it', async () => {
    const { text } = await server.get(MAINTAINER, '/fleet/PON-1');
    return text.includes('fichier transféré') && text.includes('15 o');
  });
});

test('PRC-10, PRC-11: the log of a period is asked for, and comes with the server’s events in one ZIP, for those whose charger it is', async () => {
  const charger = await online('PON-2');
  const page = await server.get(MAINTAINER, '/fleet/PON-2/logs');
  expect(await faultsOfHtml(page.text)).toEqual([]);
  const day = today();
  expect((await server.post(MAINTAINER, '/fleet/PON-2/logs', { from: 'hier', to: day })).status).toBe(422);
  expect((await server.post(MAINTAINER, '/fleet/PON-2/logs', { from: '2026-11-02', to: '2026-11-01' })).status).toBe(
    422,
  );
  const asked = await server.post(MAINTAINER, '/fleet/PON-2/logs', { from: day, to: day, kind: 'GetDiagnostics' });
  const [, anchor = ''] = asked.location?.split('#command-') ?? [];
  // An anchor spells what a selector could not hold by its code.
  const commandId = anchor.replace(/_([0-9a-f]+)_/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)));
  const call = await charger.nextCall();
  expect(call.action).toBe('GetDiagnostics');
  expect(String(call.payload['startTime'])).toMatch(/Z$/);
  charger.reply(call.id, { fileName: 'diag.txt' });
  await fetch(`${String(call.payload['location'])}diag.txt`, { method: 'PUT', body: 'relay 2 is worn' });
  const zip = `/fleet/PON-2/logs/${commandId}`;
  await until('the link to the archive', async () => (await server.get(MAINTAINER, '/fleet/PON-2')).text.includes(zip));

  const headers = { Cookie: await server.cookie(MAINTAINER) };
  const answer = await fetch(server.url + zip, { headers });
  expect(answer.headers.get('content-type')).toBe('application/zip');
  const files = filesOfZip(Buffer.from(await answer.arrayBuffer()));
  expect([...files.keys()]).toEqual(['evenements-serveur.csv', 'diag.txt']);
  expect(files.get('diag.txt')).toBe('relay 2 is worn');
  expect(files.get('evenements-serveur.csv')).toContain('BootNotification');
  expect((await server.get(MERCHANT, zip)).status).toBe(200);
  expect((await server.get('voisin', zip)).status).toBe(404);
  // Another charger's address does not lead to it either.
  expect((await server.get(MAINTAINER, zip.replace('PON-2', 'PON-1'))).status).toBe(404);
});

test('PRC-10: the log of the security extension is asked for by its own call', async () => {
  const charger = await online('PON-1');
  const day = today();
  await server.post(MAINTAINER, '/fleet/PON-1/logs', { from: day, to: day, kind: 'SecurityLog' });
  const call = await charger.nextCall();
  expect(call).toMatchObject({ action: 'GetLog', payload: { logType: 'SecurityLog' } });
  charger.reply(call.id, { status: 'Accepted', filename: 'security.log' });
  const { requestId } = call.payload;
  await charger.call('LogStatusNotification', { status: 'UploadFailure', requestId });
  await until('the failure on the page', async () =>
    (await server.get(MAINTAINER, '/fleet/PON-1')).text.includes('la borne n’a pas pu envoyer ses événements'),
  );
});

const PEM = '-----BEGIN CERTIFICATE-----\r\nTUlJQg==\r\n-----END CERTIFICATE-----';

test('PRC-12: a signed software is asked for by the call of the security extension, and a refused signature is on the page', async () => {
  const path = await library('Parvis', 'Signataire');
  await upload(OPERATOR, `${path}/file`, 'signed by its maker');
  const firmware = path.split('/').at(-1) ?? '';
  const charger = await online('PON-1', { chargePointVendor: 'Signataire' });
  const page = await until('the software of its make', async () => {
    const asked = await server.get(MAINTAINER, '/fleet/PON-1/firmware');
    return asked.text.includes('Parvis — 2.0') && asked;
  });
  expect(page.text).toContain('Signature du constructeur');
  expect(await faultsOfHtml(page.text)).toEqual([]);
  const form = { firmware, confirm: 'on', when: '2031-02-03T04:05' };
  for (const [wrong, field] of [
    [{ signature: 'c2ln' }, 'signingCertificate'],
    [{ signingCertificate: PEM }, 'signature'],
    [{ signingCertificate: PEM, signature: 'not base64' }, 'signature'],
    [{ signingCertificate: PEM, signature: 'A'.repeat(804) }, 'signature'],
  ] as const) {
    const answer = await server.post(MAINTAINER, '/fleet/PON-1/firmware', { ...form, ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`href="#f-firmware-box-${field}"`);
    // What was typed is still there, and the fold that holds it is open.
    expect(answer.text).toContain('value="2031-02-03T04:05"');
    expect(answer.text).toMatch(/<details class="rare"\s+open/);
  }
  // What is no time is not taken for now.
  const soon = await server.post(MAINTAINER, '/fleet/PON-1/firmware', { ...form, when: 'demain' });
  expect(soon.status).toBe(422);
  expect(soon.text).toContain('href="#f-firmware-box-when"');
  expect(soon.text).toContain('value="demain"');
  const signed = { ...form, when: '', signingCertificate: PEM, signature: 'c2lnbmVkIGJ5\r\nIGl0cyBtYWtlcg==' };
  expect((await server.post(MAINTAINER, '/fleet/PON-1/firmware', signed)).location).toMatch(/^\/fleet\/PON-1#command-/);
  const call = await charger.nextCall();
  expect(call).toMatchObject({
    action: 'SignedUpdateFirmware',
    payload: {
      retries: 3,
      firmware: {
        signingCertificate: '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n',
        signature: 'c2lnbmVkIGJ5IGl0cyBtYWtlcg==',
      },
    },
  });
  expect(violations('SignedUpdateFirmware.req', call.payload)).toEqual([]);
  const { requestId, firmware: told } = call.payload as { requestId: number; firmware: { location: string } };
  charger.reply(call.id, { status: 'Accepted' });
  expect(await (await fetch(told.location)).text()).toBe('signed by its maker');
  await charger.call('SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId });
  await until('the refusal on the page', async () =>
    (await server.get(MAINTAINER, '/fleet/PON-1')).text.includes('la borne a refusé la signature du logiciel'),
  );
});

test('PRC-10, PRC-12: a software goes to those of many chargers that it was made for, and the logs of all come to one table', async () => {
  const path = await library('Campagne', 'Grande série', 'Solo');
  await upload(OPERATOR, `${path}/file`, 'for the Solo');
  const firmware = path.split('/').at(-1) ?? '';
  const solo = await online('PON-1', { chargePointVendor: 'Grande série', chargePointModel: 'Solo' });
  const duo = await online('PON-2', { chargePointVendor: 'Grande série' });
  const id = ['PON-1', 'PON-2'];
  const forms = await until('the software and how many it is for', async () => {
    const asked = await server.post(MAINTAINER, '/commands/new', { id });
    return /Campagne — 2\.0[^<]*1 sur 2 bornes/.test(asked.text) && asked;
  });
  expect(await faultsOfHtml(forms.text)).toEqual([]);
  expect((await server.post(MAINTAINER, '/commands/firmware', { id, firmware })).status).toBe(422);
  const none = await server.post(MAINTAINER, '/commands/firmware', { id: ['PON-2'], firmware, confirm: 'on' });
  expect(none.status).toBe(422);
  const sent = await server.post(MAINTAINER, '/commands/firmware', { id, firmware, confirm: 'on' });
  const update = await solo.nextCall();
  expect(update.action).toBe('UpdateFirmware');
  solo.reply(update.id, {});
  const location = String(update.payload['location']);
  expect(await (await fetch(location)).text()).toBe('for the Solo');
  await until('the step in the table', async () =>
    (await server.get(MAINTAINER, sent.location ?? '')).text.includes('fichier transféré'),
  );
  const rows = await server.get(MAINTAINER, sent.location ?? '');
  expect(rows.text).toContain('/fleet/PON-1#');
  expect(rows.text).not.toContain('/fleet/PON-2#');

  const day = today();
  const wrong = await server.post(MAINTAINER, '/commands/logs', { id, from: day, to: '2020-01-01' });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('La fin doit suivre le début.');
  const logs = await server.post(MAINTAINER, '/commands/logs', { id, from: day, to: day, kind: 'GetDiagnostics' });
  const places = await Promise.all(
    [solo, duo].map(async (charger) => {
      const call = await charger.nextCall();
      charger.reply(call.id, { fileName: 'diag.txt' });
      return String(call.payload['location']);
    }),
  );
  expect(new Set(places).size).toBe(2);
  for (const place of places) await fetch(`${place}diag.txt`, { method: 'PUT', body: 'worn' });
  const table = await until('both archives in the table', async () => {
    const { text } = await server.get(MAINTAINER, logs.location ?? '');
    return text.match(/href="\/fleet\/PON-\d\/logs\/[^"]+" download/g)?.length === 2 && text;
  });
  expect(await faultsOfHtml(table)).toEqual([]);
});

test('PRC-10, PRC-12, PRC-19: chargers of a campaign that are absent have their line, and are reached when they return', async () => {
  const path = await library('Retour', 'Retardataire');
  await upload(OPERATOR, `${path}/file`, 'for who was away');
  const firmware = path.split('/').at(-1) ?? '';
  const id = ['PON-1', 'PON-2'];
  for (const one of id) {
    const charger = await online(one, { chargePointVendor: 'Retardataire' });
    await charger.close();
  }
  const forms = await until('both to be gone', async () => {
    const asked = await server.post(MAINTAINER, '/commands/new', { id });
    const alone = await server.get(MAINTAINER, '/fleet/PON-1/firmware');
    return (
      /Retour — 2\.0[^<]*<\/option>/.test(asked.text) &&
      !asked.text.includes('1 sur 2') &&
      alone.text.includes('name="wait"') &&
      asked
    );
  });
  expect(await faultsOfHtml(forms.text)).toEqual([]);
  const refused = await server.post(MAINTAINER, '/commands/firmware', { id, firmware, confirm: 'on' });
  expect((await server.get(MAINTAINER, refused.location ?? '')).text).toContain('2 sur 2 terminées');
  const sent = await server.post(MAINTAINER, '/commands/firmware', { id, firmware, confirm: 'on', wait: '168' });
  const table = (await server.get(MAINTAINER, sent.location ?? '')).text;
  expect(table.match(/en attente de la borne/g)).toHaveLength(2);
  expect(table).toContain('Chargement logiciel · Retour 2.0');
  expect(table).toContain('Retirer celles qui attendent');
  const day = today();
  await server.post(MAINTAINER, '/fleet/PON-1/logs', { from: day, to: day, kind: 'GetDiagnostics', wait: '24' });

  const charger = await online('PON-1', { chargePointVendor: 'Retardataire' });
  const update = await charger.nextCall();
  expect(update.action).toBe('UpdateFirmware');
  expect(await (await fetch(String(update.payload['location']))).text()).toBe('for who was away');
  charger.reply(update.id, {});
  expect((await charger.nextCall()).action).toBe('GetDiagnostics');
  await server.post(MAINTAINER, `${sent.location ?? ''}/withdraw`, {});
  const after = (await server.get(MAINTAINER, sent.location ?? '')).text;
  expect(after).not.toContain('en attente de la borne');
  expect(after).toContain('la commande a été retirée');
  expect(after).toContain('fichier transféré');
});
