import type { LoadCharger, Spoken } from './charger.ts';
import { JsonLoadCharger } from './json-charger.ts';
import { SoapLoadCharger } from './soap-charger.ts';
import type { Tally } from './tally.ts';

export type Arrival = {
  readonly connected: number;
  /** Sockets that never opened. */
  readonly refused: number;
  readonly tookMs: number;
};

/** Many chargers against one server, and the ways of driving them. */
export class Crowd {
  private readonly tally: Tally;
  private chargers: LoadCharger[] = [];
  private driving = false;

  constructor(tally: Tally) {
    this.tally = tally;
  }

  /** Connects chargers `0..count-1` and boots them, `atOnce` of them in progress at a time; statuses too if asked. */
  async connect(
    url: string,
    how: { spoken?: Spoken; count: number; atOnce: number; connectorsReported: number },
  ): Promise<Arrival> {
    const startedMs = performance.now();
    const chargers = Array.from(
      { length: how.count },
      (_, index) => this.chargers[index] ?? newCharger(how.spoken ?? 'json', index, this.tally),
    );
    this.chargers = chargers;
    let connected = 0;
    await eachAtOnce(chargers, how.atOnce, async (charger) => {
      if (!(await charger.connect(url))) return;
      connected += 1;
      await charger.ask('boot');
      for (let connectorId = 1; connectorId <= how.connectorsReported; connectorId += 1) {
        await charger.ask('status', connectorId);
      }
    });
    return { connected, refused: how.count - connected, tookMs: performance.now() - startedMs };
  }

  /** The first `count` chargers start a transaction and leave it open. */
  async startTransactions(count: number): Promise<void> {
    await eachAtOnce(this.chargers.slice(0, count), 100, async (charger) => {
      for (const step of ['preparing', 'authorize', 'start'] as const) await charger.ask(step);
    });
  }

  /** Closed loop: each charger says its next word as soon as it is answered. */
  saturate(): void {
    this.driving = true;
    for (const charger of this.chargers) {
      charger.onIdle = (idle) => {
        if (this.driving && idle.isIdle) idle.next(performance.now());
      };
      charger.next(performance.now());
    }
  }

  /**
   * Open loop: calls fall due at random, `perSecond` in all, whether or not the server keeps up. The loop spins rather
   * than sleeps, so that the lateness of a timer is not taken for the slowness of the server; it has its own core.
   */
  pour(perSecond: number): void {
    this.driving = true;
    const meanGapMs = 1000 / perSecond;
    let turn = 0;
    let dueMs = performance.now();
    const tick = (): void => {
      if (!this.driving) return;
      const nowMs = performance.now();
      while (dueMs <= nowMs) {
        this.chargers[turn % this.chargers.length]?.next(dueMs);
        turn += 1;
        dueMs += -Math.log(1 - Math.random()) * meanGapMs;
      }
      setImmediate(tick);
    };
    tick();
  }

  /** One status change after another, evenly, over all chargers in turn; `onChange` gets each charger as it is sent. */
  change(perSecond: number, onChange: (identity: string) => void): void {
    this.driving = true;
    const statuses = ['Preparing', 'Charging', 'Finishing', 'Available'];
    const startedMs = performance.now();
    let sent = 0;
    const tick = (): void => {
      if (!this.driving) return;
      const due = ((performance.now() - startedMs) * perSecond) / 1000;
      for (; sent < due; sent += 1) {
        const charger = this.chargers[sent % this.chargers.length];
        const round = Math.floor(sent / this.chargers.length);
        if (!charger?.isIdle) continue;
        onChange(charger.identity);
        void charger.ask('status', 1, statuses[round % statuses.length]);
      }
      setTimeout(tick, 2);
    };
    tick();
  }

  /** No new calls; those in flight are still answered. */
  rest(): void {
    this.driving = false;
  }

  standing(): { readonly unanswered: number; readonly unlinked: number } {
    const linked = this.chargers.filter(({ isLinked }) => isLinked);
    const unanswered = linked.filter(({ isIdle }) => !isIdle).length;
    return { unanswered, unlinked: this.chargers.length - linked.length };
  }

  disconnect(): void {
    this.driving = false;
    for (const charger of this.chargers) charger.disconnect();
  }
}

function newCharger(spoken: Spoken, index: number, tally: Tally): LoadCharger {
  return spoken === 'soap' ? new SoapLoadCharger(index, tally) : new JsonLoadCharger(index, tally);
}

async function eachAtOnce<T>(items: readonly T[], atOnce: number, run: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
