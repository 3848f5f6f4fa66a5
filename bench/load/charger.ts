import { CYCLE, type Said, type StepName } from './script.ts';
import type { Tally } from './tally.ts';

/** Identity of the n-th charger, as pages will show it. */
export function identityOf(index: number): string {
  return `BENCH-${String(index).padStart(5, '0')}`;
}

/** How the chargers of a load speak. */
export type Spoken = 'json' | 'soap';

type InFlight = { readonly step: StepName; readonly messageId: string; readonly fromMs: number };

/**
 * A charger of a load, with at most one call in flight, whatever it speaks. `onIdle` is called after each answer, with
 * the charger free again.
 */
export abstract class LoadCharger {
  readonly identity: string;
  onIdle: ((charger: LoadCharger) => void) | null = null;
  protected readonly index: number;
  protected readonly tally: Tally;
  protected inFlight: InFlight | null = null;
  private readonly idTag: string;
  private messages = 0;
  private stepNumber = 0;
  private transactionId = 0;
  private registerWh: number;
  private connectorId = 1;
  /** Intended times of calls that came while one was in flight: they count from then (no coordinated omission). */
  private readonly late: number[] = [];

  constructor(index: number, tally: Tally) {
    this.index = index;
    this.identity = identityOf(index);
    this.idTag = `TEST${String(index).padStart(6, '0')}`;
    this.registerWh = 1_000_000 + index * 10;
    this.tally = tally;
  }

  /** Resolves to whether the server let it in; a refusal is not an exception, it is what is being counted. */
  abstract connect(url: string): Promise<boolean>;
  /** With a reset: thousands of ports left in TIME_WAIT would make every later connection on this machine slow. */
  abstract disconnect(): void;
  abstract get isLinked(): boolean;
  protected abstract messageIdOf(count: number): string;
  protected abstract send(step: StepName, said: Said, status: string | undefined): void;

  get isIdle(): boolean {
    return this.isLinked && this.inFlight === null;
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

  /** A connection begins: nothing is left of the one before. */
  protected begin(): void {
    this.inFlight = null;
    this.late.length = 0;
    this.stepNumber = 0;
  }

  /** What came; `transactionId` finds the number in the answer to a start. */
  protected answered(text: string, isRight: (call: InFlight) => boolean, transactionId: RegExp): void {
    const { inFlight } = this;
    if (inFlight === null) return this.tally.wrong(`${this.identity}: unasked ${text}`);
    this.inFlight = null;
    if (isRight(inFlight)) {
      this.tally.answered(performance.now() - inFlight.fromMs);
      if (inFlight.step === 'start') this.transactionId = Number(transactionId.exec(text)?.[1] ?? 0);
      if (inFlight.step === 'available') this.connectorId = 3 - this.connectorId;
    } else this.tally.wrong(`${this.identity}: ${inFlight.step} answered ${text}`);
    const lateMs = this.late.shift();
    if (lateMs !== undefined) this.next(lateMs);
    this.onIdle?.(this);
  }

  /** The server hung up. */
  protected lost(how: string): void {
    this.tally.cut(`${this.identity}: ${how}`);
    if (this.inFlight === null) return;
    this.tally.wrong(`${this.identity}: ${this.inFlight.step} never answered`);
    this.inFlight = null;
    this.onIdle?.(this);
  }

  private say(step: StepName, fromMs: number, status?: string): void {
    this.messages += 1;
    const messageId = this.messageIdOf(this.messages);
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
    this.send(step, said, status);
  }
}
