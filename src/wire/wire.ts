import type { Protocol } from './protocol.ts';
import type {
  AnswerFromChargePoint,
  AnswerToChargePoint,
  CallToChargePoint,
  Tolerance,
  WireFault,
} from './ocpp/messages.ts';

/** What a charger answered to a call of ours, or why its answer cannot be read. */
export type ReadAnswer =
  | { readonly ok: true; readonly answer: AnswerFromChargePoint; readonly tolerated: readonly Tolerance[] }
  | { readonly ok: false; readonly fault: WireFault };

/**
 * One protocol, as the actors use it: the shapes of OCPP 1.6 to the text of a frame and back. Calls of chargers are
 * read by the edge, which knows what else came with them. Pure; a text is what is journalled, and what leaves.
 */
export interface Wire {
  /** What this wire speaks. */
  readonly protocol: Protocol;
  result(messageId: string, answer: AnswerToChargePoint): string;
  error(messageId: string, fault: WireFault): string;
  call(callId: string, call: CallToChargePoint, chargePointId: string): string;
  /** `payload` is what the edge delivered with the `result`, still as it came. */
  readAnswer(call: CallToChargePoint, payload: unknown): ReadAnswer;
}
