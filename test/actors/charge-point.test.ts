import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandOf } from '#actors/charge-point/kept-commands.ts';
import { decide } from '#actors/charge-point/decide.ts';
import { isAnothers } from '#actors/charge-point/holder.ts';
import {
  BOXES_MAX,
  boxesOf,
  hostOf,
  LEARNT_AFTER_MS,
  TAKEOVER_WINDOW_MS,
  withBox,
} from '#actors/charge-point/boxes.ts';
import { STRAYS_MAX } from '#actors/charge-point/strays.ts';
import { TAKEOVERS_MAX } from '#actors/charge-point/twins.ts';
import { freshDurable, freshLive, type ChargePointReady, type ChargePointState } from '#actors/charge-point/state.ts';
import { NO_HABIT } from '#actors/edition/habit.ts';
import { effectsOf, replay, stored } from '../fixtures/replay.ts';

const T0_MS = Date.UTC(2026, 5, 1, 8);
const BOX: ChargePointState = { chargePointId: 'CP1', durable: freshDurable(), live: freshLive() };

/** A box that dials in from another address each time, and boots under one serial number. */
function moving(times: number, everyMs: number, fromMs = T0_MS): ChargePointReady[] {
  return Array.from({ length: times }, (_, index) => ({
    type: 'link-up',
    linkId: fromMs + index,
    remoteAddress: `10.0.0.${index}`,
    note: null,
    atMs: fromMs + index * everyMs,
  }));
}

test('field-10: a box on a mobile network may move from address to address, as long as it takes its time', () => {
  const { effects } = replay(decide, BOX, moving(30, TAKEOVER_WINDOW_MS / 2));
  expect(stored(effects, 'review')).toEqual([]);
});

test('field-10: a fight that is over is not told again at each later connection', () => {
  const fight = replay(decide, BOX, moving(TAKEOVERS_MAX + 1, 1_000));
  expect(stored(fight.effects, 'review')).toHaveLength(1);
  const { state } = replay(decide, fight.state, [
    { type: 'link-down', linkId: T0_MS + TAKEOVERS_MAX, code: 1006, atMs: T0_MS + 10_000 },
  ]);
  const calm = replay(decide, state, [
    { type: 'link-up', linkId: 1, remoteAddress: '10.0.0.99', note: null, atMs: T0_MS + TAKEOVER_WINDOW_MS * 2 },
    { type: 'link-up', linkId: 2, remoteAddress: '10.0.0.99', note: null, atMs: T0_MS + TAKEOVER_WINDOW_MS * 3 },
  ]);
  expect(stored(calm.effects, 'review')).toEqual([]);
  expect(calm.state.live.takeovers).toEqual([]);
});

const boots = fc.array(
  fc.record({ serial: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), afterMs: fc.nat(3 * LEARNT_AFTER_MS) }),
);

test('field-10: whatever booted before, a box is never kept out by one that has not booted since', () => {
  fc.assert(
    fc.property(boots, fc.array(fc.nat(2 * LEARNT_AFTER_MS), { minLength: 1 }), (past, later) => {
      let atMs = T0_MS;
      let boxes = past.reduce(
        (known, { serial, afterMs }) => withBox(known, serial, (atMs += afterMs)),
        boxesOf(null, null),
      );
      const cameAtMs = atMs;
      for (const afterMs of later) {
        boxes = withBox(boxes, 'NEW', (atMs += afterMs));
        expect(boxes.length).toBeLessThanOrEqual(BOXES_MAX);
        expect(boxes[0]).toMatchObject({
          serial: 'NEW',
          bootedAtMs: atMs,
          cameAtMs: expect.toSatisfy((ms) => ms >= cameAtMs),
        });
        expect(hostOf(boxes, 'NEW', atMs)).toBeNull();
      }
    }),
  );
});

/** Who boots when, in hours since `T0_MS`; whose the identity then is, for the one that booted last. */
function hostAfter(...told: readonly (readonly [serial: string, hours: number])[]): string | null {
  const at = (hours: number) => T0_MS + hours * 3_600_000;
  const boxes = told.reduce((known, [serial, hours]) => withBox(known, serial, at(hours)), boxesOf(null, null));
  const [last = '', hours = 0] = told.at(-1) ?? [];
  return hostOf(boxes, last, at(hours));
}

