import type { Protocol } from './protocol.ts';
import type {
  AnswerFromChargePoint,
  AnswerToChargePoint,
  CallFromChargePoint,
  CallToChargePoint,
  Tolerance,
  WireFault,
} from './ocpp/messages.ts';

/** What a charger answered to a call of ours, or why its answer cannot be read. */
export type ReadAnswer =
  | { readonly ok: true; readonly answer: AnswerFromChargePoint; readonly tolerated: readonly Tolerance[] }
  | { readonly ok: false; readonly fault: WireFault };

/** What a charger told and what it was told, read again from two texts of the journal. */
export type Exchange = {
  readonly call: CallFromChargePoint;
  /** Of the answer to a start. */
  readonly transactionId: number | null;
  /** Of the answer, or of its `idTagInfo`. */
  readonly status: string | null;
};

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
  /**
   * A journalled call of a charger with our answer (null when there was none), for whoever retells the past; null for
   * a text that is not of this protocol, or that holds no call of a charger. Never throws.
   */
  reread(request: string, answer: string | null): Exchange | null;
}
