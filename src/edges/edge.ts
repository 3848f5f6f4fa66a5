import type { CallRef } from '#src/wire/link-message.ts';

/** The sockets of one protocol, towards the actors. Whatever is sent to a link that is gone is dropped without a word. */
export interface Edge {
  /** Where it listens. */
  readonly port: number;
  /** Open links. */
  readonly links: () => number;
  answer(to: CallRef, frame: string): void;
  /** The call will get no answer: the charger keeps it and sends it again. */
  abandon(to: CallRef): void;
  call(linkId: number, callId: string, frame: string): void;
  /** Code 1000..4999 of RFC 6455, whatever the protocol; 4000 means that a newer link took its place. */
  close(linkId: number, code: number, why: string): void;
  closeChargePoint(chargePointId: string, code: number, why: string): void;
  stop(): Promise<void>;
}
