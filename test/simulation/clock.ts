import type { Chance } from '#src/simulator/chance.ts';

type Planned = { readonly atMs: number; readonly tie: number; run: (() => void) | null };

/** Time that only moves when the next planned thing happens. Things planned for the same instant happen in a drawn order. */
export class VirtualClock {
  nowMs: number;
  readonly #chance: Chance;
  readonly #heap: Planned[] = [];

  constructor(startMs: number, chance: Chance) {
    this.nowMs = startMs;
    this.#chance = chance;
  }

  /** Gives back what cancels it. A negative wait is none. */
  after(ms: number, run: () => void): () => void {
    const planned: Planned = { atMs: this.nowMs + Math.max(Math.ceil(ms), 0), tie: this.#chance(), run };
    this.#push(planned);
    return () => {
      planned.run = null;
    };
  }

  /** Does the next thing, unless it lies after `untilMs`: the clock then stops there, and false comes back. */
  step(untilMs: number): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined || next.atMs > untilMs) {
        this.nowMs = Math.max(this.nowMs, untilMs);
        return false;
      }
      this.#pop();
      if (next.run === null) continue;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      return true;
    }
  }

  /** Lets so much time pass: all that was planned within it happens, in order. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.step(untilMs));
  }

  /** The machine slept: everything that was due rings late. */
  jump(ms: number): void {
    this.nowMs += ms;
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let at = heap.push(planned) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Planned;
      if (!before(planned, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = planned;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Planned;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && before(heap[below + 1] as Planned, heap[below] as Planned)) below++;
      if (!before(heap[below] as Planned, last)) break;
      heap[at] = heap[below] as Planned;
      at = below;
    }
    heap[at] = last;
  }
}

function before(a: Planned, b: Planned): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie);
}
