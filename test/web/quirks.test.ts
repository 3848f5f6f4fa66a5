import { afterAll, beforeAll, expect, test } from 'vitest';
import { knock, type Charger } from '../fixtures/charger.ts';
import { officeForms, PLACE } from '../fixtures/office-forms.ts';
import { OPERATOR, startOfficeServer, type OfficeServer } from '../fixtures/office-server.ts';
import { until } from '../fixtures/until.ts';

let server: OfficeServer;
beforeAll(async () => {
  server = await startOfficeServer();
}, 30_000);
afterAll(() => server.stop());

const MERCHANT = 'commercant';
const NEIGHBOUR = 'voisin';
const { made, formOf } = officeForms(() => server);

async function dialled(identity: string, protocols?: readonly string[]): Promise<Charger> {
  const knocked = await knock(`ws://127.0.0.1:${server.vigie.ocppJsonPort}/${identity}`, {
    protocols: protocols ?? ['ocpp1.6'],
  });
  if (!knocked.ok) throw new Error(`${identity} was refused`);
  return knocked.charger;
}

/** The page once it says so: the fleet hears of what happened ten times a second. */
function pageWith(who: string, text: string): Promise<string> {
  return until(`a passport with ${text}`, async () => {
    const page = (await server.get(who, '/quirks')).text;
    return page.includes(text) ? page : null;
  });
}

test('what was forgiven is explained by make, model and firmware, with a link to examples, and to whom it concerns', async () => {
  const charger = await dialled('PON-1', []);
  await charger.ask(
    'b',
    '[2,"b","BootNotification",{"chargePointVendor":"Fabrique","chargePointModel":"M1","firmwareVersion":"4.2"}]',
  );
  await charger.ask('s', '[2,"s","StatusNotification",{"connectorId":"1","status":"Available","errorCode":"NoError"}]');
  const page = await pageWith(MERCHANT, 'type converti');
  expect(page).toContain('Fabrique M1');
  expect(page).toContain('Logiciel 4.2');
  expect(page).toContain('un nombre écrit entre guillemets');
  const link = /href="([^"]*q=coerced-type)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const example = await until('the example', async () => {
    const { text } = await server.get(MERCHANT, link);
    return text.includes('&quot;connectorId&quot;: &quot;1&quot;') ? text : null;
  });
  expect(example).toContain('/fleet/PON-1/events?at=');
  expect((await server.get(OPERATOR, '/quirks')).text).toContain('Fabrique M1');
  expect((await server.get(NEIGHBOUR, '/quirks')).text).not.toContain('Fabrique');
  const csv = (await server.get(MERCHANT, '/quirks.csv')).text;
  expect(csv.split('\r\n').find((line) => line.includes('type converti'))).toMatch(
    /^Fabrique;M1;4\.2;type converti;[^;]*;1;1;\d{4}-\d\d-\d\d \d\d:\d\d:\d\d;PON-1$/,
  );
  expect((await server.get(NEIGHBOUR, '/quirks.csv')).text).not.toContain('Fabrique');
  await charger.close();
});

test('the switch of a station makes its charger strict while it is connected, and lenient again', async () => {
  const station = { ...PLACE, name: 'Examen', identity: 'EXAM-1', evses: '1' };
  const path = await made(MERCHANT, '/stations', station);
  const charger = await dialled('EXAM-1');
  const odd = (id: string) => charger.ask(id, `[2,"${id}","Heartbeat",{"uptime":12}]`);
  expect(await odd('a')).toMatchObject([3, 'a', {}]);
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), leniency: 'strict' });
  let asked = 0;
  await until('the protocol’s error', async () => {
    const [kind, , code] = await odd(`b${(asked += 1)}`);
    return kind === 4 && code === 'FormationViolation';
  });
  expect((await server.get(MERCHANT, '/fleet/EXAM-1/events')).text).toContain('FormationViolation');
  const box = await until('the page to say it', async () => {
    const { text } = await server.get(MERCHANT, '/fleet/EXAM-1');
    return text.includes('Strict\u00a0: rien n’est pardonné') ? text : null;
  });
  expect(box).toContain(`href="${path}#field-leniency"`);
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), leniency: 'tolerant' });
  await until('its answer', async () => (await odd(`c${(asked += 1)}`))[0] === 3);
  await charger.close();
});

test('field-25: a link whose handshake was forgiven is closed once its station is strict, and that handshake is refused', async () => {
  const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Examen 2', identity: 'EXAM-2', evses: '1' });
  const charger = await dialled('EXAM-2', []);
  await charger.ask('a', '[2,"a","Heartbeat",{}]');
  await made(MERCHANT, path, { ...(await formOf(MERCHANT, path)), leniency: 'strict' });
  expect((await charger.closed).code).toBe(4004);
  expect((await (await dialled('EXAM-2', [])).closed).code).toBe(1002);
  await (await dialled('EXAM-2')).close();
});

test('field-30: how an edition takes limits stands in its passport, for whose chargers it is', async () => {
  const charger = await dialled('PON-2');
  await charger.boot({ chargePointVendor: 'Têtue', chargePointModel: 'M2' });
  const limit = {
    purpose: 'TxDefaultProfile',
    connectorId: '1',
    limit: '16',
    unit: 'A',
    stackLevel: '0',
    profileId: '7',
  };
  expect((await server.post(MERCHANT, '/fleet/PON-2/commands/set-profile', limit)).status).toBe(303);
  charger.reply((await charger.nextCall()).id, { status: 'Rejected' });
  const next = await charger.nextCall();
  expect(JSON.stringify(next.payload)).toContain('"chargingRateUnit":"W"');
  charger.reply(next.id, { status: 'Accepted' });
  const page = await pageWith(MERCHANT, 'limites en W seulement');
  expect(page).toContain('Têtue M2');
  expect((await server.get(NEIGHBOUR, '/quirks')).text).not.toContain('Têtue');
  await charger.close();
});

test('field-30: a limit in amperes is put in watts of as many phases as the station says that feed its point', async () => {
  const path = await made(MERCHANT, '/stations', { ...PLACE, name: 'Monophasée', identity: 'MONO-1', evses: '2' });
  const point = `${path}/evses/1`;
  await made(MERCHANT, point, { ...(await formOf(MERCHANT, point)), supply: 'single-phase', phase: '1' });
  const charger = await dialled('MONO-1');
  await charger.boot({ chargePointVendor: 'Mono', chargePointModel: 'M3' });
  await until('it on the fleet', async () => (await server.get(MERCHANT, '/fleet/MONO-1')).status === 200);
  const limitW = async (connectorId: string): Promise<unknown> => {
    const limit = { purpose: 'TxDefaultProfile', connectorId, limit: '10', unit: 'A', stackLevel: '0', profileId: '7' };
    expect((await server.post(MERCHANT, '/fleet/MONO-1/commands/set-profile', limit)).status).toBe(303);
    charger.reply((await charger.nextCall()).id, { status: 'Rejected' });
    const { id, payload } = await charger.nextCall();
    charger.send(JSON.stringify([4, id, 'NotSupported', '', {}]));
    const { csChargingProfiles: profile } = payload as { csChargingProfiles: { chargingSchedule: object } };
    return profile.chargingSchedule;
  };
  const watts = (limit: number) => ({ chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] });
  expect(await limitW('1')).toMatchObject(watts(2_300));
  expect(await limitW('2')).toMatchObject(watts(6_900));
  await charger.close();
});
