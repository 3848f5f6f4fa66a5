import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Tally } from '../tally.ts';
import {
  CODE,
  DATAGRAM_BYTES_MAX,
  greetingOf,
  keyOfSession,
  NO_SESSION,
  opened,
  signed,
  type Frame,
} from './envelope.ts';
import type { Body, Fact, KitMemory } from './memory.ts';

/** Time as the caller owns it. `later` returns what cancels it. */
export type KitClock = {
  readonly now: () => number;
  readonly later: (afterMs: number, run: () => void) => () => void;
};

export type KitOptions = {
  readonly host: string;
  readonly port: number;
  readonly serial: string;
  readonly key: Buffer;
  /** Of the SIM card in its modem. */
  readonly iccid?: string | undefined;
  readonly clock: KitClock;
  readonly memory: KitMemory;
  /** Does what the server orders; the answer is its `DONE`. */
  readonly obey: (order: Body) => Body | Promise<Body>;
  /** The server has a fact for good. */
  readonly acknowledged?: (fact: Fact, reply: Body) => void;
  /** A session has begun: the kit has something to say. */
  readonly greeted: () => void;
  /** 1 is the document's own waits; a test is less patient. */
  readonly patience?: number;
  /** What stands between the two: it may lose, repeat and hold back. */
  readonly through?: Network;
  readonly tally?: Tally;
};
/** `way`: from the kit to the server, or back. */
export type Network = (datagram: Buffer, deliver: (datagram: Buffer) => void, way: 'out' | 'in') => void;

/** Section 5: waits before a repetition, the last again and again; and how long a question is asked. */
const REPEATS_MS = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000] as const;
const QUESTION_MS = 14_000;
/** With something said so often without an answer, a minute has passed and the kit greets again. */
const TRIES_MAX = 5;
const SAYS_OPEN_MAX = 4;
const ANSWERS_KEPT = 16;
const COUNTER_MAX = 0xffff_ffff;
const COUNTER_WINDOW = 64;
const COUNTERS_KEPT = 256;

type Urgency = 'fact' | 'question' | 'news';
type Saying = {
  readonly body: Body;
  readonly urgency: Urgency;
  readonly settle: (reply: Body | null) => void;
  /** When it left for the first time; null until then. */
  saidAtMs: number | null;
  exchange: number;
  tries: number;
  cancel: () => void;
};
type Session = {
  readonly id: Buffer;
  readonly key: Buffer;
  counter: number;
  exchange: number;
  highest: number;
  readonly seen: Set<number>;
  /** Its answers to orders, by exchange; null while they are being obeyed. */
  readonly done: Map<number, Body | null>;
};

/** The tongue of a kit: greets, says, repeats, and listens to orders, on a socket of its own. */
export class KitSpeaker {
  readonly #options: KitOptions;
  #socket: Socket | null = null;
  #session: Session | null = null;
  #greeting: { nonce: Buffer; exchange: number; tries: number; cancel: () => void } | null = null;
  #greetings = 0;
  /** Said and not answered, or about to be. */
  #sayings: Saying[] = [];
  #stopped = false;

  constructor(options: KitOptions) {
    this.#options = options;
  }

  get isGreeted(): boolean {
    return this.#session !== null;
  }

  /** What waits for the server, the kept facts aside. */
  get waiting(): number {
    return this.#sayings.filter(({ urgency }) => urgency !== 'fact').length;
  }

