import { expect, test } from 'vitest';
import { callPayload } from '#src/wire/ocpp/payload.ts';
import { translator } from '#web/i18n/t.ts';
import { readCommand } from '#web/pages/command-input.ts';
import type { CommandName } from '#web/views/command-form-spec.ts';
import { faultsOfHtml } from '../fixtures/html.ts';
import { API_TOKEN, fixtureWeb, signedIn } from '../fixtures/web-server.ts';
import { violations } from '../wire/official-schemas.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 12);
const t = translator('fr', 'Europe/Paris');
const PEM = '-----BEGIN CERTIFICATE-----\r\nTUlJQg==\r\n-----END CERTIFICATE-----';
const profile = {
  purpose: 'TxDefaultProfile',
  connectorId: '0',
  limit: '16,5',
  unit: 'A',
  stackLevel: '0',
  profileId: '7',
};
const hashes = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };

test.each<[CommandName, Record<string, string>, object]>([
  ['list-version', {}, { action: 'GetLocalListVersion' }],
  [
    'send-list',
    { updateType: 'Differential', listVersion: '8', tags: '04A2\n\n-04B3\r\n' },
    {
      action: 'SendLocalList',
      listVersion: 8,
      updateType: 'Differential',
      localAuthorizationList: [{ idTag: '04A2', idTagInfo: { status: 'Accepted' } }, { idTag: '04B3' }],
    },
  ],
  [
    'reserve',
    { connectorId: '1', idTag: '04A2', minutes: '30', reservationId: '5' },
    { action: 'ReserveNow', connectorId: 1, idTag: '04A2', reservationId: 5, expiryDate: '2026-11-26T12:30:00.000Z' },
  ],
  ['cancel-reservation', { reservationId: '5' }, { action: 'CancelReservation', reservationId: 5 }],
  [
    'set-profile',
    profile,
    {
      action: 'SetChargingProfile',
      connectorId: 0,
      csChargingProfiles: {
        chargingProfileId: 7,
        stackLevel: 0,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Absolute',
        chargingSchedule: {
          startSchedule: '2026-11-26T11:59:00.000Z',
          chargingRateUnit: 'A',
          chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.5 }],
        },
      },
    },
  ],
  ['clear-profile', { id: '', purpose: '' }, { action: 'ClearChargingProfile' }],
  ['clear-profile', { id: '7', purpose: 'TxProfile' }, { id: 7, chargingProfilePurpose: 'TxProfile' }],
  [
    'composite',
    { connectorId: '1', minutes: '60' },
    { action: 'GetCompositeSchedule', connectorId: 1, duration: 3600 },
  ],
  ['extended-trigger', { requestedMessage: 'SignChargePointCertificate' }, { action: 'ExtendedTriggerMessage' }],
  ['certificate-ids', { certificateType: 'ManufacturerRootCertificate' }, { action: 'GetInstalledCertificateIds' }],
  [
    'install-certificate',
    { certificateType: 'CentralSystemRootCertificate', certificate: PEM },
    { certificate: '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n' },
  ],
  ['delete-certificate', hashes, { action: 'DeleteCertificate', certificateHashData: hashes }],
])('the form of %s with %o becomes a call that the official schema allows', (name, input, call) => {
  const read = readCommand(t, name, input, NOW_MS);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  expect(read.call).toMatchObject(call);
  expect(violations(`${read.call.action}.req`, JSON.parse(callPayload(read.call)))).toEqual([]);
});

