import {
  seal,
  bodyBytesMax,
  bodyOf,
  type Envelope,
  type Kind,
  type SigningKey,
} from '#src/wire/lafonpulse/datagram.ts';
import { objectOf } from '#src/wire/lafonpulse/fields.ts';
import { ReplayWindow } from '#src/wire/lafonpulse/replay-window.ts';
import { readSay } from '#src/wire/lafonpulse/says.ts';
import { withSet } from '#src/wire/lafonpulse/settings.ts';
import type { CallRef } from '#src/wire/link-message.ts';
import type { EdgeHandlers } from '../handlers.ts';
import type { Offer } from './greetings.ts';
import { Orders, type Open } from './orders.ts';
import { RateLimit } from './sources.ts';

/** Answers kept for an exchange that comes again, which is also how far apart two exchanges may be. */
const ANSWERS_KEPT = 16;
/** Exchanges without an answer: a kit that opens more is not read until some have been answered. */
const SAYS_OPEN_MAX = 8;
/** A kit that speaks faster is not read (field-37). */
export const DATAGRAMS_PER_SECOND = 50;
const FLOOD_WINDOW_MS = 10_000;
const JOURNALLED_CHARACTERS_MAX = 2_000;
/** Of one unit of a string. */
const UTF8_BYTES_MAX = 3;
/** What is said to these is answered with what the kit is to go by. */
const WITH_SETTINGS: ReadonlyMap<string, 'fresh' | 'recent'> = new Map([
  ['BootNotification', 'fresh'],
  ['Authorize', 'fresh'],
  ['Heartbeat', 'recent'],
]);

export type Address = { readonly address: string; readonly port: number };
/** The settings of a kit as the JSON of `set`; at once where they were read lately. Null while it is in no station. */
export type SettingsOf = (link: KitLink, action: string) => string | null | Promise<string | null>;

/** One session of one kit. Datagrams in, messages out; nothing here decides. */
export class KitLink {
  readonly id: number;
  readonly chargePointId: string;
  readonly serial: string;
  readonly session: string;
  readonly kitKey: Buffer;
  readonly sessionKey: SigningKey;
  /** Of whatever names this session and comes from where the kit is, before anybody has looked who signed it. */
  readonly source: RateLimit;
  readonly #handlers: EdgeHandlers;
  readonly #transmit: (datagram: Buffer, to: Address) => void;
  readonly #settings: SettingsOf;
  readonly #window = new ReplayWindow();
  readonly #limit = new RateLimit(DATAGRAMS_PER_SECOND);
  readonly #orders = new Orders();
  /** By exchange, oldest first; null while the actors decide. */
  readonly #answers = new Map<number, string | null>();
  /** What was asked, where the answer says more than the actors do. */
  readonly #asked = new Map<number, string>();
  #highestExchange = 0;
  #counter = 0;
  #unanswered = 0;
  #floodedMs = 0;
  #closed = false;
  peer: Address;
  heardAtMs: number;
  /** The settings that it was told: what goes with a heartbeat, and what went last. */
  told: { readonly text: string; readonly last: string; readonly atMs: number } | null = null;

  constructor(parts: {
    id: number;
    offer: Offer;
    peer: Address;
    source: RateLimit;
    handlers: EdgeHandlers;
    transmit: (datagram: Buffer, to: Address) => void;
    settings: SettingsOf;
  }) {
    const { offer } = parts;
    this.id = parts.id;
    this.chargePointId = offer.chargePointId;
    this.serial = offer.serial;
    this.session = offer.session;
    this.kitKey = offer.kitKey;
    this.sessionKey = offer.sessionKey;
    this.peer = parts.peer;
    this.source = parts.source;
    this.#handlers = parts.handlers;
    this.#transmit = parts.transmit;
    this.#settings = parts.settings;
    this.heardAtMs = parts.handlers.now();
  }

