import { between, type Chance } from '#src/simulator/chance.ts';
import type { VirtualClock } from './clock.ts';
import type { Traits } from './traits.ts';
import type { PhysicalSession, SentCall } from './truth.ts';
import type { ChargerEnd, Wire } from './wire.ts';

/** One thing that a charger has to say. */
export type Message = {
  readonly action:
    | 'BootNotification'
    | 'StatusNotification'
    | 'Authorize'
    | 'Heartbeat'
    | 'StartTransaction'
    | 'MeterValues'
    | 'StopTransaction';
  readonly session: PhysicalSession | null;
  /** Written at the moment of sending: a transaction id may have come in since. */
  readonly payload: () => object;
  readonly sent: () => SentCall;
  /** Kept and sent again until it is answered, over lost links and, when it is about a session, over power cuts. */
  readonly kept: boolean;
  readonly answered?: (payload: never) => void;
  /** It will never be answered: the link is gone and the message was not kept. */
  readonly dropped?: () => void;
  /** It was not answered in time, or before its link was lost, and goes out once more. */
  readonly again?: () => void;
};
type Queued = {
  readonly message: Message;
  readonly order: number;
  readonly bornOnLink: number;
  messageId: string | null;
};
type Flying = { readonly queued: Queued; readonly cancelTimeout: () => void };

const REDIAL_MIN_MS = 2_000;
const REDIAL_MAX_MS = 60_000;

/** The calling half of a charger: its queue, its link, its repeats. */
export class Caller implements ChargerEnd {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #traits: Traits;
  readonly #name: string;
  readonly #dial: (sentBy: (messageId: string) => SentCall) => Wire | null;
  readonly #linked: () => void;
  readonly #wrong: (what: string) => void;
  #queue: Queued[] = [];
  #flying = new Map<string, Flying>();
  #wire: Wire | null = null;
  /** How many links there were. */
  #links = 0;
  /** Counts power cuts: what was planned in a former life does not happen. */
  #life = 0;
  #order = 0;
  #lastMessageId = 0;
  #powered = false;
  #offlineUntilMs = 0;
  bootAnswered = true;

  constructor(deps: {
    name: string;
    clock: VirtualClock;
    chance: Chance;
    traits: Traits;
    dial: (end: ChargerEnd, sentBy: (messageId: string) => SentCall) => Wire | null;
    linked: () => void;
    wrong: (what: string) => void;
  }) {
    this.#name = deps.name;
    this.#clock = deps.clock;
    this.#chance = deps.chance;
    this.#traits = deps.traits;
    this.#dial = (sentBy) => deps.dial(this, sentBy);
    this.#linked = deps.linked;
    this.#wrong = deps.wrong;
  }

  get online(): boolean {
    return this.#wire !== null;
  }

  get idle(): boolean {
    return this.#queue.length === 0 && this.#flying.size === 0;
  }

  say(message: Message, first = false): void {
    const order = first ? -1 : ++this.#order;
    this.#enqueue({ message, order, bornOnLink: this.#links, messageId: null });
    this.#pump();
  }

