import { describe, expect, test } from 'vitest';
import { decide } from '#actors/charge-point/decide.ts';
import { KEYS_AFTER_MS } from '#actors/charge-point/forced-keys.ts';
import {
  freshDurable,
  freshLive,
  type ChargePointReady,
  type ChargePointState,
  type ReadyForceKey,
} from '#actors/charge-point/state.ts';
import { FORCED_KEYS_MAX, wantedKeys, type ForcedKeyRow, type StationKeys } from '#src/domain/forced-keys.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { effectsOf, replay, stored } from '../fixtures/replay.ts';

const T0_MS = Date.UTC(2026, 5, 1, 8);
const LINK = {
  linkId: 3,
  remoteAddress: '10.0.0.1',
  calledAs: null,
  security: 0,
  sinceMs: T0_MS,
  ready: true,
} as const;
const BOX: ChargePointState = {
  chargePointId: 'CP1',
  durable: { ...freshDurable(), stationId: 's1', boot: { chargePointVendor: 'Fabrique', chargePointModel: 'M1' } },
  live: { ...freshLive(), link: LINK },
};
const STATION: StationKeys = {
  stationId: 's1',
  manufacturer: null,
  make: null,
  permanentPowerW: 22_000,
  limitsEnergy: false,
  message: null,
  forced: [],
};

const light = (value: string): ForcedKeyRow => ({ stationId: 's1', key: 'LightIntensity', value, by: 'ada', atMs: 1 });
const due = (booted: boolean, ...forced: readonly ForcedKeyRow[]): ChargePointReady => ({
  type: 'keys-due',
  linkId: 3,
  booted,
  atMs: T0_MS,
  station: { ...STATION, forced },
});
const force = (change: Partial<ReadyForceKey> = {}): ReadyForceKey => ({
  type: 'force-key',
  key: 'LightIntensity',
  value: '20',
  send: true,
  by: 'ada',
  atMs: T0_MS,
  station: STATION,
  replyTo: { ask: 1 },
  ...change,
});
const booted = (atMs: number): ChargePointReady => ({
  type: 'call',
  from: { linkId: 3, messageId: 'b1' },
  call: { action: 'BootNotification', chargePointVendor: 'Fabrique', chargePointModel: 'M1' },
  frame: null,
  tolerated: [],
  atMs,
  facts: { about: 'boot', registeredSerial: null },
});

/** The charger answers each of our calls by its key, until none is left; a key without a status is not answered in time. */
function obeyed(state: ChargePointState, first: ChargePointReady, statuses: Readonly<Record<string, string>>) {
  const calls: CallToChargePoint[] = [];
  let step = decide(state, first);
  for (;;) {
    const [call] = effectsOf(step.effects, 'call');
    if (call === undefined) return { state: step.state, calls };
    calls.push(call.call);
    const { callId } = call;
    const key = call.call.action === 'ChangeConfiguration' ? call.call.key : '';
    const status = statuses[key];
    const answer = { action: 'ChangeConfiguration', status: status ?? '' } as const;
    const common = { linkId: 3, callId, request: null, frame: '[3]', atMs: T0_MS + 1 };
    step = decide(
      step.state,
      status === undefined
        ? { type: 'no-answer', commandId: callId, atMs: T0_MS + 1 }
        : { type: 'answered', outcome: { ok: true, answer, tolerated: [] }, ...common },
    );
  }
}
const phases = (state: ChargePointState, ...forced: readonly ForcedKeyRow[]) => {
  const view = decide(state, { type: 'view', replyTo: { ask: 1 }, station: { ...STATION, forced } });
  const [reply] = effectsOf(view.effects, 'reply');
  const detail = reply?.value as { forced: readonly { key: string; phase: string }[] };
  return Object.fromEntries(detail.forced.map(({ key, phase }) => [key, phase]));
};
const ALL = { HeartbeatInterval: 'Accepted', MeterValueSampleInterval: 'Accepted', LightIntensity: 'Accepted' };