  /** A datagram of this session whose signature is right. Returns why it was refused, or null. */
  receive(datagram: Buffer, envelope: Envelope, from: Address, atMs: number): 'replayed' | 'too-fast' | null {
    const freshness = this.#window.take(envelope.counter);
    if (freshness === 'replayed') return 'replayed';
    if (!this.#limit.allows(atMs)) return this.#flooded(atMs);
    if (freshness === 'newest') this.#follow(from, atMs);
    this.heardAtMs = atMs;
    this.#handlers.heard(this.chargePointId, atMs);
    if (envelope.kind === 'say') this.#hear(envelope.exchange, bodyOf(datagram), atMs);
    else if (envelope.kind === 'done') this.#done(envelope.exchange, bodyOf(datagram).toString(), atMs);
    return null;
  }

  /** What the actors answer; the kit gets it as often as it asks. */
  answer(messageId: string, reply: string): void {
    const exchange = Number(messageId);
    const action = this.#asked.get(exchange);
    this.#asked.delete(exchange);
    const set = action === undefined ? null : this.#settings(this, action);
    if (set instanceof Promise) void set.then((text) => this.#answered(exchange, reply, text));
    else this.#answered(exchange, reply, set);
  }

  /** No answer will come: the kit repeats, and must then not be taken for answered. */
  abandon(messageId: string): void {
    const exchange = Number(messageId);
    this.#asked.delete(exchange);
    if (this.#answers.get(exchange) !== null) return;
    this.#answers.delete(exchange);
    this.#unanswered--;
  }

  /** Gives an order; `body` is what the wire wrote of the call. */
  call(callId: string, body: string): void {
    const atMs = this.#handlers.now();
    const order = objectOf(body);
    const cannot = order?.['cannot'];
    if (cannot !== undefined) return this.#refuseCall(callId, 'NotSupported', `a kit has no ${String(cannot)}`, atMs);
    if (!fits(body, bodyBytesMax(this.serial)))
      return this.#refuseCall(callId, 'PropertyConstraintViolation', 'longer than a datagram', atMs);
    this.#send('order', this.#orders.give(callId, body, atMs));
  }

  /** Orders that were not done in time leave again. Returns whether any is open. */
  repeat(nowMs: number): boolean {
    for (const order of this.#orders.due(nowMs)) this.#send('order', order);
    return this.#orders.areOpen;
  }

  close(): void {
    this.#closed = true;
  }

  #hear(exchange: number, body: Buffer, atMs: number): void {
    const known = this.#answers.get(exchange);
    if (typeof known === 'string') return this.#send('reply', { exchange, body: known });
    // It is being decided; or it is so old that its answer was forgotten, which no kit that waits its turn asks for.
    if (known === null || exchange <= this.#highestExchange - ANSWERS_KEPT) return;
    if (this.#unanswered >= SAYS_OPEN_MAX) return;
    this.#highestExchange = Math.max(this.#highestExchange, exchange);
    this.#remember(exchange, null);
    this.#unanswered++;
    const text = body.toString();
    const from: CallRef = { linkId: this.id, messageId: String(exchange) };
    const read = readSay(text, this.serial);
    if (!read.ok) {
      const frame = text.slice(0, JOURNALLED_CHARACTERS_MAX);
      return this.#handlers.deliver(this.chargePointId, { type: 'bad-frame', from, fault: read.fault, frame, atMs });
    }
    if (WITH_SETTINGS.has(read.call.action)) this.#asked.set(exchange, read.call.action);
    this.#handlers.deliver(this.chargePointId, {
      type: 'call',
      from,
      call: read.call,
      frame: text,
      tolerated: [],
      atMs,
    });
  }

  #answered(exchange: number, reply: string, set: string | null): void {
    if (this.#answers.get(exchange) === null) this.#unanswered--;
    const full = set === null ? reply : withSet(reply, set);
    // What does not fit is left out, rather than the answer: it comes with another.
    const body = fits(full, bodyBytesMax(this.serial)) ? full : reply;
    if (this.#answers.has(exchange)) this.#answers.set(exchange, body);
    this.#send('reply', { exchange, body });
  }

  #done(exchange: number, text: string, atMs: number): void {
    const payload = objectOf(text);
    if (payload === null) return this.#handlers.ignored(this.chargePointId, text.slice(0, 200), 'not-json', atMs);
    const done = this.#orders.done(exchange, payload, atMs);
    switch (done.type) {
      case 'whole': {
        const frame = JSON.stringify(done.payload);
        const { callId, payload: answer } = done;
        return this.#handlers.deliver(this.chargePointId, {
          type: 'result',
          linkId: this.id,
          callId,
          payload: answer,
          frame,
          atMs,
        });
      }
      case 'more':
        return this.#send('order', done.order);
      case 'nothing':
        return;
    }
  }

  #refuseCall(callId: string, code: string, description: string, atMs: number): void {
    const error = { type: 'call-error', linkId: this.id, callId, code, description, frame: null, atMs } as const;
    this.#handlers.deliver(this.chargePointId, error);
  }

  /** Where it was last heard from. */
  isAt({ address, port }: Address): boolean {
    return port === this.peer.port && address === this.peer.address;
  }

  #follow(from: Address, atMs: number): void {
    if (this.isAt(from)) return;
    const { address } = this.peer;
    this.peer = { address: from.address, port: from.port };
    if (from.address === address) return;
    const moved = { type: 'link-moved', linkId: this.id, remoteAddress: from.address, atMs } as const;
    this.#handlers.deliver(this.chargePointId, moved);
  }

  /** Told once in a while, however long it goes on. */
  #flooded(atMs: number): 'too-fast' | null {
    if (atMs - this.#floodedMs < FLOOD_WINDOW_MS) return null;
    this.#floodedMs = atMs;
    return 'too-fast';
  }

  #remember(exchange: number, answer: string | null): void {
    this.#answers.set(exchange, answer);
    if (this.#answers.size <= ANSWERS_KEPT) return;
    const [oldest] = this.#answers.keys();
    if (oldest === undefined) return;
    if (this.#answers.get(oldest) === null) this.#unanswered--;
    this.#answers.delete(oldest);
  }

  #send(kind: Kind, { exchange, body }: Pick<Open, 'exchange' | 'body'>): void {
    if (this.#closed) return;
    const { session, serial } = this;
    const envelope: Envelope = { kind, session, counter: ++this.#counter, exchange, serial };
    this.#transmit(seal(envelope, body, this.sessionKey), this.peer);
  }
}

/** Most are so short that their bytes need not be counted. */
function fits(text: string, bytesMax: number): boolean {
  return text.length * UTF8_BYTES_MAX <= bytesMax || Buffer.byteLength(text) <= bytesMax;
}
