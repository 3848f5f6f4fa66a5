import { connect, type Socket } from 'node:net';
import { LoadCharger } from './charger.ts';
import type { Said, StepName } from './script.ts';
import { envelopeFor, EXPECTED_SOAP } from './soap-script.ts';

const LENGTH = /content-length: (\d+)/i;
const TRANSACTION_ID = /transactionId>(-?\d+)</;

/**
 * A charger that posts envelopes, one at a time, on a connection that it keeps. HTTP is written by hand: what a client
 * of the system would spend on it, the generator should not.
 */
export class SoapLoadCharger extends LoadCharger {
  private socket: Socket | null = null;
  private path = '';
  private received = '';

  connect(url: string): Promise<boolean> {
    this.begin();
    this.received = '';
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
        this.lost('hung up on');
      });
    });
  }

  disconnect(): void {
    const { socket } = this;
    this.socket = null;
    this.inFlight = null;
    this.onIdle = null;
    socket?.resetAndDestroy();
  }

  get isLinked(): boolean {
    return this.socket !== null;
  }

  protected messageIdOf(count: number): string {
    return `${this.index}-${count}`;
  }

  protected send(step: StepName, said: Said, status: string | undefined): void {
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
    const isRight = ({ step }: { readonly step: StepName }): boolean =>
      text.startsWith('HTTP/1.1 200') && text.includes(EXPECTED_SOAP[step]);
    this.answered(text, isRight, TRANSACTION_ID);
  }
}
