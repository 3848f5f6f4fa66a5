import { expect, test } from 'vitest';
import {
  answeredBy,
  cut,
  departed,
  EMPTY_OUTBOX,
  failed,
  nextToSend,
  payloadOf,
  queued,
  QUEUED_CALLS_MAX,
} from '#src/simulator/outbox.ts';
import type { OutgoingCall } from '#src/simulator/state.ts';

const start: OutgoingCall = { action: 'StartTransaction', payload: { meterStart: 5 }, keep: true, transactionKey: 1 };
const meter: OutgoingCall = { action: 'MeterValues', payload: {}, keep: true, transactionKey: 1 };
const stop: OutgoingCall = { action: 'StopTransaction', payload: { meterStop: 9 }, keep: true, transactionKey: 1 };
const status: OutgoingCall = { action: 'StatusNotification', payload: {}, keep: false };
const boot: OutgoingCall = { action: 'BootNotification', payload: {}, keep: false, first: true };

test('only one call is in flight, and only a boot before the charger is accepted', () => {
  const waiting = queued(queued(EMPTY_OUTBOX, start), boot);
  expect(nextToSend(queued(EMPTY_OUTBOX, start), { accepted: false })).toBeNull();
  expect(nextToSend(waiting, { accepted: false })?.call).toBe(boot);
  expect(nextToSend(departed(waiting, 'a'), { accepted: true })).toBeNull();
});

test('a cut keeps transaction messages in order, the unanswered one first, and reports the others as lost', () => {
  const flying = departed([start, status, meter, stop].reduce(queued, EMPTY_OUTBOX), 'a');
  const after = cut(flying);
  expect(after.outbox.queue.map(({ call }) => call.action)).toEqual([
    'StartTransaction',
    'MeterValues',
    'StopTransaction',
  ]);
  expect(after.outbox.queue[0]?.messageId).toBe('a');
  expect(after.lost).toEqual([status]);
});

test('a stop leaves with the number of its start, and -1 when the start was never answered', () => {
  const flying = departed(queued(queued(EMPTY_OUTBOX, start), stop), 'a');
  expect(payloadOf(flying, stop)['transactionId']).toBe(-1);
  const settled = answeredBy(flying, 'a', { transactionId: 77 });
  expect(settled && payloadOf(settled.outbox, stop)).toEqual({ meterStop: 9, transactionId: 77 });
  expect(answeredBy(flying, 'b', {})).toBeNull();
});

test('a refused transaction message is dropped after its attempts; silence never loses it', () => {
  const flying = departed(queued(EMPTY_OUTBOX, stop), 'a');
  const again = failed(flying, { refused: true, attemptsMax: 2 });
  expect(again.gaveUp).toBeNull();
  expect(failed(departed(again.outbox, 'b'), { refused: true, attemptsMax: 2 }).gaveUp).toBe(stop);
  expect(failed(departed(again.outbox, 'b'), { refused: false, attemptsMax: 2 }).outbox.queue).toHaveLength(1);
});

test('a full queue gives up meter values before starts and stops', () => {
  const calls = [start, meter, ...Array.from({ length: QUEUED_CALLS_MAX - 1 }, () => stop)];
  const { queue } = calls.reduce(queued, EMPTY_OUTBOX);
  expect(queue).toHaveLength(QUEUED_CALLS_MAX);
  expect(queue.some(({ call }) => call.action === 'MeterValues')).toBe(false);
  expect(queue[0]?.call).toBe(start);
});