test.each([
  {
    what: 'the box that was there for a day and comes back',
    told: [
      ['A', 0],
      ['B', 25],
      ['A', 25.01],
      ['B', 25.02],
    ],
    host: 'A',
  },
  {
    what: 'nobody while both are young',
    told: [
      ['A', 0],
      ['B', 23],
      ['A', 23.01],
      ['B', 23.02],
    ],
    host: null,
  },
  {
    what: 'nobody once the older one has been silent for long enough',
    told: [
      ['A', 0],
      ['B', 25],
      ['A', 25.01],
      ['B', 25.2],
    ],
    host: null,
  },
  {
    what: 'the box that had the place, for a third one too',
    told: [
      ['A', 0],
      ['B', 25],
      ['A', 25.01],
      ['C', 25.02],
      ['A', 25.03],
      ['C', 25.04],
    ],
    host: 'A',
  },
  {
    what: 'the replacement that has booted twice, when the older box comes back on another day',
    told: [
      ['A', 0],
      ['B', 99],
      ['B', 999],
      ['A', 2_000],
      ['B', 2_000.01],
      ['A', 2_000.02],
    ],
    host: 'B',
  },
  {
    what: 'not the older box, when it comes back on another day',
    told: [
      ['A', 0],
      ['B', 99],
      ['A', 2_000],
      ['B', 2_000.01],
      ['A', 2_000.02],
      ['B', 2_000.03],
    ],
    host: null,
  },
  {
    what: 'nor a replacement of which only one boot was heard: it may have passed by',
    told: [
      ['A', 0],
      ['B', 99],
      ['A', 2_000],
      ['B', 2_000.01],
      ['A', 2_000.02],
    ],
    host: null,
  },
] as const)('field-10: without a declared serial number the identity is of $what', ({ told, host }) => {
  expect(hostAfter(...told)).toBe(host);
});

test('field-10: in a fight of days nobody gets the place of a box that only reconnects', () => {
  const hours = [0, 25, 60, 60.1, 60.15];
  const told = ['A', 'B', 'B', 'A', 'B'].map(
    (serial, index) => [serial, T0_MS + (hours[index] ?? 0) * 3_600_000] as const,
  );
  const whose = (isCalm: boolean) => {
    const boxes = told.reduce((known, [serial, atMs]) => withBox(known, serial, atMs, isCalm), boxesOf(null, null));
    return boxes.find(({ serial }) => serial === 'A')?.host;
  };
  expect([whose(true), whose(false)]).toEqual(['B', null]);
});

test('field-10: what an older release knew of the last boot is where learning begins', () => {
  const boot = { chargePointVendor: 'Fabrique', chargePointModel: 'M1', chargeBoxSerialNumber: ' A ' };
  expect(boxesOf(boot, T0_MS)).toEqual([{ serial: 'A', cameAtMs: T0_MS, bootedAtMs: T0_MS, host: null }]);
  expect(boxesOf({ ...boot, chargeBoxSerialNumber: ' ' }, T0_MS)).toEqual([]);
});

/** It has booted, and speaks of two connectors. */
const KNOWN: ChargePointState = {
  ...BOX,
  durable: {
    ...BOX.durable,
    stationId: 's1',
    boot: { chargePointVendor: 'Fabrique', chargePointModel: 'M1' },
    connectors: [1, 2],
  },
  live: {
    ...BOX.live,
    link: { linkId: 3, remoteAddress: '10.0.0.1', calledAs: null, security: 0, sinceMs: T0_MS, ready: true },
  },
};

test('the station that has a charger may be told again and again; nothing is written for it', () => {
  const told = { type: 'held-by', stationId: 's1', historySinceMs: 0, atMs: T0_MS } as const;
  const { state, effects } = decide(KNOWN, told);
  expect(state).toBe(KNOWN);
  // Its form may want other values in force: that is looked at later, and nothing is stored for it.
  expect(effects).toEqual([expect.objectContaining({ type: 'wake', key: 'keys-due', volatile: true })]);
});

