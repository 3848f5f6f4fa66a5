import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { CYCLE, EXPECTED, frameFor, type StepName } from './script.ts';
import type { Tally } from './tally.ts';

const HANDSHAKE_WITHIN_MS = 120_000;
// Masking is compulsory for a client; drawing a fresh mask for each frame would only cost the generator.
const MASK = Buffer.from([0x5a, 0x17, 0xc3, 0x8e]);

/** Identity of the n-th charger, as pages will show it. */
export function identityOf(index: number): string {
  return `BENCH-${String(index).padStart(5, '0')}`;
}

type InFlight = { readonly step: StepName; readonly messageId: string; readonly fromMs: number };

/** How the chargers of a load speak. */
export type Spoken = 'json' | 'soap';

/** A charger of a load, whatever it speaks. */
export interface Charger {
  readonly identity: string;
  readonly isIdle: boolean;
  onIdle: ((charger: Charger) => void) | null;
  /** Resolves to whether the server let it in. */
  connect(url: string): Promise<boolean>;
  /** The next call of the cycle, its latency counted from `intendedMs`. */
  next(intendedMs: number): void;
  /** A call outside the cycle; resolves when it is answered. */
  ask(step: StepName, connectorId?: number, status?: string): Promise<void>;
  disconnect(): void;
}

/** One charger with at most one call in flight. `onIdle` is called after each answer, with the charger free again. */
export class LoadCharger implements Charger {
  readonly identity: string;
  private readonly idTag: string;
  private readonly index: number;
  private readonly tally: Tally;
  private socket: WebSocket | null = null;
  private wire: Socket | null = null;
  private inFlight: InFlight | null = null;
  private run = '';
  private messages = 0;
  private stepNumber = 0;
  private transactionId = 0;
  private registerWh: number;
  private connectorId = 1;
  /** Intended times of calls that came while one was in flight: they count from then (no coordinated omission). */
  private readonly late: number[] = [];
  onIdle: ((charger: Charger) => void) | null = null;

  constructor(index: number, tally: Tally) {
    this.index = index;
    this.identity = identityOf(index);
    this.idTag = `TEST${String(index).padStart(6, '0')}`;
    this.registerWh = 1_000_000 + index * 10;
    this.tally = tally;
  }

  get isIdle(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && this.inFlight === null;
  }

  /** Resolves to whether the socket opened; a refusal is not an exception, it is what is being counted. */
  connect(url: string): Promise<boolean> {
    this.run = randomBytes(3).toString('hex');
    this.inFlight = null;
    this.late.length = 0;
    this.stepNumber = 0;
    return new Promise((resolve) => {
      const socket = new WebSocket(`${url}/${this.identity}`, ['ocpp1.6'], {
        perMessageDeflate: false,
        skipUTF8Validation: true,
        handshakeTimeout: HANDSHAKE_WITHIN_MS,
        generateMask: (mask) => void MASK.copy(mask),
      });
      this.socket = socket;
      socket.on('upgrade', ({ socket: wire }) => (this.wire = wire));
      socket.on('open', () => resolve(true));
      socket.on('error', (error) => {
        this.tally.complain(`${this.identity}: ${error.message}`);
        resolve(false);
      });
      socket.on('close', (code) => {
        if (this.socket === socket) this.closedByServer(code);
        resolve(false);
      });
      socket.on('message', (data: Buffer) => this.receive(data.toString('latin1')));
    });
  }

  /** With a reset: thousands of ports left in TIME_WAIT would make every later connection on this machine slow. */
  disconnect(): void {
    const { socket } = this;
    this.socket = null;
    this.inFlight = null;
    this.onIdle = null;
    this.wire?.resetAndDestroy();
    this.wire = null;
    socket?.terminate();
  }

  /** The next call of the cycle, its latency counted from `intendedMs`, waiting its turn if one is in flight. */
  next(intendedMs: number): void {
    if (!this.isIdle) {
      this.late.push(intendedMs);
      return;
    }
    const step = CYCLE[this.stepNumber % CYCLE.length] ?? 'heartbeat';
    this.stepNumber += 1;
    this.say(step, intendedMs);
  }

  /** A call outside the cycle; resolves when it is answered, rightly or not, or the link is lost. */
  ask(step: StepName, connectorId = 1, status = 'Available'): Promise<void> {
    this.connectorId = connectorId;
    return new Promise((resolve) => {
      this.onIdle = () => {
        this.onIdle = null;
        resolve();
      };
      this.say(step, performance.now(), status);
    });
  }

  private say(step: StepName, fromMs: number, status?: string): void {
    this.messages += 1;
    const messageId = `${this.run}${this.messages}`;
    if (step === 'meter') this.registerWh += 2;
    this.inFlight = { step, messageId, fromMs };
    const said = {
      messageId,
      idTag: this.idTag,
      connectorId: this.connectorId,
      transactionId: this.transactionId,
      registerWh: this.registerWh,
      serialNumber: `VO${this.index}`,
    };
    this.socket?.send(frameFor(step, said, status));
  }

  private receive(text: string): void {
    if (text.startsWith('[2,')) return this.obey(text);
    const { inFlight } = this;
    if (!inFlight) return this.tally.wrong(`${this.identity}: unasked ${text}`);
    const right = text.startsWith(`[3,"${inFlight.messageId}"`) && text.includes(EXPECTED[inFlight.step]);
    this.inFlight = null;
    if (!right) {
      this.tally.wrong(`${this.identity}: ${inFlight.step} answered ${text}`);
    } else {
      this.tally.answered(performance.now() - inFlight.fromMs);
      if (inFlight.step === 'start') this.transactionId = Number(/"transactionId":(-?\d+)/.exec(text)?.[1] ?? 0);
      if (inFlight.step === 'available') this.connectorId = 3 - this.connectorId;
    }
    const lateMs = this.late.shift();
    if (lateMs !== undefined) this.next(lateMs);
    this.onIdle?.(this);
  }

  /** A server may talk too, above all after a boot: it is answered, and counted. */
  private obey(text: string): void {
    this.tally.commanded();
    const [, messageId, action] = JSON.parse(text) as [number, string, string];
    const answer = action === 'GetConfiguration' ? { configurationKey: [], unknownKey: [] } : { status: 'Accepted' };
    this.socket?.send(JSON.stringify([3, messageId, answer]));
  }

  private closedByServer(code: number): void {
    this.socket = null;
    this.tally.cut(`${this.identity}: closed with ${code}`);
    if (!this.inFlight) return;
    this.tally.wrong(`${this.identity}: ${this.inFlight.step} never answered`);
    this.inFlight = null;
    this.onIdle?.(this);
  }
}