describe('what a station wants', () => {
  test('OCP-16, OCP-17: a beat every 15 minutes and no meter values, for every charger', () => {
    expect(wantedKeys(STATION, 'Fabrique').map(({ key, value }) => `${key}=${value}`)).toEqual([
      'HeartbeatInterval=900',
      'MeterValueSampleInterval=0',
    ]);
  });

  test('OCP-17: a maintainer may want meter values all the same, at one station', () => {
    const forced = [{ ...light('60'), key: 'metervaluesampleinterval' }];
    expect(wantedKeys({ ...STATION, forced }, null)).toContainEqual({
      key: 'metervaluesampleinterval',
      value: '60',
      origin: 'person',
      by: 'ada',
    });
    expect(wantedKeys({ ...STATION, forced }, null)).toHaveLength(2);
  });

  test('SOC-08: {message} in a forced value is the message of its company, on one line, whatever it says; without one, nothing', () => {
    const forced = [{ ...light('Vigie : {message}'), key: 'Welcome' }];
    const shown = (message: string | null) => wantedKeys({ ...STATION, message, forced }, null).at(-1)?.value;
    expect(shown('Bienvenue\r\nà tous, $& {message}')).toBe('Vigie : Bienvenue à tous, $& {message}');
    expect(shown(null)).toBe('Vigie : ');
  });

  test('OCP-13: where the energy of a charge is limited it is told each minute, unless a person wants it otherwise', () => {
    const station = { ...STATION, limitsEnergy: true };
    expect(wantedKeys(station, null)).toContainEqual({
      key: 'MeterValueSampleInterval',
      value: '60',
      origin: 'station',
      by: null,
    });
    const forced = [{ ...light('300'), key: 'MeterValueSampleInterval' }];
    expect(wantedKeys({ ...station, forced }, null)).toMatchObject([{ value: '900' }, { value: '300', by: 'ada' }]);
  });

  test.each([
    ['MADIC industries', null, null],
    [null, 'Madic Industries', null],
    [null, null, 'MADIC'],
  ])('OCP-12: the power of the station goes to a charger by MADIC in kW (%s, %s, %s)', (vendor, manufacturer, make) => {
    const station = { ...STATION, manufacturer, make, permanentPowerW: 7_400 };
    expect(wantedKeys(station, vendor)).toContainEqual({ key: 'PDL_Power', value: '7.4', origin: 'station', by: null });
  });

  test.each([
    ['Nomadica', 22_000],
    ['MADIC', null],
  ])('OCP-12: and to no other, nor while it is unknown (%s, %s W)', (make, permanentPowerW) => {
    const keys = wantedKeys({ ...STATION, make, permanentPowerW }, null);
    expect(keys.map(({ key }) => key)).not.toContain('PDL_Power');
  });
});

