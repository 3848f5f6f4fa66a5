import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chargePointBehaviour } from '#actors/charge-point/actor.ts';
import { PRESENCE_WAIT_MS, WAIT_MAX_MS } from '#actors/charge-point/command-steps.ts';
import { decide } from '#actors/charge-point/decide.ts';
import type { CommandRequest } from '#actors/charge-point/messages.ts';
import { freshDurable, freshLive, type ChargePointReady, type ChargePointState } from '#actors/charge-point/state.ts';
import type { Effect } from '#actors/decision.ts';
import { wireOf } from '#src/wire/all.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { effectsOf, replay } from '../fixtures/replay.ts';

const T0_MS = Date.UTC(2026, 5, 1, 8);
const HOUR_MS = 3_600_000;
const BOX: ChargePointState = { chargePointId: 'CP1', durable: freshDurable(), live: freshLive() };
const FILE = { kind: 'firmware', firmwareId: 'duo', protocol: 'http' } as const;
const UPDATE = { action: 'UpdateFirmware', location: 'Duo', retrieveDate: new Date(T0_MS).toISOString() } as const;

function asked(commandId: string, more: Partial<CommandRequest> = {}): ChargePointReady {
  const call = { action: 'ClearCache' } as const;
  const who = { requestedBy: 'ada', replyTo: { ask: 1 } } as const;
  return { type: 'command', commandId, call, expiresAtMs: T0_MS + HOUR_MS, atMs: T0_MS, ...who, ...more };
}

/** It is back, and boots no more. */
function up(linkId: number, atMs = T0_MS): readonly ChargePointReady[] {
  return [
    { type: 'link-up', linkId, remoteAddress: '10.0.0.1', note: null, atMs },
    { type: 'boot-waited', linkId, atMs },
  ];
}

const start = { action: 'RemoteStartTransaction', idTag: 'ALICE' } as const;
const reservation = {
  action: 'ReserveNow',
  connectorId: 1,
  idTag: 'ALICE',
  reservationId: 1,
  expiryDate: new Date(T0_MS + HOUR_MS).toISOString(),
} as const;

test.each<[CallToChargePoint, number]>([
  [start, PRESENCE_WAIT_MS],
  [{ action: 'UnlockConnector', connectorId: 1 }, PRESENCE_WAIT_MS],
  [reservation, HOUR_MS],
  [{ ...reservation, expiryDate: 'never' }, 0],
  // It names its transaction: later it stops that one, or none.
  [{ action: 'RemoteStopTransaction', transactionId: 7 }, WAIT_MAX_MS],
  [{ action: 'ClearCache' }, WAIT_MAX_MS],
  [UPDATE, WAIT_MAX_MS],
])('PRC-19: %o waits for as long as it is of use to whoever asked for it', (call, waitMs) => {
  const { state } = decide(BOX, asked('c1', { call, expiresAtMs: T0_MS + 100 * WAIT_MAX_MS }));
  expect(state.durable.commands[0]).toMatchObject({ phase: 'queued', expiresAtMs: T0_MS + waitMs });
  const short = decide(BOX, asked('c1', { call, expiresAtMs: T0_MS + 1 })).state;
  expect(short.durable.commands[0]?.expiresAtMs).toBe(T0_MS + Math.min(waitMs, 1));
});

test('field-40: a file that is gone when its command should leave fails it, and the next one leaves', () => {
  const { state, effects } = replay(decide, BOX, [
    asked('load', { call: UPDATE, file: FILE }),
    asked('next'),
    ...up(1),
    { type: 'address-due', commandId: 'load', address: null, atMs: T0_MS + 1 },
  ]);
  const load = state.durable.commands.find(({ commandId }) => commandId === 'load');
  expect(load).toMatchObject({ phase: 'failed', cause: 'file-gone', ended: true });
  expect(effectsOf(effects, 'call').map(({ callId }) => callId)).toEqual(['next']);
});

