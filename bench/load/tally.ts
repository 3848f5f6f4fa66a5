import { createHistogram } from 'node:perf_hooks';

export type TallyReading = {
  readonly answered: number;
  /** Answers that were errors, refusals, of another call, or that never came. */
  readonly wrong: number;
  /** Calls that the server made. */
  readonly commanded: number;
  /** Links that the server closed. */
  readonly cut: number;
  readonly forMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The first few wrong answers, for whoever has to find out why. */
  readonly complaints: readonly string[];
};

const COMPLAINTS_MAX = 5;
const COMPLAINT_CHARACTERS_MAX = 300;

/** Counts and latencies since the last `reset`, kept in a histogram of microseconds. */
export class Tally {
  private readonly histogram = createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
  private counts = { answered: 0, wrong: 0, commanded: 0, cut: 0 };
  private complaints: string[] = [];
  private sinceMs = performance.now();

  reset(): void {
    this.histogram.reset();
    this.counts = { answered: 0, wrong: 0, commanded: 0, cut: 0 };
    this.complaints = [];
    this.sinceMs = performance.now();
  }

  answered(latencyMs: number): void {
    this.counts.answered += 1;
    this.histogram.record(Math.max(1, Math.round(latencyMs * 1000)));
  }

  wrong(complaint: string): void {
    this.counts.wrong += 1;
    this.complain(complaint);
  }

  commanded(): void {
    this.counts.commanded += 1;
  }

  cut(complaint: string): void {
    this.counts.cut += 1;
    this.complain(complaint);
  }

  complain(complaint: string): void {
    if (this.complaints.length < COMPLAINTS_MAX) this.complaints.push(complaint.slice(0, COMPLAINT_CHARACTERS_MAX));
  }

  read(): TallyReading {
    const atMs = (percentile: number): number => this.histogram.percentile(percentile) / 1000;
    return {
      ...this.counts,
      forMs: performance.now() - this.sinceMs,
      p50Ms: atMs(50),
      p99Ms: atMs(99),
      maxMs: this.counts.answered === 0 ? 0 : this.histogram.max / 1000,
      complaints: this.complaints,
    };
  }
}