test.each<[CommandName, Record<string, string>, string]>([
  ['send-list', { updateType: 'Full', listVersion: '1', tags: '-04B3' }, 'tags'],
  ['send-list', { updateType: 'Full', listVersion: '1', tags: 'x'.repeat(21) }, 'tags'],
  ['send-list', { updateType: 'Full', listVersion: '0', tags: '' }, 'listVersion'],
  ['reserve', { connectorId: '1', idTag: 'a b', minutes: '30', reservationId: '5' }, 'idTag'],
  ['reserve', { connectorId: '1', idTag: 'a', minutes: '9999', reservationId: '5' }, 'minutes'],
  ['set-profile', { ...profile, limit: '16,55' }, 'limit'],
  ['set-profile', { ...profile, limit: '-1' }, 'limit'],
  ['set-profile', { ...profile, purpose: 'ChargePointMaxProfile', connectorId: '1' }, 'connectorId'],
  ['set-profile', { ...profile, purpose: 'TxProfile' }, 'connectorId'],
  ['composite', { connectorId: '1', minutes: '0' }, 'minutes'],
  ['install-certificate', { certificateType: 'CentralSystemRootCertificate', certificate: 'hello' }, 'certificate'],
  ['delete-certificate', { ...hashes, issuerKeyHash: 'not hex' }, 'issuerKeyHash'],
])('the form of %s with %o is refused for its field %s', (name, input, field) => {
  const read = readCommand(t, name, input, NOW_MS);
  expect(read.ok ? {} : read.errors).toHaveProperty(field);
});

test('every form of the profiles is on the page of a charger, and valid', async () => {
  const web = fixtureWeb({ manual: true });
  const headers = { Cookie: await signedIn(web.app) };
  const text = await (await web.app.request('/fleet/MAD-1000', { headers })).text();
  for (const name of ['send-list', 'reserve', 'set-profile', 'composite', 'install-certificate', 'delete-certificate'])
    expect(text).toContain(`/commands/${name}"`);
  expect(await faultsOfHtml(text)).toEqual([]);
});

test('the API takes the same calls in the words of the standard, and refuses what the standard does not have', async () => {
  const web = fixtureWeb({ manual: true });
  const post = (body: object) =>
    web.app.request('/api/charge-points/MAD-1000/commands', {
      method: 'POST',
      headers: { Authorization: `Bearer ${API_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  const list = { action: 'SendLocalList', listVersion: 3, updateType: 'Full' };
  expect((await post(list)).status).toBe(202);
  expect((await post({ ...list, hash: 'x' })).status).toBe(400);
  expect(
    (
      await post({
        action: 'UpdateFirmware',
        location: 'file:///etc/passwd',
        retrieveDate: new Date(NOW_MS).toISOString(),
      })
    ).status,
  ).toBe(400);
  const limit = (value: number) => ({
    action: 'SetChargingProfile',
    connectorId: 0,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'ChargePointMaxProfile',
      chargingProfileKind: 'Absolute',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: value }] },
    },
  });
  expect((await post(limit(16.1))).status).toBe(202);
  expect((await post(limit(16.15))).status).toBe(400);
});

test('field-30: the ways in which a limit was tried stand under its steps, with what confirms it', async () => {
  const web = fixtureWeb({ manual: true });
  const headers = { Cookie: await signedIn(web.app) };
  const answer = await web.app.request('/fleet/MAD-1000/commands/set-profile', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams(profile).toString(),
  });
  const id = /#command-(.+)$/.exec(answer.headers.get('Location') ?? '')?.[1] ?? '';
  const read = readCommand(t, 'set-profile', profile, NOW_MS);
  if (!read.ok || read.call.action !== 'SetChargingProfile') throw new Error('the form is wrong');
  const { call } = read;
  const watts = { ...call.csChargingProfiles.chargingSchedule, chargingRateUnit: 'W' } as const;
  const other = { ...call, csChargingProfiles: { ...call.csChargingProfiles, chargingSchedule: watts } };
  const habit = { purposes: {}, stackLevelMax: null, unit: 'W', refusesZero: false, lacksComposite: false } as const;
  const trials = [
    { call, said: 'Rejected', atMs: NOW_MS },
    { call: other, said: 'Accepted', atMs: NOW_MS },
  ];
  const progress = { habit, charging: [1], trials, scheduledA: 16.5, measuredMa: 15_900 };
  web.directory.progress(id, 'confirmed', { profile: progress });
  const text = await (await web.app.request('/fleet/MAD-1000', { headers })).text();
  for (const words of [
    '16,5 A — refusée',
    '16,5 W — acceptée',
    'de la borne\u00a0: 16,5 A par phase',
    'mesurée\u00a0: 15,9 A',
  ])
    expect(text).toContain(words);
  expect(text).toMatch(/class="ahead">\s*<span>mesurée/);
  expect(await faultsOfHtml(text)).toEqual([]);
});
