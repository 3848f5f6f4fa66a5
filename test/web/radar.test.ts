import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock, type Charger } from '../fixtures/charger.ts';
import { certificateRequest } from '../fixtures/certificates.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { officeForms } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const { made, formOf } = officeForms(() => server);
const MAINTAINER = 'mainteneur';
const KEY = 'ceci est une clé secrète';
const url = (identity: string) => `ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`;
const basic = (identity: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${identity}:${key}`).toString('base64')}`,
});

test('field-26: the installer gives a charger its password on the form of its station, and never sees it again', async () => {
  const fresh = await server.get(MAINTAINER, '/stations/pon-1');
  expect(fresh.text).toContain('sa liaison n’est pas sécurisée');
  const path = '/stations/pon-1/charger-password';
  const weak = await server.post(MAINTAINER, path, { act: 'set', password: 'court' });
  expect(weak.location).toContain('password=wrong');
  const wrong = await server.get(MAINTAINER, '/stations/pon-1?password=wrong');
  expect(wrong.text).toContain('Écrivez de 16 à 40 caractères');
  expect(await faultsOfHtml(wrong.text)).toEqual([]);
  expect((await server.post(MAINTAINER, path, { act: 'set', password: KEY })).location).toContain('password=saved');
  const after = await server.get(MAINTAINER, '/stations/pon-1');
  expect(after.text).toMatch(/Défini par/);
  expect(after.text).not.toContain(KEY);
  expect((await knock(url('PON-1'))).ok).toBe(false);
  const dialled = await knock(url('PON-1'), { headers: basic('PON-1', KEY) });
  if (!dialled.ok) throw new Error(`refused: ${dialled.status}`);
  await dialled.charger.boot();
  await until('the page to say it', async () =>
    (await server.get(MAINTAINER, '/fleet/PON-1')).text.includes('profil 1\u00a0: mot de passe'),
  );
  // Renewed: the charger gets 40 hexadecimal digits, and comes in with them alone.
  await server.post(MAINTAINER, path, { act: 'rotate' });
  const call = await dialled.charger.nextCall();
  expect(call.payload['value']).toMatch(/^[\da-f]{40}$/);
  dialled.charger.reply(call.id, { status: 'Accepted' });
  const key = String(call.payload['value']);
  await until('the new key to be right', async () => {
    const again = await knock(url('PON-1'), { headers: basic('PON-1', key) });
    if (again.ok) await again.charger.close();
    return again.ok;
  });
  await until('the old key to be void', async () => !(await knock(url('PON-1'), { headers: basic('PON-1', KEY) })).ok);
  await server.post(MAINTAINER, path, { act: 'clear' });
  expect((await knock(url('PON-1'))).ok).toBe(true);
});

test('the installer revokes a certificate of a charger, which is cut off at once; the neighbour cannot', async () => {
  const path = '/stations/pon-1/charger-password';
  await server.post(MAINTAINER, path, { act: 'set', password: KEY });
  const dialled = await knock(url('PON-1'), { headers: basic('PON-1', KEY) });
  if (!dialled.ok) throw new Error(`refused: ${dialled.status}`);
  const { charger } = dialled;
  await charger.boot();
  const { csr } = await certificateRequest('CN=PON-1');
  await charger.call('SignCertificate', { csr });
  charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
  const page = await server.get(MAINTAINER, '/stations/pon-1');
  expect(await faultsOfHtml(page.text)).toEqual([]);
  const fingerprint = /name="fingerprint"\s+value="([\da-f]{64})"/.exec(page.text)?.[1] ?? '';
  expect(page.text).toContain('CN=PON-1');
  const act = { act: 'revoke', fingerprint };
  expect((await server.post('voisin', path, act)).status).toBe(404);
  expect((await server.post(MAINTAINER, path, { ...act, fingerprint: 'another' })).status).toBe(404);
  expect((await server.post(MAINTAINER, path, act)).location).toContain('password=revoked');
  expect((await charger.closed).code).toBe(4004);
  const after = await server.get(MAINTAINER, '/stations/pon-1?password=revoked');
  expect(after.text).toContain('Le certificat est révoqué.');
  expect(after.text).toMatch(/révoqué par [^<]+/);
  expect(after.text).not.toContain(fingerprint);
  const line = await until('a line of the journal', async () => {
    const events = await server.vigie.storage.reader.events({ chargePointId: 'PON-1', levels: ['info'], limit: 50 });
    return events.find(({ name }) => name === 'certificate-revoked');
  });
  expect(line.note).toMatch(/^[\da-f]+ by \w+/);
  await server.post(MAINTAINER, path, { act: 'clear' });
});

