/** What a kit keeps through a power cut (docs/protocols/lafonpulse.md, sections 5 and 8). */

export type Body = { readonly [member: string]: unknown };
/** A fact that the server has not acknowledged; `run` joins those of one recharge. */
export type Fact = { readonly body: Body; readonly run: number };
export type Entry = { readonly kind: string; readonly value: string; readonly until: string };
export type ListMode = 'active' | 'open' | 'closed';

export const RECHARGES_KEPT_MAX = 40;
export const LIST_ENTRIES_MAX = 50;

export class KitMemory {
  readonly facts: Fact[] = [];
  /** What the server called each recharge that is not over. */
  readonly numbers = new Map<number, number>();
  /** Oldest first. */
  list: readonly Entry[] = [];
  mode: ListMode = 'active';
  /** `set`, as the server last gave it. */
  settings: Body = {};
  runs = 0;
  /** Ends of charges whose socket was unlocked for a vehicle that stayed too long, by point: told when it leaves. */
  readonly overstayed = new Map<number, Fact | null>();

  /** Recharges whose facts wait for the server. */
  get recharges(): number {
    return new Set(this.facts.filter(({ run }) => run > 0).map(({ run }) => run)).size;
  }

  /** May a charge begin? When as many wait as fit, none may (WHL-05). */
  get isFull(): boolean {
    return this.recharges >= RECHARGES_KEPT_MAX;
  }

  /** The server accepted this one: it is on the list, as the newest (WHL-01, WHL-02). */
  welcome(entry: Entry): void {
    this.list = [...this.list.filter((one) => !isSame(one, entry)), entry].slice(-LIST_ENTRIES_MAX);
  }

  /** The server refused him: he is off the list (WHL-03). */
  refuse(who: Pick<Entry, 'kind' | 'value'>): void {
    this.list = this.list.filter((one) => !isSame(one, who));
  }

  /** Without a server: by the mode of the list (WHL-04), and not beyond an entry's date (WHL-06). */
  mayAlone(who: Pick<Entry, 'kind' | 'value'>, nowMs: number): 'list' | 'all' | null {
    this.list = this.list.filter(({ until }) => until === '' || Date.parse(until) > nowMs);
    if (this.mode === 'open') return 'all';
    return this.mode === 'active' && this.list.some((one) => isSame(one, who)) ? 'list' : null;
  }
}

function isSame(one: Pick<Entry, 'kind' | 'value'>, other: Pick<Entry, 'kind' | 'value'>): boolean {
  return one.kind === other.kind && one.value === other.value;
}
