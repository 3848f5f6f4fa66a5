import { expect, test } from 'vitest';
import { retold } from '#actors/archive/past.ts';
import { EVENTS_READ_MAX, pastOf } from '#actors/archive/time-machine.ts';
import type { EventRow, StoredEvent } from '#src/storage/ports.ts';
import { openMemory } from '#src/storage/memory/open.ts';
import { reread } from '#src/wire/all.ts';
import { anEvent } from '../storage/rows.ts';

const T0_MS = Date.UTC(2026, 5, 1, 8);
const MINUTE_MS = 60_000;

function frame(action: string, payload: object, more: Partial<EventRow> = {}): EventRow {
  const request = JSON.stringify([2, 'm', action, payload]);
  return anEvent({
    chargePointId: 'CP1',
    connectorId: 1,
    kind: 'frame-in',
    name: action,
    request,
    note: null,
    answer: null,
    ...more,
  });
}
const status = (word: string, atMs: number) =>
  frame('StatusNotification', { connectorId: 1, status: word, errorCode: 'NoError' }, { atMs });
const start = (transactionId: number, atMs: number) =>
  frame(
    'StartTransaction',
    { connectorId: 1, idTag: 'ALICE', meterStart: 1_000, timestamp: new Date(atMs).toISOString() },
    { atMs, answer: JSON.stringify([3, 'm', { transactionId, idTagInfo: { status: 'Accepted' } }]) },
  );
const meter = (transactionId: number, registerWh: number, atMs: number) => {
  const sampledValue = [{ value: String(registerWh) }, { value: '7000', measurand: 'Power.Active.Import' }];
  const meterValue = [{ timestamp: new Date(atMs).toISOString(), sampledValue }];
  return frame('MeterValues', { connectorId: 1, transactionId, meterValue }, { atMs, level: 'debug' });
};
const link = (name: string, atMs: number) =>
  anEvent({ chargePointId: 'CP1', connectorId: null, kind: 'link', name, request: null, answer: null, atMs });

const MORNING: readonly EventRow[] = [
  link('link-up', T0_MS),
  frame(
    'BootNotification',
    { chargePointVendor: 'Fabrique', chargePointModel: 'M1' },
    { atMs: T0_MS + 1, connectorId: null, answer: '[3,"m",{"status":"Accepted"}]' },
  ),
  status('Available', T0_MS + MINUTE_MS),
  status('Preparing', T0_MS + 2 * MINUTE_MS),
  start(7, T0_MS + 3 * MINUTE_MS),
  meter(7, 1_500, T0_MS + 4 * MINUTE_MS),
  frame(
    'StopTransaction',
    { transactionId: 7, meterStop: 2_000, timestamp: new Date(T0_MS).toISOString() },
    { atMs: T0_MS + 5 * MINUTE_MS },
  ),
  link('link-down', T0_MS + 6 * MINUTE_MS),
];

function told(rows: readonly EventRow[]): readonly StoredEvent[] {
  return rows.map((row, index) => ({ ...row, id: index + 1 }));
}

/** A storage that journalled these. */
async function journalled(rows: readonly EventRow[]) {
  const storage = openMemory({ now: () => T0_MS });
  for (const row of rows) storage.note(row);
  await storage.actors.drain();
  return storage.reader;
}

const query = { chargePointId: 'CP1', fromMs: 0, connectorIds: [1] };

test('a charger is retold up to the chosen moment: link, boot, state, session and its last reading', async () => {
  const reader = await journalled(MORNING);
  const at = async (minutes: number) =>
    (await pastOf(reader, reread, { ...query, atMs: T0_MS + minutes * MINUTE_MS })).past;
  const charging = await at(4);
  expect(charging.link).toMatchObject({ up: true, sinceMs: T0_MS });
  expect(charging.boot).toMatchObject({ atMs: T0_MS + 1, boot: { chargePointModel: 'M1' } });
  expect(charging.connectors.get(1)).toMatchObject({
    status: { status: 'Preparing', sinceMs: T0_MS + 2 * MINUTE_MS },
    session: {
      transactionId: 7,
      idTag: 'ALICE',
      energyWh: 500,
      registerWh: 1_500,
      powerW: 7_000,
      readAtMs: T0_MS + 4 * MINUTE_MS,
    },
  });
  expect((await at(2)).connectors.get(1)?.session).toBeNull();
  expect((await at(5)).connectors.get(1)?.session).toBeNull();
  expect((await at(6)).link).toMatchObject({ up: false });
});

