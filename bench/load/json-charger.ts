import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { LoadCharger } from './charger.ts';
import { EXPECTED, frameFor, type Said, type StepName } from './script.ts';

const HANDSHAKE_WITHIN_MS = 120_000;
// Masking is compulsory for a client; drawing a fresh mask for each frame would only cost the generator.
const MASK = Buffer.from([0x5a, 0x17, 0xc3, 0x8e]);
const TRANSACTION_ID = /"transactionId":(-?\d+)/;

/** A charger on a WebSocket. */
export class JsonLoadCharger extends LoadCharger {
  private socket: WebSocket | null = null;
  private wire: Socket | null = null;
  private run = '';

  connect(url: string): Promise<boolean> {
    this.begin();
    this.run = randomBytes(3).toString('hex');
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
        if (this.socket === socket) {
          this.socket = null;
          this.lost(`closed with ${code}`);
        }
        resolve(false);
      });
      socket.on('message', (data: Buffer) => this.receive(data.toString('latin1')));
    });
  }

  disconnect(): void {
    const { socket } = this;
    this.socket = null;
    this.inFlight = null;
    this.onIdle = null;
    this.wire?.resetAndDestroy();
    this.wire = null;
    socket?.terminate();
  }

  get isLinked(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  protected messageIdOf(count: number): string {
    return `${this.run}${count}`;
  }

  protected send(step: StepName, said: Said, status: string | undefined): void {
    this.socket?.send(frameFor(step, said, status));
  }

  private receive(text: string): void {
    if (text.startsWith('[2,')) return this.obey(text);
    const isRight = ({ step, messageId }: { readonly step: StepName; readonly messageId: string }): boolean =>
      text.startsWith(`[3,"${messageId}"`) && text.includes(EXPECTED[step]);
    this.answered(text, isRight, TRANSACTION_ID);
  }

  /** A server may talk too, above all after a boot: it is answered, and counted. */
  private obey(text: string): void {
    this.tally.commanded();
    const [, messageId, action] = JSON.parse(text) as [number, string, string];
    const answer = action === 'GetConfiguration' ? { configurationKey: [], unknownKey: [] } : { status: 'Accepted' };
    this.socket?.send(JSON.stringify([3, messageId, answer]));
  }
}
