import { expect, test } from 'vitest';
import { decide } from '#actors/charge-point/decide.ts';
import { TAKEOVER_WINDOW_MS, TAKEOVERS_MAX } from '#actors/charge-point/twins.ts';
import { freshDurable, freshLive, type ChargePointReady, type ChargePointState } from '#actors/charge-point/state.ts';
import { replay, stored } from '../fixtures/replay.ts';

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
