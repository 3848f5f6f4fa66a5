/** How long somebody may think about a confirmation. */
const KEPT_MS = 15 * 60_000;
/** Selections that wait for a confirmation at once, of everybody; past it the oldest has to be asked for again. */
export const SELECTIONS_MAX = 50;

/** What somebody was asked about, exactly: what has come since does not go with it. */
export type Selection = {
  /** Of the login that was asked. */
  readonly owner: string;
  readonly entity: string;
  readonly ids: readonly string[];
};

/** Between a question about very many records and its answer, in memory: a restart asks again. */
export class Selections {
  readonly #waiting = new Map<string, Selection & { readonly untilMs: number }>();

  put(id: string, selection: Selection, nowMs: number): void {
    this.#waiting.set(id, { ...selection, untilMs: nowMs + KEPT_MS });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > SELECTIONS_MAX && oldest !== undefined) this.#waiting.delete(oldest);
  }

  /** Null once it is used up, too old, or somebody else's. */
  find(id: string, of: { readonly owner: string; readonly entity: string; readonly nowMs: number }): Selection | null {
    const found = this.#waiting.get(id);
    if (found === undefined || found.untilMs <= of.nowMs) return null;
    return found.owner === of.owner && found.entity === of.entity ? found : null;
  }

  use(id: string): void {
    this.#waiting.delete(id);
  }
}
