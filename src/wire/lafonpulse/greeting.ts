import { NONCE_BYTES } from './datagram.ts';

/** What a kit says in its `HELLO` (docs/protocols/lafonpulse.md, section 3). */
export type Greeting = {
  /** Hexadecimal. */
  readonly kitNonce: string;
  /** The number of the SIM card that is in it; null for a cable, or a kit that does not know. */
  readonly iccid: string | null;
};

export const GREETING_BYTES = 2 * NONCE_BYTES;
/** Two digits to a byte, filled up with `f`. */
const CARD_BYTES = 10;
const CARD_ENDS_AT = NONCE_BYTES + CARD_BYTES;
const ICCID = /^(\d{18,20})f*$/;

/** Reads the body of a `HELLO` whose signature is right; null for one that is not of its form. */
export function readGreeting(body: Buffer): Greeting | null {
  if (body.length !== GREETING_BYTES || body.subarray(CARD_ENDS_AT).some((byte) => byte !== 0)) return null;
  const kitNonce = body.toString('hex', 0, NONCE_BYTES);
  const card = body.subarray(NONCE_BYTES, CARD_ENDS_AT);
  if (card.every((byte) => byte === 0)) return { kitNonce, iccid: null };
  const iccid = ICCID.exec(card.toString('hex'))?.[1];
  return iccid === undefined ? null : { kitNonce, iccid };
}