test.each([
  { leniency: 'strict', forgiven: ['no-subprotocol'], isClosed: true },
  { leniency: 'strict', forgiven: [], isClosed: false },
  { leniency: 'tolerant', forgiven: ['unsupported-subprotocol'], isClosed: true },
  { leniency: 'tolerant', forgiven: ['no-subprotocol'], isClosed: false },
  { leniency: 'assume-1.6', forgiven: ['unsupported-subprotocol'], isClosed: false },
] as const)(
  'field-25: a link that was forgiven $forgiven is closed: $isClosed, where its station is $leniency',
  (of) => {
    const { leniency, forgiven, isClosed } = of;
    const told = { type: 'held-by', stationId: 's1', historySinceMs: 0, leniency, atMs: T0_MS } as const;
    const dialled = { type: 'link-up', linkId: 4, remoteAddress: '10.0.0.1', tolerated: forgiven, note: null } as const;
    const { effects } = replay(decide, { ...KNOWN, live: freshLive() }, [{ ...dialled, atMs: T0_MS }, told]);
    expect(effectsOf(effects, 'close-link').map(({ linkId, code }) => [linkId, code])).toEqual(
      isClosed ? [[4, 4004]] : [],
    );
  },
);

test('its first station takes a charger as it is', () => {
  const told = { type: 'held-by', stationId: 's1', historySinceMs: 0, atMs: T0_MS } as const;
  const unheld = { ...KNOWN, durable: { ...KNOWN.durable, stationId: null } };
  expect(decide(unheld, told).state).toEqual(KNOWN);
});

test('another station gets a charger without a past: it boots anew, and every connector is told through the outbox', () => {
  const told = { type: 'held-by', stationId: 's2', historySinceMs: T0_MS, atMs: T0_MS + 1 } as const;
  const { state, effects } = decide(KNOWN, told);
  expect(state.durable).toEqual({ ...freshDurable(), stationId: 's2' });
  expect(effects.map((effect) => (effect.type === 'post' ? effect.envelope.to : effect.type))).toEqual([
    'connector/CP1/1',
    'connector/CP1/2',
    'close-link',
  ]);
});

test('at a start, a charger is another station’s when its snapshot says so, or when its identity was let go of', () => {
  const unheld = { ...KNOWN, durable: { ...KNOWN.durable, stationId: null } };
  expect(isAnothers(KNOWN, { stationId: 's2', historySinceMs: 0 })).toBe(true);
  expect(isAnothers(KNOWN, { stationId: 's1', historySinceMs: T0_MS })).toBe(false);
  expect(isAnothers(unheld, { stationId: 's1', historySinceMs: 0 })).toBe(false);
  expect(isAnothers(unheld, { stationId: 's1', historySinceMs: T0_MS })).toBe(true);
});

test('field-30: a limit that reached nobody has not been put to anybody: it waits, whatever becomes of other commands', () => {
  const csChargingProfiles = {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
  } as const;
  const asked = { type: 'command', requestedBy: 'ada', atMs: T0_MS, replyTo: { ask: 1 } } as const;
  const { state } = replay(decide, BOX, [
    {
      ...asked,
      commandId: 'limit',
      call: { action: 'SetChargingProfile', connectorId: 1, csChargingProfiles },
      expiresAtMs: T0_MS + 3_600_000,
      way: 5,
      profile: { habit: NO_HABIT, charging: [] },
    },
    { type: 'unreachable', linkId: 5, callId: 'limit', why: 'timed-out', address: null, atMs: T0_MS + 1 },
    { type: 'link-up', linkId: 7, remoteAddress: '10.0.0.1', note: null, atMs: T0_MS + 2 },
    { ...asked, commandId: 'other', call: { action: 'ClearCache' } },
    { type: 'link-down', linkId: 7, code: 1006, atMs: T0_MS + 3 },
  ]);
  expect(commandOf(state, 'other')).toMatchObject({ phase: 'failed', cause: 'link-lost' });
  expect(commandOf(state, 'limit')).toMatchObject({ phase: 'queued', ended: false });
  expect(state.live.waiting).toEqual(['limit']);
});