test('a second holds all that happened in it, and the events around it come with it', async () => {
  const reader = await journalled(MORNING);
  const view = await pastOf(reader, reread, { ...query, atMs: T0_MS + 3 * MINUTE_MS });
  expect(view.before.map(({ name }) => name).slice(0, 2)).toEqual(['StartTransaction', 'StatusNotification']);
  expect(view.after.map(({ name }) => name)).toEqual(['MeterValues', 'StopTransaction', 'link-down']);
  expect(view).toMatchObject({ isWhole: true, isComplete: true, readBackToMs: T0_MS });
});

test('what was not told, or was purged, is unknown and not guessed', () => {
  const tail = told(MORNING).slice(5, 6);
  const past = retold(tail, reread);
  expect(past).toMatchObject({ link: null, boot: null, box: null });
  expect(past.connectors.get(1)).toMatchObject({
    status: null,
    session: { transactionId: 7, idTag: null, startedAtMs: null, energyWh: null, registerWh: 1_500 },
  });
  expect(retold([], reread).connectors.size).toBe(0);
});

test('history begins where the station got the charger, for whoever asks so', async () => {
  const reader = await journalled(MORNING);
  const view = await pastOf(reader, reread, { ...query, fromMs: T0_MS + 2 * MINUTE_MS, atMs: T0_MS + 3 * MINUTE_MS });
  expect(view.past.boot).toBeNull();
  expect(view.before.at(-1)?.atMs).toBe(T0_MS + 2 * MINUTE_MS);
});

test('a silent connector does not make it read the whole journal: it says how far it went', async () => {
  const beats = Array.from({ length: EVENTS_READ_MAX + 500 }, (_, index) =>
    frame('Heartbeat', {}, { atMs: T0_MS + index, connectorId: null, level: 'debug' }),
  );
  const reader = await journalled(beats);
  const view = await pastOf(reader, reread, { ...query, atMs: T0_MS + MINUTE_MS });
  expect(view).toMatchObject({ isWhole: false, isComplete: false, readBackToMs: T0_MS + 500 });
});

test('a stop that was repeated, or of another session, leaves the running one alone', () => {
  const stop = (transactionId: number | undefined, note: string | null, atMs: number) =>
    frame('StopTransaction', { transactionId, meterStop: 2_000, timestamp: '2026-06-01T08:00:00Z' }, { atMs, note });
  const running = MORNING.slice(0, 6);
  const ends = (row: EventRow) => retold(told([...running, row]), reread).connectors.get(1)?.session === null;
  const atMs = T0_MS + 5 * MINUTE_MS;
  expect(ends(stop(6, 'repeated', atMs))).toBe(false);
  expect(ends(stop(6, 'missing-property,unmatched-transaction', atMs))).toBe(false);
  expect(ends(stop(7, null, atMs))).toBe(true);
  expect(ends(stop(undefined, 'odd-transaction-id', atMs))).toBe(true);
});

test('hostile or cut texts in the journal tell nothing, and stop nothing', () => {
  const odd = [
    '',
    '[',
    '[2,"m","StatusNotification",',
    '<xml/>',
    'x'.repeat(2_000),
    '[2,"m","StatusNotification",{"status":{}}]',
  ];
  const rows = odd.map((request) => anEvent({ chargePointId: 'CP1', kind: 'frame-in', name: 'x', request }));
  expect(retold(told(rows), reread).connectors.size).toBe(0);
});
