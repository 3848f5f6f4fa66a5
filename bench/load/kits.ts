/**
 * Kits on real sockets, as a process of its own: `node bench/load/kits.ts '<LoadOfKits as JSON>'` prints one line of JSON.
 * The reference gets the same datagrams and sends them back.
 */
import { createSocket, type Socket } from 'node:dgram';
import { CODE, keyOfSession, NO_SESSION, opened, signed } from '#src/simulator/kit/envelope.ts';

export type LoadOfKits = {
  readonly port: number;
  readonly isEcho: boolean;
  readonly serials: readonly string[];
  readonly keyHex: string;
  /** `beats`: nothing but heartbeats. `recharges`: whole recharges, facts and all. */
  readonly says: 'beats' | 'recharges';
  /** Datagrams in a second for all kits together; null: each kit speaks again as soon as it is answered. */
  readonly perSecond: number | null;
  readonly warmUpMs: number;
  readonly measuredMs: number;
};
export type KitsRead = {
  readonly sent: number;
  readonly answered: number;
  readonly wrong: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly forMs: number;
  /** Of one datagram of the mix, with its envelope. */
  readonly bytes: number;
};

const GREETING_MS = 15_000;
const TICK_MS = 5;
/** A datagram without an answer is repeated after this time, as a kit does. */
const LOST_MS = 2_000;
const DRAIN_MS = 1_000;

class LoadKit {
  readonly socket: Socket = createSocket('udp4');
  readonly #load: LoadOfKits;
  readonly #serial: string;
  readonly #key: Buffer;
  #session: { id: Buffer; key: Buffer } | null = null;
  #counter = 0;
  #exchange = 0;
  #step = 0;
  #number = 0;
  #meterWh = 1_000;
  #sentAtMs = 0;
  #said = '';
  isIdle = true;

