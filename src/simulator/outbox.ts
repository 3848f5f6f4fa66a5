import type { Payload } from './payload.ts';
import type { OutgoingCall } from './state.ts';

/** A call waiting for its turn. `messageId` is set once it has left. */
export type Waiting = { readonly call: OutgoingCall; readonly messageId: string | null; readonly tries: number };

/** What the charger still has to say: one call in flight, the others in order. */
export type Outbox = {
  readonly inFlight: Waiting | null;
  readonly queue: readonly Waiting[];
  /** Transaction numbers given by the server, by the charger's own key. */
  readonly numbers: ReadonlyMap<number, number>;
};

export const EMPTY_OUTBOX: Outbox = { inFlight: null, queue: [], numbers: new Map() };

/** Beyond this the oldest meter values go first: a charger's flash is small, and starts and stops are money. */
export const QUEUED_CALLS_MAX = 400;
const UNNUMBERED_TRANSACTION = -1;

export function queued(outbox: Outbox, call: OutgoingCall): Outbox {
  const waiting = { call, messageId: null, tries: 0 };
  const queue = call.first ? [waiting, ...outbox.queue] : [...outbox.queue, waiting];
  if (queue.length <= QUEUED_CALLS_MAX) return { ...outbox, queue };
  const expendable = queue.findIndex(
    ({ call: { action } }) => action === 'MeterValues' || action === 'StatusNotification',
  );
  return { ...outbox, queue: queue.filter((_, index) => index !== Math.max(0, expendable)) };
}

/** `null` while one call is in flight, or while the boot must come first. */
export function nextToSend(outbox: Outbox, { accepted }: { readonly accepted: boolean }): Waiting | null {
  if (outbox.inFlight) return null;
  const first = outbox.queue[0];
  if (!first) return null;
  return accepted || first.call.action === 'BootNotification' ? first : null;
}

/** The head of the queue is on its way under `messageId`. */
export function departed(outbox: Outbox, messageId: string): Outbox {
  const [first, ...queue] = outbox.queue;
  if (!first) return outbox;
  return { ...outbox, inFlight: { ...first, messageId, tries: first.tries + 1 }, queue };
}

/** The payload as it leaves: the server's transaction number is known only now. */
export function payloadOf(outbox: Outbox, call: OutgoingCall): Payload {
  if (call.transactionKey === undefined || call.action === 'StartTransaction') return call.payload;
  return { ...call.payload, transactionId: outbox.numbers.get(call.transactionKey) ?? UNNUMBERED_TRANSACTION };
}

/** `null` when nothing in flight has that id: a late or foreign answer. */
export function answeredBy(
  outbox: Outbox,
  messageId: string,
  payload: Payload,
): { readonly outbox: Outbox; readonly call: OutgoingCall } | null {
  const { inFlight } = outbox;
  if (inFlight?.messageId !== messageId) return null;
  return {
    outbox: { ...outbox, inFlight: null, numbers: numbersAfter(outbox, inFlight.call, payload) },
    call: inFlight.call,
  };
}

/**
 * The server answered CALLERROR, or not at all. A call to keep goes back to the head of the queue; after `attemptsMax`
 * refusals it is dropped (OCPP 1.6 §3.7.1), but silence alone never loses a transaction message.
 */
export function failed(
  outbox: Outbox,
  how: { readonly refused: boolean; readonly attemptsMax: number },
): { readonly outbox: Outbox; readonly gaveUp: OutgoingCall | null } {
  const { inFlight } = outbox;
  if (!inFlight) return { outbox, gaveUp: null };
  const again = inFlight.call.keep && (!how.refused || inFlight.tries < how.attemptsMax);
  if (!again) return { outbox: { ...outbox, inFlight: null }, gaveUp: inFlight.call };
  return { outbox: { ...outbox, inFlight: null, queue: [inFlight, ...outbox.queue] }, gaveUp: null };
}

/** The link is gone: what is to be kept stays in order, the rest is lost and said to be. */
export function cut(outbox: Outbox): { readonly outbox: Outbox; readonly lost: readonly OutgoingCall[] } {
  const all = outbox.inFlight ? [outbox.inFlight, ...outbox.queue] : outbox.queue;
  return {
    outbox: { ...outbox, inFlight: null, queue: all.filter(({ call }) => call.keep) },
    lost: all.filter(({ call }) => !call.keep).map(({ call }) => call),
  };
}

function numbersAfter(outbox: Outbox, call: OutgoingCall, payload: Payload): ReadonlyMap<number, number> {
  if (call.transactionKey === undefined) return outbox.numbers;
  if (call.action === 'StartTransaction') {
    return new Map(outbox.numbers).set(call.transactionKey, Number(payload['transactionId']));
  }
  if (call.action !== 'StopTransaction') return outbox.numbers;
  return new Map([...outbox.numbers].filter(([key]) => key !== call.transactionKey));
}