test('a password that waits for an absent charger is forgotten with its command', () => {
  const asked = { type: 'command', requestedBy: 'ada', atMs: T0_MS, expiresAtMs: T0_MS + 3_600_000 } as const;
  const call = { action: 'ChangeConfiguration', key: 'AuthorizationKey', value: 'secret' } as const;
  const { state } = replay(decide, BOX, [
    { ...asked, commandId: 'password', call, replyTo: { ask: 1 } },
    { type: 'withdraw', commandId: 'password', by: 'ada', atMs: T0_MS + 1, replyTo: { ask: 2 } },
    { ...asked, commandId: 'other', call: { action: 'ClearCache' }, replyTo: { ask: 3 } },
  ]);
  expect(JSON.stringify(state)).not.toContain('"secret"');
});

test.each([
  { what: 'over JSON', protocol: 'ocpp-1.6-json', boot: {}, seconds: 60 },
  {
    what: 'over JSON with a SIM card',
    protocol: 'ocpp-1.6-json',
    boot: { iccid: '8933150319051234567' },
    seconds: 120,
  },
  { what: 'over SOAP', protocol: 'ocpp-1.5-soap', boot: {}, seconds: 120 },
  { what: 'over LafonPulse', protocol: 'lafonpulse', boot: {}, seconds: 90 },
  { what: 'over LafonPulse with a SIM card', protocol: 'lafonpulse', boot: { imsi: '208' }, seconds: 120 },
] as const)('field-15: a charger $what has $seconds s to answer', ({ protocol, boot, seconds }) => {
  const durable = { ...KNOWN.durable, boot: { chargePointVendor: 'Fabrique', chargePointModel: 'M1', ...boot } };
  const linked = { ...KNOWN, durable, live: { ...KNOWN.live, protocol } };
  const asked = { type: 'command', commandId: 'c1', requestedBy: 'ada', atMs: T0_MS, replyTo: { ask: 1 } } as const;
  const { effects } = decide(linked, { ...asked, call: { action: 'ClearCache' } });
  expect(effects).toContainEqual(expect.objectContaining({ key: 'no-answer/c1', atMs: T0_MS + seconds * 1000 }));
});

test('field-03: samples of a transaction that nobody knows wait for its stop, for a few transactions, and for one stop', () => {
  const stray = (transactionId: number, registerWh: number, minutes: number): ChargePointReady => ({
    type: 'stray-samples',
    connectorId: 2,
    transactionId,
    samples: {
      count: 1,
      firstAtMs: T0_MS,
      lastAtMs: T0_MS + minutes * 60_000,
      firstWh: registerWh,
      highestWh: registerWh,
    },
    atMs: T0_MS,
  });
  const many = replay(
    decide,
    KNOWN,
    Array.from({ length: STRAYS_MAX + 5 }, (_, index) => stray(100 + index, 1, 0)),
  );
  expect(many.state.durable.strays).toHaveLength(STRAYS_MAX);
  const { state } = replay(decide, many.state, [stray(7, 900, 3), stray(7, 1_400, 9), stray(7, 1_200, 5)]);
  const stop = {
    type: 'call',
    from: { linkId: 3, messageId: 'm' },
    frame: null,
    tolerated: [],
    atMs: T0_MS,
    call: {
      action: 'StopTransaction',
      transactionId: 7,
      meterStop: 0,
      timestamp: { raw: '', ms: T0_MS },
      reason: 'Local',
      samples: [],
    },
    facts: { about: 'stop', ended: null },
  } as const;
  const samples = { count: 3, firstAtMs: T0_MS, lastAtMs: T0_MS + 9 * 60_000, firstWh: 900, highestWh: 1_400 };
  const stopped = replay(decide, JSON.parse(JSON.stringify(state)) as ChargePointState, [stop, stop]);
  expect(effectsOf(stopped.effects, 'tell').map(({ to, message }) => [to, message])).toEqual(
    Array.from({ length: 2 }, () => ['connector/CP1/2', expect.objectContaining({ type: 'stop', samples })]),
  );
  const next = decide(stopped.state, stray(7, 50, 60));
  expect(next.state.durable.strays[0]?.samples).toMatchObject({ count: 1, highestWh: 50 });
});