describe('after a boot', () => {
  test('field-31: some seconds after its answer everything is sent again, one call after the other', () => {
    const { effects } = decide(BOX, booted(T0_MS));
    const wake = effectsOf(effects, 'wake').find(({ key }) => key === 'keys-due');
    expect(wake).toMatchObject({ volatile: true, message: { type: 'keys-due', linkId: 3, booted: true } });
    expect(wake?.atMs).toBeGreaterThanOrEqual(T0_MS + KEYS_AFTER_MS);
    const { calls, state } = obeyed(BOX, due(true, light('20')), ALL);
    expect(calls).toEqual([
      { action: 'ChangeConfiguration', key: 'HeartbeatInterval', value: '900' },
      { action: 'ChangeConfiguration', key: 'MeterValueSampleInterval', value: '0' },
      { action: 'ChangeConfiguration', key: 'LightIntensity', value: '20' },
    ]);
    expect(Object.values(phases(state, light('20')))).toEqual(['in-force', 'in-force', 'in-force']);
    expect(obeyed(state, due(true, light('20')), ALL).calls).toHaveLength(3);
  });

  test('field-31: a reconnection without a boot is told only what is not in force yet', () => {
    const { state } = obeyed(BOX, due(true), ALL);
    expect(obeyed(state, due(false), ALL).calls).toEqual([]);
    expect(obeyed(state, due(false, light('20')), ALL).calls).toHaveLength(1);
  });

  test('OCP-20: each value says whether it is in force, refused, or needs a reboot', () => {
    const statuses = { ...ALL, LightIntensity: 'RebootRequired', MeterValueSampleInterval: 'Rejected' };
    const { state } = obeyed(BOX, due(true, light('20')), statuses);
    expect(phases(state, light('20'))).toEqual({
      HeartbeatInterval: 'in-force',
      MeterValueSampleInterval: 'refused',
      LightIntensity: 'after-reboot',
    });
    const again = decide(state, booted(T0_MS + 2)).state;
    expect(Object.values(phases(again, light('20')))).toEqual(['awaiting', 'awaiting', 'awaiting']);
    const settled = obeyed(again, due(true, light('20')), statuses).state;
    expect(phases(settled, light('20'))['LightIntensity']).toBe('in-force');
    expect(phases(settled, light('30'))['LightIntensity']).toBe('awaiting');
  });

  test('a charger that does not answer one value is not asked for the others, and may be commanded', () => {
    const { state, calls } = obeyed(BOX, due(true, light('20')), {});
    expect(calls).toHaveLength(1);
    expect(phases(state, light('20'))['HeartbeatInterval']).toBe('no-answer');
    expect(state.live.inFlight).toBeNull();
  });

  test('commands of people go first, and no value fills their list', () => {
    const first = decide(BOX, due(true));
    const asked: ChargePointReady = {
      type: 'command',
      commandId: 'c1',
      call: { action: 'ClearCache' },
      requestedBy: 'ada',
      atMs: T0_MS,
      replyTo: { ask: 2 },
    };
    const { state } = decide(first.state, asked);
    const answer = { action: 'ChangeConfiguration', status: 'Accepted' } as const;
    const callId = effectsOf(first.effects, 'call')[0]?.callId ?? '';
    const { effects } = decide(state, {
      type: 'answered',
      linkId: 3,
      callId,
      outcome: { ok: true, answer, tolerated: [] },
      request: null,
      frame: '[3]',
      atMs: T0_MS,
    });
    expect(effectsOf(effects, 'call').map(({ call }) => call.action)).toEqual(['ClearCache']);
    expect(stored([...first.effects, ...effects], 'command').map(({ command }) => command.commandId)).toEqual(['c1']);
    expect(state.durable.commands.map(({ commandId }) => commandId)).toEqual(['c1']);
  });

  test('a value of a link that is gone is not sent on the next one', () => {
    const gone = decide(BOX, { type: 'link-down', linkId: 3, code: 1006, atMs: T0_MS });
    expect(obeyed(gone.state, due(true), ALL).calls).toEqual([]);
    const cut = decide(decide(BOX, due(true)).state, { type: 'link-down', linkId: 3, code: 1006, atMs: T0_MS });
    expect(cut.state.live).toMatchObject({ errands: [], errand: null, inFlight: null });
  });
});

