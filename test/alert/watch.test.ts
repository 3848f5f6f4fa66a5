import { expect, test } from 'vitest';
import { factsOf } from '#actors/alert/facts.ts';
import type { ChargerFacts } from '#actors/alert/messages.ts';
import { AlertWatch, RETURN_MS, TOLD_AT_ONCE_MAX } from '#actors/alert/watch.ts';
import { freshConnector, type ConnectorState, type OpenSession } from '#actors/connector/state.ts';
import { FleetBoard, type FleetBatch } from '#actors/fleet/board.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
import type { ChargePointErrorCode, ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import { aChargePoint, aStation } from '../storage/rows.ts';

const HOUR_MS = 3_600_000;
const T0 = 1_800_000_000_000;
const LIMITS = { beforeMinutes: 15, afterMinutes: null, maxMinutes: null };
const roster = (heardAtMs: number | null): RosterRow => ({
  ...aChargePoint({ chargePointId: 'CP1', connectors: 1 }),
  station: aStation(),
  heardAtMs,
  historySinceMs: 0,
});

/** A fleet of one charger with its watch, and what its alerts were told. */
function watched(of: { heardAtMs?: number | null; limited?: boolean } = {}) {
  const heard: ChargerFacts[] = [];
  const watch = new AlertWatch({
    startedAtMs: T0,
    limits: new Map(of.limited === true ? [['CP1', LIMITS]] : []),
    tell: (_chargePointId, facts) => void heard.push(facts),
  });
  const board = new FleetBoard(T0, watch);
  const apply = (batch: Partial<FleetBatch>, atMs: number) => {
    board.apply({ chargePoints: [], connectors: [], heard: new Map(), declared: [], gone: [], ...batch }, atMs);
    board.settle(atMs + 1_000);
    watch.drain();
  };
  apply({ declared: [roster(of.heardAtMs === undefined ? T0 : of.heardAtMs)] }, T0);
  return {
    watch,
    board,
    apply,
    told(): readonly ChargerFacts[] {
      watch.drain();
      return heard;
    },
  };
}

function reporting(
  status: ChargePointStatus | null,
  more: { errorCode?: ChargePointErrorCode; session?: Partial<OpenSession>; atMs?: number } = {},
): ConnectorState {
  const fresh = freshConnector('CP1', 1);
  const session = { startedAtMs: T0, ...more.session } as OpenSession;
  return {
    ...fresh,
    reported: { ...fresh.reported, status, errorCode: more.errorCode ?? 'NoError', atMs: more.atMs ?? T0 },
    use: more.session === undefined ? fresh.use : { phase: 'charging', session, doubtedSinceMs: null },
  };
}

test('a charger that is well, and stays so, says nothing to its alerts, however busy it is', () => {
  const { told, apply } = watched();
  for (const [turn, status] of (['Preparing', 'Charging', 'Finishing', 'Available'] as const).entries())
    apply({ connectors: [reporting(status)], heard: new Map([['CP1', T0 + turn * 2_000]]) }, T0 + turn * 2_000);
  expect(told()).toEqual([]);
});

test('ALR-01: a fault of a part, of the box, or an error beside another status is told once, and so is its end', () => {
  const { told, apply } = watched();
  const faulty = reporting('Faulted', { errorCode: 'GroundFailure' });
  apply({ connectors: [faulty] }, T0 + 2_000);
  apply({ connectors: [{ ...faulty }], heard: new Map([['CP1', T0 + 4_000]]) }, T0 + 4_000);
  expect(told().map(({ faults }) => faults)).toEqual([[{ code: 'GroundFailure', parts: [1] }]]);
  apply({ connectors: [reporting('Available', { errorCode: 'WeakSignal' })] }, T0 + 6_000);
  apply({ connectors: [reporting('Faulted')] }, T0 + 8_000);
  apply({ connectors: [reporting('Available')] }, T0 + 10_000);
  expect(
    told()
      .slice(1)
      .map(({ faults }) => faults),
  ).toEqual([[{ code: 'WeakSignal', parts: [1] }], [{ code: 'NoError', parts: [1] }], []]);
});

test('ALR-01: a charger is absent after one hour of silence, and no longer when it is heard', () => {
  const { told, apply, board } = watched();
  apply({ heard: new Map([['CP1', T0 + HOUR_MS]]) }, T0 + HOUR_MS);
  board.age(T0 + 2 * HOUR_MS);
  expect(told()).toEqual([]);
  board.age(T0 + 2 * HOUR_MS + 1);
  expect(told().map(({ absent }) => absent)).toEqual([true]);
  apply({ heard: new Map([['CP1', T0 + 3 * HOUR_MS]]) }, T0 + 3 * HOUR_MS);
  expect(told().map(({ absent }) => absent)).toEqual([true, false]);
});

test('a server that was away tells of no absence before chargers had the time to come back', () => {
  const { told, board, watch } = watched({ heardAtMs: T0 - 5 * HOUR_MS });
  board.age(T0 + RETURN_MS - 1);
  watch.sweep(board, T0 + RETURN_MS - 1);
  expect(told().filter(({ absent }) => absent === true)).toEqual([]);
  watch.sweep(board, T0 + RETURN_MS);
  expect(told().at(-1)?.absent).toBe(true);
  const count = told().length;
  watch.sweep(board, T0 + RETURN_MS + 1);
  expect(told()).toHaveLength(count);
});

test('a charger that was never heard is not absent: it was not there yet', () => {
  const { told, board, watch } = watched({ heardAtMs: null });
  board.age(T0 + 2 * HOUR_MS);
  watch.sweep(board, T0 + 2 * HOUR_MS);
  expect(told()).toEqual([]);
});

test('what its alerts may not have heard is told again, whole', () => {
  const { told, apply, watch, board } = watched();
  apply({ connectors: [reporting('Faulted', { errorCode: 'GroundFailure' })] }, T0 + 2_000);
  watch.forget('CP1');
  watch.sweep(board, T0 + 4_000);
  watch.sweep(board, T0 + 5_000);
  expect(told()).toHaveLength(2);
  expect(told()[1]).toEqual(told()[0]);
  // Alerts of a former life, of a charger that is well now or is not declared any more.
  apply({ connectors: [reporting('Available')] }, T0 + 6_000);
  watch.forget('CP1');
  watch.forget('CP-OF-LAST-YEAR');
  watch.sweep(board, T0 + 8_000);
  expect(told().slice(3)).toMatchObject([{ faults: [] }, { faults: [] }]);
});

test('a charger that is taken off the fleet is well, as far as alerts go', () => {
  const { told, apply } = watched();
  apply({ connectors: [reporting('Faulted', { errorCode: 'GroundFailure' })] }, T0 + 2_000);
  apply({ gone: ['CP1'] }, T0 + 4_000);
  expect(told().at(-1)).toMatchObject({ faults: [], absent: false });
});

test('ALR-03: where a stay is in its course is read from the status, and from the session', () => {
  const { board, apply } = watched({ limited: true });
  const seen = (connector: ConnectorState) => {
    apply({ connectors: [connector] }, T0 + 10_000);
    const view = board.find('CP1');
    if (view === null) throw new Error('no view');
    const [vehicle] = factsOf(view, LIMITS, true).vehicles;
    return [vehicle?.occupancy, (vehicle?.sinceMs ?? 0) - T0];
  };
  const at = { atMs: T0 + 5_000 };
  const session = { startedAtMs: T0 + 1_000 };
  expect(seen(reporting('Available', at))).toEqual([undefined, -T0]);
  expect(seen(reporting(null))).toEqual([undefined, -T0]);
  expect(seen(reporting('Preparing', at))).toEqual(['before', 5_000]);
  expect(seen(reporting('Preparing', { ...at, session }))).toEqual(['charging', 1_000]);
  expect(seen(reporting('Charging', { ...at, session }))).toEqual(['charging', 1_000]);
  expect(seen(reporting('SuspendedEVSE', { ...at, session }))).toEqual(['charging', 1_000]);
  expect(seen(reporting('SuspendedEV', { ...at, session }))).toEqual(['after', 5_000]);
  expect(seen(reporting('Finishing', at))).toEqual(['after', 5_000]);
  expect(seen(reporting('Faulted', at))).toEqual(['unknown', 5_000]);
  expect(seen(reporting('Unavailable', { ...at, session }))).toEqual(['charging', 1_000]);
});

test('vehicles are of no interest where a station sets no limit, and become so when it does', () => {
  const { told, apply, watch } = watched();
  apply({ connectors: [reporting('Preparing')] }, T0 + 2_000);
  expect(told()).toEqual([]);
  watch.changed('CP1', LIMITS);
  apply({ declared: [roster(T0)] }, T0 + 4_000);
  expect(told().at(-1)).toMatchObject({ limits: LIMITS, vehicles: [{ connectorId: 1, occupancy: 'before' }] });
});

test('a whole fleet that falls silent is told of in turns, each charger by its latest facts', () => {
  const told: string[] = [];
  const watch = new AlertWatch({
    startedAtMs: T0,
    limits: new Map(),
    tell: (id, { faults }) => void told.push(`${id}/${faults.length}`),
  });
  const board = new FleetBoard(T0, watch);
  const ids = Array.from({ length: TOLD_AT_ONCE_MAX + 1 }, (_, index) => `CP${index}`);
  const declared = ids.map((chargePointId) => ({ ...roster(T0), chargePointId }));
  board.apply({ chargePoints: [], connectors: [], heard: new Map(), declared, gone: [] }, T0);
  board.age(T0 + 2 * HOUR_MS);
  const faulty = { ...reporting('Faulted', { errorCode: 'GroundFailure' }), chargePointId: 'CP0' };
  board.apply({ chargePoints: [], connectors: [faulty], heard: new Map(), declared: [], gone: [] }, T0 + 3 * HOUR_MS);
  board.settle(T0 + 4 * HOUR_MS);
  watch.drain();
  expect(told).toHaveLength(TOLD_AT_ONCE_MAX);
  expect(told[0]).toBe('CP0/1');
  watch.drain();
  expect(told).toEqual(ids.map((id) => (id === 'CP0' ? 'CP0/1' : `${id}/0`)));
});