  /** The kit has power: it opens its socket and greets. */
  async open(): Promise<void> {
    this.#stopped = false;
    await this.#bind();
    if (!this.#stopped) this.#greet();
  }

  /** Another socket, as after a router has forgotten the old one: same session, other address. */
  async rebind(): Promise<void> {
    const before = this.#socket;
    await this.#bind();
    await closed(before);
  }

  /** The power is gone: what was kept stays in the memory, the rest is forgotten. */
  async close(): Promise<void> {
    this.#stopped = true;
    this.#greeting?.cancel();
    for (const saying of this.#sayings) saying.cancel();
    for (const { settle, urgency } of this.#sayings) if (urgency !== 'fact') settle(null);
    this.#sayings = [];
    this.#lose();
    this.#greeting = null;
    const socket = this.#socket;
    this.#socket = null;
    await closed(socket);
  }

  /** The reply; null when the question was given up, or the power went. */
  say(body: Body, urgency: Exclude<Urgency, 'fact'>): Promise<Body | null> {
    return new Promise((settle) => this.#put(body, urgency, settle));
  }

  /** Kept until the server has answered it, whatever happens. */
  keep(body: Body, run: number): void {
    this.#options.memory.facts.push({ body, run });
    this.#pump();
  }

  /** The network forgets a silent kit. */
  hold(): void {
    if (this.#session !== null) this.#send(CODE.HOLD, 0, null);
  }

  #put(body: Body, urgency: Urgency, settle: (reply: Body | null) => void): void {
    if (this.#stopped) return settle(null);
    let giveUp = (): void => undefined;
    const saying: Saying = {
      body,
      urgency,
      saidAtMs: null,
      settle: (reply: Body | null) => {
        giveUp();
        settle(reply);
      },
      exchange: 0,
      tries: 0,
      cancel: () => undefined,
    };
    if (urgency === 'news') this.#forgetOlder(body);
    this.#sayings.push(saying);
    if (urgency === 'question') {
      giveUp = this.#options.clock.later(QUESTION_MS * this.#patience, () => {
        this.#over(saying);
        this.#options.tally?.count('timeouts');
        settle(null);
      });
    }
    this.#pump();
  }

  /** Section 5: news that has not left gives way to newer of the same kind and point. */
  #forgetOlder(body: Body): void {
    for (const older of this.#sayings) {
      const isSame = older.body['say'] === body['say'] && older.body['point'] === body['point'];
      if (older.urgency !== 'news' || older.exchange > 0 || !isSame) continue;
      this.#over(older);
      older.settle(null);
    }
  }

  get #patience(): number {
    return this.#options.patience ?? 1;
  }

  /** Section 5: one fact at a time, in order; news waits for them, questions do not. */
  #pump(): void {
    if (this.#session === null) return;
    const { memory } = this.#options;
    const fact = memory.facts[0];
    if (fact !== undefined && !this.#sayings.some(({ urgency }) => urgency === 'fact')) {
      const number = fact.body['say'] === 'ended' ? { number: memory.numbers.get(fact.run) ?? 0 } : {};
      this.#put({ ...fact.body, ...number }, 'fact', (reply) => {
        if (reply === null) return;
        const given = reply['number'];
        if (typeof given === 'number') memory.numbers.set(fact.run, given);
        if (fact.body['say'] === 'ended') memory.numbers.delete(fact.run);
        memory.facts.shift();
        this.#options.acknowledged?.(fact, reply);
        this.#pump();
      });
      return;
    }
    for (const saying of this.#sayings) {
      const open = this.#sayings.filter(({ exchange }) => exchange > 0);
      if (open.length >= SAYS_OPEN_MAX) return;
      if (saying.exchange > 0 || (saying.urgency === 'news' && memory.facts.length > 0)) continue;
      saying.exchange = ++this.#session.exchange;
      this.#repeat(saying);
    }
  }

  #repeat(saying: Saying): void {
    // After the fifth, a minute has passed.
    if (saying.tries >= TRIES_MAX) return this.#greet();
    if (saying.saidAtMs === null) {
      saying.saidAtMs = this.#options.clock.now();
      this.#options.tally?.called(String(saying.body['say']));
    }
    this.#send(CODE.SAY, saying.exchange, saying.body);
    const wait = REPEATS_MS[Math.min(saying.tries, REPEATS_MS.length - 1)] ?? 60_000;
    saying.tries++;
    saying.cancel = this.#options.clock.later(wait * this.#patience, () => this.#repeat(saying));
  }

  #over(saying: Saying): void {
    saying.cancel();
    this.#sayings = this.#sayings.filter((one) => one !== saying);
  }

  /** Section 3, step 1. What was said in the session before is said again in the next. */
  #greet(): void {
    this.#lose();
    for (const saying of this.#sayings) {
      saying.cancel();
      saying.exchange = 0;
      saying.tries = 0;
    }
    this.#greeting?.cancel();
    const greeting = { nonce: randomBytes(16), exchange: ++this.#greetings, tries: 0, cancel: () => undefined as void };
    this.#greeting = greeting;
    const knock = (): void => {
      const body = greetingOf(greeting.nonce, this.#options.iccid);
      this.#transmit(
        { code: CODE.HELLO, session: NO_SESSION, counter: 0, exchange: greeting.exchange, body },
        this.#options.key,
      );
      const wait = REPEATS_MS[Math.min(greeting.tries, REPEATS_MS.length - 1)] ?? 60_000;
      greeting.tries++;
      greeting.cancel = this.#options.clock.later(wait * this.#patience, knock);
    };
    knock();
  }

  #lose(): void {
    if (this.#session !== null) this.#options.tally?.count('linksLost');
    this.#session = null;
  }

  #receive(datagram: Buffer): void {
    const { key, serial } = this.#options;
    const keyFor = (code: number): Buffer | null =>
      code === CODE.WELCOME || code === CODE.LOST ? key : (this.#session?.key ?? null);
    const frame = opened(datagram, serial, keyFor);
    if (frame === null || this.#stopped) return;
    if (frame.code === CODE.WELCOME) return this.#welcomed(frame);
    const session = this.#session;
    if (session === null || !frame.session.equals(session.id)) return;
    if (frame.code === CODE.LOST) {
      if (frame.counter >= 1 && frame.counter <= session.counter) this.#greet();
      return;
    }
    if (!isFresh(session, frame.counter)) return;
    if (frame.code === CODE.REPLY) this.#replied(frame);
    else if (frame.code === CODE.ORDER) this.#ordered(session, frame);
  }

  #welcomed({ session: id, exchange, body }: Frame): void {
    const greeting = this.#greeting;
    if (greeting === null || exchange !== greeting.exchange || body.length !== 32) return;
    if (!body.subarray(0, 16).equals(greeting.nonce)) return;
    greeting.cancel();
    this.#greeting = null;
    const key = keyOfSession(this.#options.key, { kit: greeting.nonce, server: body.subarray(16) }, id);
    this.#session = { id, key, counter: 0, exchange: 0, highest: 0, seen: new Set(), done: new Map() };
    this.#options.tally?.count('links');
    this.#options.greeted();
    this.#pump();
  }

  #replied({ exchange, body }: Frame): void {
    const saying = this.#sayings.find((one) => one.exchange === exchange);
    if (saying === undefined) return;
    const reply = objectOf(body) ?? {};
    const { clock, tally } = this.#options;
    if (reply['fault'] !== undefined) tally?.count('refusals');
    else tally?.answered(clock.now() - (saying.saidAtMs ?? clock.now()));
    if (reply['set'] !== undefined) this.#options.memory.settings = reply['set'] as Body;
    this.#over(saying);
    saying.settle(reply);
    this.#pump();
  }

  #ordered(session: Session, { exchange, body }: Frame): void {
    const before = session.done.get(exchange);
    if (before === null) return;
    if (before !== undefined) return this.#send(CODE.DONE, exchange, before);
    session.done.set(exchange, null);
    this.#options.tally?.count('commands');
    const [oldest] = session.done.keys();
    if (session.done.size > ANSWERS_KEPT && oldest !== undefined) session.done.delete(oldest);
    const tell = (done: Body): void => {
      session.done.set(exchange, done);
      if (this.#session === session) this.#send(CODE.DONE, exchange, done);
    };
    const done = this.#options.obey(objectOf(body) ?? {});
    if (done instanceof Promise) void done.then(tell);
    else tell(done);
  }

  #send(code: number, exchange: number, body: Body | null): void {
    const session = this.#session;
    if (session === null) return;
    if (session.counter >= COUNTER_MAX) return this.#greet();
    const text = Buffer.from(body === null ? '' : JSON.stringify(body));
    this.#transmit({ code, session: session.id, counter: ++session.counter, exchange, body: text }, session.key);
  }

  #transmit(frame: Frame, key: Buffer): void {
    const { serial, through } = this.#options;
    const datagram = signed(serial, frame, key);
    if (datagram.length > DATAGRAM_BYTES_MAX) return;
    if (through === undefined) this.#deliver(datagram);
    else through(datagram, (one) => this.#deliver(one), 'out');
  }

  #deliver(datagram: Buffer): void {
    const { port, host } = this.#options;
    // What does not leave is as good as lost: it is repeated.
    this.#socket?.send(datagram, port, host, () => undefined);
  }

  async #bind(): Promise<void> {
    const { through, host } = this.#options;
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', () => undefined);
    socket.on('message', (datagram) => {
      if (through === undefined) this.#receive(datagram);
      else through(datagram, (one) => this.#receive(one), 'in');
    });
    await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
    // The power may have gone meanwhile.
    if (this.#stopped) await closed(socket);
    else this.#socket = socket;
  }
}

/** Section 4. A set of what came is enough for a kit. */
function isFresh(session: Session, counter: number): boolean {
  if (counter < 1 || counter <= session.highest - COUNTER_WINDOW || session.seen.has(counter)) return false;
  session.highest = Math.max(session.highest, counter);
  session.seen.add(counter);
  if (session.seen.size > COUNTERS_KEPT)
    for (const one of session.seen) if (one <= session.highest - COUNTER_WINDOW) session.seen.delete(one);
  return true;
}

function closed(socket: Socket | null): Promise<void> {
  return new Promise((resolve) => (socket === null ? resolve() : socket.close(() => resolve())));
}

function objectOf(body: Buffer): Body | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