  powerUp(): void {
    this.#powered = true;
    if (this.#traits.countsIdsFromBoot) this.#lastMessageId = 0;
    this.#redial(between(1_000, 10_000, this.#chance));
  }

  /** `forget`: what was kept is lost as well. */
  powerLost(forget: boolean): void {
    this.#powered = false;
    this.#life++;
    this.#wire?.powerLost();
    this.#wire = null;
    this.#ground();
    if (forget) for (const { message } of this.#queue) if (message.session !== null) message.session.forgotten = true;
    this.#queue = this.#queue.filter(({ message }) => !forget && message.session !== null);
  }

  /** The mobile network is gone for a while. */
  goOffline(ms: number): void {
    this.#offlineUntilMs = this.#clock.nowMs + ms;
    this.#hangUp();
  }

  comeBack(): void {
    this.#offlineUntilMs = 0;
  }

  received(text: string): void {
    const [type, messageId, payload] = JSON.parse(text) as [number, string, unknown];
    if (type === 2) return this.#obey(messageId);
    const flying = this.#flying.get(messageId);
    if (type !== 3) return this.#wrong(`${this.#name} got ${text}`);
    if (flying === undefined) return;
    flying.cancelTimeout();
    this.#flying.delete(messageId);
    flying.queued.message.answered?.(payload as never);
    this.#pump();
  }

  /** Promises, and keeps no promise; refuses; or says nothing at all. */
  #obey(messageId: string): void {
    const mood = this.#chance();
    if (mood < 0.6) this.#wire?.send(JSON.stringify([3, messageId, { status: 'Accepted', configurationKey: [] }]));
    else if (mood < 0.8) this.#wire?.send(JSON.stringify([4, messageId, 'NotSupported', '', {}]));
  }

  lost(): void {
    if (this.#wire === null) return;
    this.#wire = null;
    this.#ground();
    this.#redial(between(REDIAL_MIN_MS, REDIAL_MAX_MS, this.#chance));
  }

  #hangUp(): void {
    this.#wire?.leave();
    this.lost();
  }

  #redial(ms: number): void {
    const life = this.#life;
    this.#clock.after(Math.max(ms, this.#offlineUntilMs - this.#clock.nowMs), () => {
      if (life !== this.#life || !this.#powered || this.#wire !== null) return;
      if (this.#clock.nowMs < this.#offlineUntilMs) return this.#redial(0);
      const sent = new Map<string, SentCall>();
      this.#sent = sent;
      this.#wire = this.#dial((messageId) => sent.get(messageId) ?? { kind: 'other' });
      if (this.#wire === null) return this.#redial(between(REDIAL_MIN_MS, REDIAL_MAX_MS, this.#chance));
      this.#links++;
      this.#linked();
      this.#pump();
    });
  }

  /** By message id, on the present link. */
  #sent = new Map<string, SentCall>();

  /** The link is gone: what was under way goes back to its place, what is not kept is dropped. */
  #ground(): void {
    const back = [...this.#flying.values()];
    this.#flying.clear();
    for (const { queued, cancelTimeout } of back) {
      cancelTimeout();
      this.#enqueue(queued);
      if (queued.message.kept) this.#repeats(queued);
    }
    const dropped = this.#queue.filter(({ message }) => !message.kept);
    if (dropped.length === 0) return;
    this.#queue = this.#queue.filter(({ message }) => message.kept);
    for (const { message } of dropped) message.dropped?.();
  }

  #repeats(queued: Queued): void {
    if (this.#traits.freshMessageIds) queued.messageId = null;
    queued.message.again?.();
  }

  #enqueue(queued: Queued): void {
    const at = this.#queue.findLastIndex((other) => other.order <= queued.order);
    this.#queue.splice(at + 1, 0, queued);
  }

  #pump(): void {
    while (this.#wire !== null && this.#flying.size < this.#traits.callsInFlightMax) {
      const next = this.#next();
      if (next === undefined) return;
      this.#queue.splice(this.#queue.indexOf(next), 1);
      this.#send(next, this.#wire);
    }
  }

  #next(): Queued | undefined {
    const [first] = this.#queue;
    if (first === undefined) return undefined;
    if (this.#traits.waitsForBoot && !this.bootAnswered)
      return first.message.action === 'BootNotification' ? first : undefined;
    if (!this.#traits.liveFirst || first.order < 0) return this.#sendable(first) ? first : undefined;
    const mayGo = (queued: Queued) => this.#sendable(queued) && !this.#overtakesItsOwn(queued);
    return this.#queue.find((queued) => queued.bornOnLink === this.#links && mayGo(queued)) ?? this.#queue.find(mayGo);
  }

  /** A stop or a sample must name a transaction, which its start's answer tells. */
  #sendable({ message }: Queued): boolean {
    const { session, action } = message;
    return session === null || action === 'StartTransaction' || this.#traits.deaf || session.transactionId !== null;
  }

  #overtakesItsOwn({ message, order }: Queued): boolean {
    return (
      message.session !== null &&
      this.#queue.some((other) => other.message.session === message.session && other.order < order)
    );
  }

  #send(queued: Queued, wire: Wire): void {
    queued.messageId ??= this.#freshId();
    const { message, messageId } = queued;
    const cancelTimeout = this.#clock.after(this.#traits.callTimeoutMs, () => {
      this.#flying.delete(messageId);
      if (!message.kept && message.action !== 'BootNotification') message.dropped?.();
      else this.#enqueue(queued);
      this.#repeats(queued);
      if (this.#traits.hangsUpOnTimeout) this.#hangUp();
      else this.#pump();
    });
    this.#flying.set(messageId, { queued, cancelTimeout });
    this.#sent.set(messageId, message.sent());
    wire.send(JSON.stringify([2, messageId, message.action, message.payload()]));
  }

  /** A box that counts from its boot passes over what it kept from before: two calls under way need two ids. */
  #freshId(): string {
    let id: string;
    do {
      this.#lastMessageId++;
      id = this.#traits.countsIdsFromBoot ? String(this.#lastMessageId) : `${this.#name}-${this.#lastMessageId}`;
    } while (this.#flying.has(id) || this.#queue.some(({ messageId }) => messageId === id));
    return id;
  }
}