describe('« Forcer cette valeur »', () => {
  test('OCP-20: it is stored with the station, told in the journal, and sent at once', () => {
    const { effects } = decide(BOX, force());
    expect(stored(effects, 'forced-key')).toEqual([
      {
        type: 'forced-key',
        forced: { stationId: 's1', key: 'LightIntensity', value: '20', by: 'ada', atMs: T0_MS },
      },
    ]);
    expect(stored(effects, 'event')[0]?.event).toMatchObject({
      name: 'key-forced',
      note: 'LightIntensity = 20,by ada',
    });
    expect(effectsOf(effects, 'call')[0]?.call).toMatchObject({ key: 'LightIntensity', value: '20' });
    expect(effectsOf(effects, 'reply')[0]?.value).toEqual({ ok: true });
  });

  test('OCP-20: without a link it is stored, and waits', () => {
    const absent = { ...BOX, live: freshLive() };
    const { effects, state } = decide(absent, force());
    expect(stored(effects, 'forced-key')).toHaveLength(1);
    expect(effectsOf(effects, 'call')).toEqual([]);
    expect(phases(state, light('20'))['LightIntensity']).toBe('awaiting');
  });

  test('OCP-20: it is let go of, and the charger keeps what it has', () => {
    const { effects } = decide(BOX, force({ value: null }));
    expect(stored(effects, 'forced-key-gone')).toEqual([
      { type: 'forced-key-gone', stationId: 's1', key: 'LightIntensity' },
    ]);
    expect(effectsOf(effects, 'call')).toEqual([]);
  });

  test(`a station forces at most ${FORCED_KEYS_MAX} keys; one that it forces already may always change`, () => {
    const forced = Array.from({ length: FORCED_KEYS_MAX }, (_, index) => ({ ...light('1'), key: `Key${index}` }));
    const full = { ...STATION, forced };
    const refused = decide(BOX, force({ station: full }));
    expect(effectsOf(refused.effects, 'reply')[0]?.value).toEqual({ ok: false, why: 'too-many' });
    expect(stored(refused.effects, 'forced-key')).toEqual([]);
    expect(stored(decide(BOX, force({ station: full, key: 'KEY7' })).effects, 'forced-key')).toHaveLength(1);
  });

  test('nothing is forced on a charger of no station', () => {
    const { effects } = decide(BOX, force({ station: null }));
    expect(effectsOf(effects, 'reply')[0]?.value).toEqual({ ok: false, why: 'undeclared' });
  });

  test('another value sent by hand is in force until the next boot, and shows the forced one as awaiting', () => {
    const settled = obeyed(BOX, due(true, light('20')), ALL).state;
    const asked: ChargePointReady = {
      type: 'command',
      commandId: 'c1',
      call: { action: 'ChangeConfiguration', key: 'lightintensity', value: '90' },
      requestedBy: 'bo',
      atMs: T0_MS,
      replyTo: { ask: 2 },
    };
    const answered: ChargePointReady = {
      type: 'answered',
      linkId: 3,
      callId: 'c1',
      outcome: { ok: true, answer: { action: 'ChangeConfiguration', status: 'Accepted' }, tolerated: [] },
      request: null,
      frame: '[3]',
      atMs: T0_MS,
    };
    const { state } = replay(decide, settled, [asked, answered]);
    expect(phases(state, light('20'))['LightIntensity']).toBe('awaiting');
  });

  test('what is remembered of values that were forced once does not grow for ever', () => {
    const many = Array.from({ length: 200 }, (_, index) => force({ key: `Key${index}`, send: false }));
    const { state } = replay(decide, BOX, many);
    expect(state.durable.outcomes.length).toBeLessThan(100);
    expect(state.live.errands).toEqual([]);
  });
});

test('field-29: a charger is asked for a limited number of keys by name, however many it once told', () => {
  const configuration = Array.from({ length: 500 }, (_, index) => ({ key: `Key${index}`, readonly: false }));
  const known = { ...BOX, durable: { ...BOX.durable, configuration } };
  const asked: ChargePointReady = {
    type: 'command',
    commandId: 'c1',
    call: { action: 'GetConfiguration' },
    requestedBy: 'ada',
    atMs: T0_MS,
    replyTo: { ask: 2 },
  };
  const { state } = replay(decide, known, [asked, { type: 'no-answer', commandId: 'c1', atMs: T0_MS }]);
  expect(state.live.reading?.left).toHaveLength(200);
});

test.each([
  [null, 'NotSupported', 'info'],
  ['ada', 'NotSupported', 'problem'],
  [null, 'Rejected', 'problem'],
  ['ada', 'Accepted', 'info'],
])('a value of %s that is answered %s is a line of level %s', (by, status, level) => {
  const first = by === null ? decide(BOX, due(true)) : decide(BOX, force());
  const { effects } = decide(first.state, {
    type: 'answered',
    linkId: 3,
    callId: effectsOf(first.effects, 'call')[0]?.callId ?? '',
    outcome: { ok: true, answer: { action: 'ChangeConfiguration', status }, tolerated: [] },
    request: null,
    frame: '[3]',
    atMs: T0_MS,
  });
  expect(stored(effects, 'event').map(({ event }) => event.level)).toEqual([level]);
});
