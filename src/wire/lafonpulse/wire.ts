import type { AnswerToChargePoint } from '../ocpp/messages.ts';
import type { Wire } from '../wire.ts';
import { orderOf, readDone } from './orders.ts';
import { rereadSay } from './reread.ts';
import { REFUSALS } from './words.ts';

/**
 * LafonPulse (docs/protocols/lafonpulse.md): the bodies of replies and orders. What joins a reply to what it answers is
 * in the envelope, which the edge writes.
 */
export const lafonPulse: Wire = {
  protocol: 'lafonpulse',
  result: (_messageId, answer) => replyOf(answer),
  error: (_messageId, { code, detail }) => JSON.stringify({ fault: code, detail }),
  call: (_callId, call) => JSON.stringify(orderOf(call) ?? { cannot: call.action }),
  readAnswer: readDone,
  reread: rereadSay,
};

/** Put together by hand where it is frequent, as every beat is answered. */
function replyOf(answer: AnswerToChargePoint): string {
  switch (answer.action) {
    case 'Heartbeat':
      return `{"time":"${answer.currentTime}"}`;
    case 'BootNotification':
      return JSON.stringify({
        ok: answer.status === 'Accepted',
        time: answer.currentTime,
        beat: answer.interval,
        hold: HOLD_S,
      });
    case 'Authorize': {
      const { status, expiryDate } = answer.idTagInfo;
      return JSON.stringify({ ...verdict(status), until: expiryDate });
    }
    case 'StartTransaction':
      return JSON.stringify({ number: answer.transactionId, ...verdict(answer.idTagInfo.status) });
    default:
      return '{}';
  }
}

/** Routers of mobile networks forget a silent kit after a minute or less. In seconds. */
const HOLD_S = 55;

function verdict(status: string): { readonly ok: boolean; readonly why?: string } {
  return status === 'Accepted' ? { ok: true } : { ok: false, why: REFUSALS[status] ?? 'unknown' };
}
