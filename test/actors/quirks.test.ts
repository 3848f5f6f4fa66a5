import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chargePointBehaviour } from '#actors/charge-point/actor.ts';
import { decide } from '#actors/charge-point/decide.ts';
import { EDITIONS_MAX, timesOf, withUses, type EditionQuirks } from '#actors/charge-point/quirks.ts';
import { freshDurable, freshLive, type ChargePointReady, type ChargePointState } from '#actors/charge-point/state.ts';
import { passportsOf } from '#actors/fleet/passport.ts';
import { wireOf } from '#src/wire/all.ts';
import type { Tolerance } from '#src/wire/ocpp/messages.ts';
import { replay } from '../fixtures/replay.ts';

const T0_MS = Date.UTC(2026, 5, 1, 8);
const BOX: ChargePointState = { chargePointId: 'CP1', durable: freshDurable(), live: freshLive() };
const behaviour = chargePointBehaviour({ wireOf, welcomeStrangers: false, certify: null, wayTo: null, offer: null });

function beat(atMs: number, tolerated: readonly Tolerance[]): ChargePointReady {
  const from = { linkId: 1, messageId: `m${atMs}` };
  return { type: 'call', from, call: { action: 'Heartbeat' }, frame: '[2]', tolerated, atMs, facts: null };
}

function boot(atMs: number, firmwareVersion: string, tolerated: readonly Tolerance[] = []): ChargePointReady {
  const call = {
    action: 'BootNotification',
    chargePointVendor: 'Fabrique',
    chargePointModel: 'M1',
    firmwareVersion,
  } as const;
  const facts = { about: 'boot', registeredSerial: null } as const;
  return { type: 'call', from: { linkId: 1, messageId: `b${atMs}` }, call, frame: '[2]', tolerated, atMs, facts };
}

test('each tolerance is counted under the make, model and firmware that needed it, with the time of its last use', () => {
  const { state } = replay(decide, BOX, [
    boot(T0_MS, '1.0', ['coerced-type']),
    beat(T0_MS + 1, ['padded-text', 'coerced-type']),
    boot(T0_MS + 2, '2.0'),
    beat(T0_MS + 3, ['padded-text']),
  ]);
  const box = { make: 'Fabrique', model: 'M1' };
  expect(state.live.editions).toEqual([
    { ...box, firmware: '2.0', quirks: { 'padded-text': { count: 1, lastAtMs: T0_MS + 3 } } },
    {
      ...box,
      firmware: '1.0',
      quirks: {
        'coerced-type': { count: 2, lastAtMs: T0_MS + 1 },
        'padded-text': { count: 1, lastAtMs: T0_MS + 1 },
      },
    },
  ]);
});

test('what was forgiven before a box said who it is, as of its handshake, is its own', () => {
  const up = {
    type: 'link-up',
    linkId: 1,
    remoteAddress: '::1',
    tolerated: ['no-subprotocol'],
    note: null,
    atMs: T0_MS,
  } as const;
  const { state } = replay(decide, BOX, [up, boot(T0_MS + 1, '1.0'), { ...up, linkId: 2, atMs: T0_MS + 2 }]);
  expect(state.live.editions).toEqual([
    { make: 'Fabrique', model: 'M1', firmware: '1.0', quirks: { 'no-subprotocol': { count: 2, lastAtMs: T0_MS + 2 } } },
  ]);
});

test('a first use is written down at once, and a crash costs at most the half of a count', () => {
  let state = BOX;
  let kept = BOX;
  for (let beats = 1; beats <= 100; beats += 1) {
    const next = decide(state, beat(T0_MS + beats, ['odd-unit'])).state;
    if (behaviour.durable(next) !== behaviour.durable(state)) kept = next;
    state = next;
    const restored = behaviour.restore('charge-point/CP1', behaviour.snapshot(kept), 1);
    expect((timesOf(restored.live.editions)['odd-unit'] ?? 0) * 2).toBeGreaterThan(beats);
  }
});

test('what an older release counted without its firmware is kept under the last one', () => {
  const box = { chargePointVendor: 'Fabrique', chargePointModel: 'M1', firmwareVersion: '1.0' };
  const snapshot = { ...freshDurable(), boot: box, bootedAtMs: T0_MS, tolerated: { 'over-long': 7 } };
  expect(behaviour.restore('charge-point/CP1', snapshot, 1).live.editions).toEqual([
    { make: 'Fabrique', model: 'M1', firmware: '1.0', quirks: { 'over-long': { count: 7, lastAtMs: T0_MS } } },
  ]);
});

test('a charger remembers a few firmwares, the latest ones', () => {
  const boots = Array.from({ length: EDITIONS_MAX + 3 }, (_, at) => boot(T0_MS + at, `v${at}`, ['over-long']));
  const { state } = replay(decide, BOX, boots);
  expect(state.live.editions.map(({ firmware }) => firmware)).toEqual(['v6', 'v5', 'v4', 'v3']);
});

const tolerances = fc.constantFrom<Tolerance>('padded-text', 'odd-unit', 'over-long', 'bad-frame');
const uses = fc.array(
  fc.record({
    chargePointId: fc.constantFrom('A', 'B', 'C'),
    firmware: fc.constantFrom('1', '2', '3'),
    tolerated: fc.uniqueArray(tolerances, { minLength: 1 }),
  }),
);

test('a passport counts every use once, whoever needed it and in whatever order', () => {
  fc.assert(
    fc.property(uses, (all) => {
      const boxes = new Map<string, readonly EditionQuirks[]>();
      all.forEach(({ chargePointId, firmware, tolerated }, atMs) => {
        const edition = { make: 'Fabrique', model: 'M1', firmware };
        boxes.set(chargePointId, withUses(boxes.get(chargePointId) ?? [], edition, { tolerated, atMs }));
      });
      const passports = passportsOf([...boxes].map(([chargePointId, editions]) => ({ chargePointId, editions })));
      for (const { firmware, chargePoints, quirks } of passports) {
        const ofFirmware = all.flatMap((use, atMs) => (use.firmware === firmware ? [{ ...use, atMs }] : []));
        expect(chargePoints).toBe(new Set(ofFirmware.map((use) => use.chargePointId)).size);
        for (const { tolerance, count, lastAtMs, lastBy } of quirks) {
          const its = ofFirmware.filter(({ tolerated }) => tolerated.includes(tolerance));
          expect(count).toBe(its.length);
          expect({ atMs: lastAtMs, chargePointId: lastBy }).toMatchObject({
            atMs: its.at(-1)?.atMs,
            chargePointId: its.at(-1)?.chargePointId,
          });
        }
      }
      const total = passports.flatMap(({ quirks }) => quirks).reduce((sum, { count }) => sum + count, 0);
      expect(total).toBe(all.reduce((sum, { tolerated }) => sum + tolerated.length, 0));
    }),
  );
});
