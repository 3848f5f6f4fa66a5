const LATENCIES_KEPT = 10_000;

type Counted =
  | 'links'
  | 'linksLost'
  | 'calls'
  | 'answers'
  | 'refusals'
  | 'timeouts'
  | 'commands'
  | 'lost'
  | 'doubled'
  | 'overtaken'
  | 'errors';

/** What a run of the simulator came to. */
export class Tally {
  readonly #counts = new Map<Counted, number>();
  readonly #actions = new Map<string, number>();
  /** The latest ones, in ms. */
  #latencies: number[] = [];

  count(what: Counted): void {
    this.#counts.set(what, this.of(what) + 1);
  }

  called(action: string): void {
    this.count('calls');
    this.#actions.set(action, (this.#actions.get(action) ?? 0) + 1);
  }

  answered(afterMs: number): void {
    this.count('answers');
    if (this.#latencies.length >= LATENCIES_KEPT) this.#latencies = this.#latencies.slice(LATENCIES_KEPT / 2);
    this.#latencies.push(afterMs);
  }

  of(what: Counted): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Lines for a terminal. */
  summary(): readonly string[] {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number): string => String(Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0));
    const actions = [...this.#actions].toSorted(([, a], [, b]) => b - a);
    const sum = (...all: readonly Counted[]): string => all.map((one) => `${one} ${this.of(one)}`).join(', ');
    return [
      `links      opened ${this.of('links')}, lost ${this.of('linksLost')}, errors ${this.of('errors')}`,
      `calls      sent ${this.of('calls')}, answered ${this.of('answers')}, refused ${this.of('refusals')}, unanswered ${this.of('timeouts')}`,
      `answers    p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`,
      `commands   received ${this.of('commands')}`,
      `weather    ${sum('lost', 'doubled', 'overtaken')}`,
      ...actions.map(([action, count]) => `           ${action} ${count}`),
    ];
  }
}