test('field-40: an address that comes when its command was withdrawn is not used, and the next one leaves', () => {
  const { effects } = replay(decide, BOX, [
    asked('load', { call: UPDATE, file: FILE }),
    asked('next'),
    ...up(1),
    { type: 'withdraw', commandId: 'load', by: 'ada', atMs: T0_MS, replyTo: { ask: 2 } },
    { type: 'address-due', commandId: 'load', address: null, atMs: T0_MS + 1 },
  ]);
  expect(effectsOf(effects, 'call').map(({ callId }) => callId)).toEqual(['next']);
});

test('what waits in a snapshot of an older release goes on waiting', () => {
  const { state } = decide(BOX, asked('c1'));
  const { lastCalledAs: _, ...older } = state.durable;
  const behaviour = chargePointBehaviour({ wireOf, welcomeStrangers: false, certify: null, wayTo: null, offer: null });
  const restored = behaviour.restore('charge-point/CP1', JSON.parse(JSON.stringify(older)), 1);
  expect(restored.durable).toEqual(state.durable);
  expect(effectsOf(replay(decide, restored, up(1)).effects, 'call').map(({ callId }) => callId)).toEqual(['c1']);
});

/** What may happen while commands wait; `address`: what was asked for is there. */
const happenings = fc.array(fc.constantFrom('lose', 'return', 'address', 'answer', 'time'), { maxLength: 60 });

test('field-40: whatever becomes of the link, commands leave one at a time in their order, each file with an address of that moment', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), happenings, (files, happens) => {
      const commands = files.map((isFile, index) =>
        asked(`c${index}`, isFile ? { call: UPDATE, file: FILE } : { call: { action: 'ClearCache' } }),
      );
      let { state } = replay(decide, BOX, commands);
      let [linkId, keys, atMs] = [0, 0, T0_MS];
      let due: ChargePointReady[] = [];
      const left: string[] = [];
      const take = (message: ChargePointReady) => {
        const decision = decide(state, message);
        state = decision.state;
        for (const effect of decision.effects) hear(effect);
      };
      const hear = (effect: Effect) => {
        if (effect.type === 'tell') due.push(effect.message as ChargePointReady);
        if (effect.type !== 'call') return;
        left.push(effect.callId);
        if (effect.call.action === 'UpdateFirmware') expect(effect.call.location).toContain(`.secret${keys}/`);
        expect(JSON.stringify([effect.shown, state.durable])).not.toContain('secret');
      };
      const isUp = () => state.live.link !== null;
      const answer = (callId: string): ChargePointReady => {
        const { call } = state.durable.commands.find(({ commandId }) => commandId === callId) ?? { call: UPDATE };
        const told =
          call.action === 'UpdateFirmware'
            ? ({ action: 'UpdateFirmware' } as const)
            : ({ action: 'ClearCache', status: 'Accepted' } as const);
        const outcome = { ok: true, answer: told, tolerated: [] } as const;
        return { type: 'answered', linkId, callId, outcome, request: '', frame: '', atMs };
      };
      const deed = {
        lose: () => isUp() && take({ type: 'link-down', linkId, code: 1006, atMs }),
        return: () => !isUp() && up(++linkId, atMs).forEach(take),
        address: () => {
          const [next, ...others] = due;
          due = others;
          if (next?.type !== 'address-due') return;
          take({ ...next, address: `http://vigie/drop/CP1/c.secret${++keys}/duo.bin`, atMs });
        },
        answer: () => state.live.inFlight !== null && take(answer(state.live.inFlight)),
        time: () => (atMs += 60_000),
      } as const;
      for (const one of happens) deed[one]();
      deed.return();
      for (let turn = 0; turn < 4 * files.length + happens.length; turn++) {
        deed.address();
        deed.answer();
      }
      expect(left).toEqual(left.toSorted());
      expect(new Set(left).size).toBe(left.length);
      expect(state.live.waiting).toEqual([]);
      expect(state.durable.commands.filter(({ phase }) => phase === 'queued' || phase === 'sent')).toEqual([]);
    }),
  );
});
