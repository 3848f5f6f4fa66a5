import { connect, type Socket } from 'node:net';
import { identityOf, type Charger } from './charger.ts';
import { CYCLE, type StepName } from './script.ts';
import { envelopeFor, EXPECTED_SOAP } from './soap-script.ts';
import type { Tally } from './tally.ts';

const LENGTH = /content-length: (\d+)/i;
const TRANSACTION_ID = /transactionId>(-?\d+)</;

/**
 * A charger that posts envelopes, one at a time, on a connection that it keeps. HTTP is written by hand: what a client
 * of the system would spend on it, the generator should not.
 */
export class SoapLoadCharger implements Charger {
  readonly identity: string;
  onIdle: ((charger: Charger) => void) | null = null;
  private readonly idTag: string;
  private readonly index: number;
  private readonly tally: Tally;
  private socket: Socket | null = null;
  private path = '';
  private received = '';
  private inFlight: { readonly step: StepName; readonly fromMs: number } | null = null;
  private messages = 0;
  private stepNumber = 0;
  private transactionId = 0;
  private registerWh: number;
  private connectorId = 1;

  constructor(index: number, tally: Tally) {
    this.index = index;
    this.identity = identityOf(index);
    this.idTag = `TEST${String(index).padStart(6, '0')}`;
    this.registerWh = 1_000_000 + index * 10;
    this.tally = tally;
  }

  get isIdle(): boolean {
    return this.socket !== null && this.inFlight === null;
  }

  connect(url: string): Promise<boolean> {
    const { hostname, port, pathname } = new URL(url);
    this.path = pathname;
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      socket.on('connect', () => {
        this.socket = socket;
        resolve(true);
      });
      socket.on('data', (chunk: Buffer) => this.receive(chunk.toString('latin1')));
      socket.on('error', (error) => {
        this.tally.complain(`${this.identity}: ${error.message}`);
        resolve(false);
      });
      socket.on('close', () => {
        if (this.socket !== socket) return;
        this.socket = null;
        this.tally.cut(`${this.identity}: hung up on`);
      });
    });
  }

  disconnect(): void {
    const { socket } = this;
    this.socket = null;
    this.onIdle = null;
    socket?.resetAndDestroy();
  }

  next(intendedMs: number): void {
    const step = CYCLE[this.stepNumber % CYCLE.length] ?? 'heartbeat';
    this.stepNumber += 1;
    this.say(step, intendedMs);
  }

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
    if (step === 'meter') this.registerWh += 2;
    this.inFlight = { step, fromMs };
    const said = {
      messageId: `${this.index}-${this.messages}`,
      idTag: this.idTag,
      connectorId: this.connectorId,
      transactionId: this.transactionId,
      registerWh: this.registerWh,
      serialNumber: `VO${this.index}`,
    };
    const text = envelopeFor(step, this.identity, said, status);
    const head = `POST ${this.path} HTTP/1.1\r\nhost: vigie\r\ncontent-type: application/soap+xml; charset=utf-8\r\n`;
    this.socket?.write(`${head}content-length: ${text.length}\r\n\r\n${text}`, 'latin1');
  }

  /** Answers are whole when as many characters as the header says have come, or, chunked, with the last chunk. */
  private receive(chunk: string): void {
    this.received += chunk;
    const head = this.received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = LENGTH.exec(this.received.slice(0, head))?.[1];
    const isWhole =
      length === undefined
        ? this.received.endsWith('\r\n0\r\n\r\n')
        : this.received.length >= head + 4 + Number(length);
    if (!isWhole) return;
    const text = this.received;
    this.received = '';
    const { inFlight } = this;
    this.inFlight = null;
    if (inFlight === null) return this.tally.wrong(`${this.identity}: unasked ${text}`);
    if (text.startsWith('HTTP/1.1 200') && text.includes(EXPECTED_SOAP[inFlight.step])) {
      this.tally.answered(performance.now() - inFlight.fromMs);
      if (inFlight.step === 'start') this.transactionId = Number(TRANSACTION_ID.exec(text)?.[1] ?? 0);
      if (inFlight.step === 'available') this.connectorId = 3 - this.connectorId;
    } else this.tally.wrong(`${this.identity}: ${inFlight.step} answered ${text}`);
    this.onIdle?.(this);
  }
}