test('field-26: a key that the charger could not come back with is not sent as AuthorizationKey', async () => {
  const sent = await server.post(MAINTAINER, '/fleet/PON-2/commands/change-configuration', {
    key: 'AuthorizationKey',
    value: 'short',
  });
  expect(sent.status).toBe(422);
  expect(sent.text).toContain('de 32 à 40 chiffres hexadécimaux');
});

test('field-25: the radar says in words why a charger is kept out and what mends it, to whom it concerns', async () => {
  await knock(url('INCONNUE-7'));
  await server.post('voisin', '/stations/con-1/charger-password', { act: 'set', password: KEY });
  await knock(url('CON-1'));
  await until('both on the radar', async () => {
    const { text } = await server.get(OPERATOR, '/radar');
    return text.includes('INCONNUE-7') && text.includes('CON-1');
  });
  const all = await server.get(OPERATOR, '/radar');
  expect(all.text).toContain('Déclarez une station avec exactement cette identité');
  expect(all.text).toContain('La station a un mot de passe et la borne n’en envoie pas');
  expect(await faultsOfHtml(all.text)).toEqual([]);
  // A stranger is nobody's, and the neighbour's charger is not the maintainer's.
  const his = await server.get(MAINTAINER, '/radar');
  expect(his.text).not.toContain('INCONNUE-7');
  expect(his.text).not.toContain('CON-1');
  expect((await server.get('voisin', '/radar')).text).toContain('CON-1');
});

test('field-25: the radar leads to the switch of the charger that it keeps out, and the switch lets it in at once', async () => {
  const odd = { protocols: ['ocpp1.6-vendor'] };
  await expect(knock(url('PON-2'), odd)).rejects.toThrow('subprotocol');
  const blip = await until('the blip', async () => {
    const { text } = await server.get(MAINTAINER, '/radar');
    return text.includes('sous-protocole non pris en charge (ocpp1.6-vendor)') ? text : null;
  });
  expect(await faultsOfHtml(blip)).toEqual([]);
  const link =
    /href="(\/stations\/[^"#]+)#field-leniency"[^>]*>Ou choisissez sur sa fiche «\u00a0Supposer OCPP 1.6/.exec(blip);
  const form = await server.get(MAINTAINER, link?.[1] ?? '');
  expect(form.text).toContain('id="field-leniency"');
  const path = link?.[1] ?? '';
  await made(MAINTAINER, path, { ...(await formOf(MAINTAINER, path)), leniency: 'assume-1.6' });
  const dialled = await knock(url('PON-2'), odd);
  if (!dialled.ok) throw new Error(`refused: ${dialled.status}`);
  await dialled.charger.boot();
  await until('the radar to be quiet', async () =>
    (await server.get(MAINTAINER, '/radar')).text.includes('admise depuis'),
  );
  await dialled.charger.close();
  await made(MAINTAINER, path, { ...(await formOf(MAINTAINER, path)), leniency: 'strict' });
  const { charger } = (await knock(url('PON-2'), { protocols: [] })) as { charger: Charger };
  expect((await charger.closed).code).toBe(1002);
  const strict = await until('the strict refusal', async () => {
    const { text } = await server.get(MAINTAINER, '/radar');
    return text.includes('sous-protocole non annoncé, en mode strict') ? text : null;
  });
  expect(strict).toContain('Ou choisissez sur sa fiche «\u00a0Tolérant');
  await made(MAINTAINER, path, { ...(await formOf(MAINTAINER, path)), leniency: 'tolerant' });
  expect((await knock(url('PON-2'), { protocols: [] })).ok).toBe(true);
});