  constructor(load: LoadOfKits, serial: string) {
    this.#load = load;
    this.#serial = serial;
    this.#key = Buffer.from(load.keyHex, 'hex');
    this.socket.on('message', (datagram) => this.#receive(datagram));
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.socket.bind(0, '127.0.0.1', () => resolve()));
    if (this.#load.isEcho) {
      this.#session = { id: Buffer.alloc(8, 1), key: this.#key };
      return;
    }
    const nonce = Buffer.alloc(16, Math.floor(Math.random() * 256));
    const until = Date.now() + GREETING_MS;
    while (this.#session === null) {
      if (Date.now() > until) throw new Error(`${this.#serial} was not welcomed`);
      const frame = { code: CODE.HELLO, session: NO_SESSION, counter: 0, exchange: 1 };
      this.#send(signed(this.#serial, { ...frame, body: Buffer.concat([nonce, Buffer.alloc(16)]) }, this.#key));
      const datagram = await new Promise<Buffer | null>((resolve) => {
        this.#welcome = resolve;
        setTimeout(() => resolve(null), 500);
      });
      this.#welcome = null;
      const welcome = datagram === null ? null : opened(datagram, this.#serial, () => this.#key);
      if (welcome === null) continue;
      const nonces = { kit: nonce, server: welcome.body.subarray(16) };
      this.#session = { id: welcome.session, key: keyOfSession(this.#key, nonces, welcome.session) };
    }
  }

  #welcome: ((datagram: Buffer) => void) | null = null;

  /** The next thing that it says. Returns its size. */
  say(): number {
    this.#exchange++;
    this.#said = this.#next();
    return this.#transmit();
  }

  repeatIfLost(): void {
    if (!this.isIdle && performance.now() - this.#sentAtMs > LOST_MS) this.#transmit();
  }

  #transmit(): number {
    const session = this.#session;
    if (session === null) return 0;
    const frame = { code: CODE.SAY, session: session.id, counter: ++this.#counter, exchange: this.#exchange };
    const datagram = signed(this.#serial, { ...frame, body: Buffer.from(this.#said) }, session.key);
    this.isIdle = false;
    this.#sentAtMs = performance.now();
    tally.sent++;
    tally.bytes += datagram.length;
    this.#send(datagram);
    return datagram.length;
  }

  #receive(datagram: Buffer): void {
    if (this.#welcome !== null) return this.#welcome(datagram);
    const session = this.#session;
    const reply = session === null ? null : opened(datagram, this.#serial, () => session.key);
    if (reply === null || reply.exchange !== this.#exchange || this.isIdle) return;
    const took = performance.now() - this.#sentAtMs;
    this.isIdle = true;
    tally.answered++;
    tally.times.push(took);
    if (!this.#load.isEcho) this.#read(reply.body.toString());
    if (this.#load.perSecond === null && !tally.isOver) this.say();
  }

  #read(text: string): void {
    const reply = JSON.parse(text) as { readonly fault?: string; readonly number?: number };
    if (reply.fault !== undefined) tally.wrong++;
    if (reply.number !== undefined) this.#number = reply.number;
  }

  #next(): string {
    if (this.#load.says === 'beats') return '{"say":"beat"}';
    const step = CYCLE[this.#step++ % CYCLE.length] ?? 'beat';
    const at = new Date().toISOString();
    const by = `"by":{"kind":"rfid","value":"TEST${this.#serial}"}`;
    const run = Math.floor(this.#step / CYCLE.length);
    switch (step) {
      case 'may':
        return `{"say":"may","point":1,${by}}`;
      case 'parked':
        return `{"say":"parked","point":1,"at":"${at}","how":"sensor"}`;
      case 'began':
        return `{"say":"began","point":1,"socket":1,"at":"${at}",${by},"meter":${this.#meterWh},"run":${run},"leave":"server"}`;
      case 'meter':
        this.#meterWh += 10;
        return `{"say":"meter","point":1,"at":"${at}","number":${this.#number},"meter":${this.#meterWh},"power":7000}`;
      case 'ended':
        return `{"say":"ended","point":1,"at":"${at}","number":${this.#number},"run":${run},"meter":${this.#meterWh},"why":"user"}`;
      case 'left':
        return `{"say":"left","point":1,"at":"${at}"}`;
      case 'beat':
        return '{"say":"beat"}';
    }
  }

  #send(datagram: Buffer): void {
    this.socket.send(datagram, this.#load.port, '127.0.0.1');
  }
}

const CYCLE = ['may', 'parked', 'began', 'meter', 'meter', 'meter', 'meter', 'beat', 'ended', 'left'] as const;
const tally = { sent: 0, answered: 0, wrong: 0, bytes: 0, times: [] as number[], isOver: false };

const load = JSON.parse(process.argv[2] ?? '{}') as LoadOfKits;
const kits = load.serials.map((serial) => new LoadKit(load, serial));
for (let at = 0; at < kits.length; at += 20) await Promise.all(kits.slice(at, at + 20).map((kit) => kit.open()));
await measure();

async function measure(): Promise<void> {
  const repeats = setInterval(() => kits.forEach((kit) => kit.repeatIfLost()), 500);
  const pacing = load.perSecond === null ? null : paced(load.perSecond);
  if (pacing === null) kits.forEach((kit) => kit.say());
  await pause(load.warmUpMs);
  process.send?.('measuring');
  Object.assign(tally, { sent: 0, answered: 0, wrong: 0, bytes: 0, times: [] });
  const startedMs = performance.now();
  await pause(load.measuredMs);
  const forMs = performance.now() - startedMs;
  process.send?.('measured');
  tally.isOver = true;
  if (pacing !== null) clearInterval(pacing);
  const { sent, answered, wrong, bytes } = tally;
  const times = tally.times.toSorted((a, b) => a - b);
  if (pacing !== null) await pause(DRAIN_MS);
  const read: KitsRead = {
    sent,
    // What was under way at the last moment is waited for where losses are counted.
    answered: pacing === null ? answered : tally.answered,
    wrong,
    p50Ms: times[Math.floor(times.length * 0.5)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    forMs,
    bytes: Math.round(bytes / Math.max(1, sent)),
  };
  console.log(JSON.stringify(read));
  clearInterval(repeats);
  for (const kit of kits) kit.socket.close();
  process.disconnect?.();
}

/** So many in a second, each from the next kit that has its answer. */
function paced(perSecond: number): NodeJS.Timeout {
  let turn = 0;
  let due = 0;
  let lastMs = performance.now();
  return setInterval(() => {
    const nowMs = performance.now();
    due += ((nowMs - lastMs) * perSecond) / 1_000;
    lastMs = nowMs;
    for (let tried = 0; due >= 1 && tried < kits.length; tried++) {
      const kit = kits[turn++ % kits.length];
      if (kit?.isIdle !== true) continue;
      due -= 1;
      kit.say();
    }
  }, TICK_MS);
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
