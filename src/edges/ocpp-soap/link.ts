import { Flood } from '../flood.ts';
import type { EdgeHandlers } from '../handlers.ts';
import type { LastHeard } from './reach.ts';

/** Requests of one charger that may wait for their answers; one more is told to come again later. */
export const REQUESTS_WAITING_MAX = 32;

/** The way back of one request. */
export type Reply = {
  readonly send: (envelope: string) => void;
  /** The connection is closed without an answer: the charger keeps its message and sends it again. */
  readonly drop: () => void;
};

/**
 * What is remembered of a charger that keeps no connection: who is waiting for an answer, and where it was heard from.
 * It begins with the first message from an address, and ends with silence or with a message from elsewhere.
 */
export class SoapLink {
  readonly id: number;
  readonly chargePointId: string;
  /** Where it was heard from; until it was, where it was heard from in a former life of ours, or empty. */
  remoteAddress: string;
  /** It has said something itself: its address is known. */
  isHeard = true;
  /** The actors know of it. */
  isUp = true;
  /** The identity as it was written in its headers. */
  readonly spellings: string[] = [];
  heardAtMs: number;
  /** Ends the calls of ours that are under way. */
  readonly calls = new AbortController();
  readonly #handlers: EdgeHandlers;
  readonly #waiting = new Map<string, Reply[]>();
  readonly #flood = new Flood();
  #count = 0;
  #from: string | null = null;

  constructor(link: { id: number; chargePointId: string; remoteAddress: string; handlers: EdgeHandlers }) {
    this.id = link.id;
    this.chargePointId = link.chargePointId;
    this.remoteAddress = link.remoteAddress;
    this.#handlers = link.handlers;
    this.heardAtMs = link.handlers.now();
  }

  get lastHeard(): LastHeard {
    return { remoteAddress: this.remoteAddress, from: this.#from };
  }

  get isFull(): boolean {
    return this.#count >= REQUESTS_WAITING_MAX;
  }

  /** Nobody waits for an answer any more. */
  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Whatever came is life; `from` is null when it said nothing of where it listens. */
  hear(atMs: number, from: string | null): void {
    this.heardAtMs = atMs;
    if (from !== null) this.#from = from;
    this.#handlers.heard(this.chargePointId, atMs);
  }

  isFlooding(atMs: number): boolean {
    return this.#flood.isFlood(atMs, (calls) =>
      this.#handlers.deliver(this.chargePointId, { type: 'flood', calls, atMs }),
    );
  }

  wait(messageId: string, reply: Reply): void {
    this.#count++;
    const others = this.#waiting.get(messageId);
    if (others === undefined) this.#waiting.set(messageId, [reply]);
    else others.push(reply);
  }

  answer(messageId: string, envelope: string): void {
    this.#settle(messageId)?.send(envelope);
  }

  abandon(messageId: string): void {
    this.#settle(messageId)?.drop();
  }

  /** Nobody will be answered any more, and what we asked is given up. */
  close(): void {
    this.calls.abort();
    for (const replies of this.#waiting.values()) for (const reply of replies) reply.drop();
    this.#waiting.clear();
    this.#count = 0;
  }

  /** The first under this id: a box may repeat one before it was answered, and answers come in the order of calls. */
  #settle(messageId: string): Reply | undefined {
    const replies = this.#waiting.get(messageId);
    const reply = replies?.shift();
    if (reply !== undefined) this.#count--;
    if (replies?.length === 0) this.#waiting.delete(messageId);
    return reply;
  }
}
