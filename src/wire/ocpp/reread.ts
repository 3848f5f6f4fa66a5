import type { Exchange } from '../wire.ts';
import { readCall } from './calls-from.ts';
import { readFrame } from './frame.ts';
import { isObject, TRANSACTION_ID_MAX } from './reading.ts';

/** A call of a charger and our answer, read again from the journal. */
export function rereadExchange(request: string, answer: string | null): Exchange | null {
  const frame = readFrame(request);
  if (frame.kind !== 'call') return null;
  const read = readCall(frame.action, frame.payload, 'tolerant');
  if (!read.ok) return null;
  return { call: read.call, ...given(answer) };
}

function given(text: string | null): Omit<Exchange, 'call'> {
  const frame = text === null ? null : readFrame(text);
  const payload = frame?.kind === 'result' && isObject(frame.payload) ? frame.payload : {};
  const { transactionId, idTagInfo, status: ownStatus } = payload;
  const status = isObject(idTagInfo) ? idTagInfo['status'] : ownStatus;
  return {
    transactionId: typeof transactionId === 'number' && isTransactionId(transactionId) ? transactionId : null,
    status: typeof status === 'string' ? status : null,
  };
}

function isTransactionId(id: number): boolean {
  return Number.isInteger(id) && id > 0 && id <= TRANSACTION_ID_MAX;
}
