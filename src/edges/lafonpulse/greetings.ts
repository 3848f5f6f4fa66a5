import { randomBytes } from 'node:crypto';
import {
  NONCE_BYTES,
  seal,
  serialKey,
  sessionKeyOf,
  signingKey,
  type Envelope,
  type SigningKey,
} from '#src/wire/lafonpulse/datagram.ts';
import type { Greeting } from '#src/wire/lafonpulse/greeting.ts';

/** A session that was offered, and that nothing has been signed with yet. */
export type Offer = {
  readonly session: string;
  readonly serial: string;
  readonly chargePointId: string;
  readonly kitKey: Buffer;
  readonly sessionKey: SigningKey;
  readonly welcome: Buffer;
  readonly kitNonce: string;
  readonly atMs: number;
};

/** How long an offer may wait for the first datagram that is signed with its key. */
export const OFFER_MS = 30_000;
/** Offers to one kit at a time: whoever replays its greetings does not push out the one that it is about to take. */
const OFFERS_PER_KIT_MAX = 4;

/** Sessions between their greeting and their first word (docs/protocols/lafonpulse.md, section 3). */
export class Greetings {
  readonly #bySession = new Map<string, Offer>();
  readonly #bySerial = new Map<string, Offer[]>();

  find(session: string): Offer | undefined {
    return this.#bySession.get(session);
  }

  /** The answer to a greeting whose signature is right. */
  offer(
    envelope: Envelope,
    { kitNonce }: Greeting,
    of: { chargePointId: string; kitKey: Buffer; atMs: number },
  ): Offer {
    const { chargePointId, kitKey, atMs } = of;
    const key = serialKey(envelope.serial);
    const waiting = (this.#bySerial.get(key) ?? []).filter((one) => atMs - one.atMs < OFFER_MS);
    const again = waiting.find((one) => one.kitNonce === kitNonce && one.kitKey.equals(kitKey));
    if (again !== undefined) return again;
    const session = randomBytes(8).toString('hex');
    const nonces = { kitNonce: Buffer.from(kitNonce, 'hex'), serverNonce: randomBytes(NONCE_BYTES) };
    const welcome = seal(
      { kind: 'welcome', session, counter: 0, exchange: envelope.exchange, serial: envelope.serial },
      Buffer.concat([nonces.kitNonce, nonces.serverNonce]),
      signingKey(kitKey),
    );
    const sessionKey = signingKey(sessionKeyOf(kitKey, { ...nonces, session }));
    const { serial } = envelope;
    const made: Offer = { session, serial, chargePointId, kitKey, sessionKey, welcome, kitNonce, atMs };
    this.#forget(key);
    const kept = [...waiting, made].slice(-OFFERS_PER_KIT_MAX);
    this.#bySerial.set(key, kept);
    for (const one of kept) this.#bySession.set(one.session, one);
    return made;
  }

  /** The kit has taken one: the others are void. */
  taken(offer: Offer): void {
    this.#forget(serialKey(offer.serial));
  }

  /** What was offered to this charge point is void. */
  withdraw(chargePointId: string): void {
    for (const [key, offers] of this.#bySerial) {
      if (offers.some((one) => one.chargePointId === chargePointId)) this.#forget(key);
    }
  }

  /** Those that nobody took in time. */
  sweep(nowMs: number): void {
    for (const [key, offers] of this.#bySerial) {
      if (offers.every((one) => nowMs - one.atMs >= OFFER_MS)) this.#forget(key);
    }
  }

  #forget(key: string): void {
    for (const one of this.#bySerial.get(key) ?? []) this.#bySession.delete(one.session);
    this.#bySerial.delete(key);
  }
}
