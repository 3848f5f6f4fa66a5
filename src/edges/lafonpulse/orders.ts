import { PAGED } from '#src/wire/lafonpulse/orders.ts';

/** After so long each an order is repeated, the last wait again and again (docs/protocols/lafonpulse.md, section 5). */
const REPEATS_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
const REPEATED_FOR_MS = 90_000;
/** Orders whose answers are still known when they come late (field-15). */
const REMEMBERED = 4;
/** A kit that never comes to an end of a list is not asked for ever. */
const PAGES_MAX = 20;

/** One order on its way. `pages`: what earlier pages of its answer held. */
export type Open = {
  readonly callId: string;
  readonly exchange: number;
  readonly body: string;
  readonly sinceMs: number;
  readonly nextAtMs: number;
  readonly tries: number;
  readonly pages: readonly Readonly<Record<string, unknown>>[];
};

export type Done =
  /** The whole answer to a call. */
  | { readonly type: 'whole'; readonly callId: string; readonly payload: Readonly<Record<string, unknown>> }
  /** There is more: this order asks for it. */
  | { readonly type: 'more'; readonly order: Open }
  /** An answer to nothing, or to what was answered. */
  | { readonly type: 'nothing' };

/** The orders of one session: numbered, repeated until they are done, and their pages put together. */
export class Orders {
  #last = 0;
  /** The latest, oldest first, each until it is answered. */
  #open: Open[] = [];

  /** A new order. @param body the JSON of it */
  give(callId: string, body: string, nowMs: number, pages: Open['pages'] = []): Open {
    const order = {
      callId,
      exchange: ++this.#last,
      body,
      sinceMs: nowMs,
      nextAtMs: nowMs + first(REPEATS_MS),
      tries: 1,
    };
    const open: Open = { ...order, pages };
    this.#open = [...this.#open, open].slice(-REMEMBERED);
    return open;
  }

  done(exchange: number, payload: Readonly<Record<string, unknown>>, nowMs: number): Done {
    const order = this.#open.find((one) => one.exchange === exchange);
    if (order === undefined) return { type: 'nothing' };
    this.#open = this.#open.filter((one) => one !== order);
    const asked = JSON.parse(order.body) as Readonly<Record<string, unknown>>;
    const list = PAGED.get(String(asked['do']));
    const held = list === undefined ? undefined : payload[list];
    if (list === undefined || !Array.isArray(held)) return { type: 'whole', callId: order.callId, payload };
    const pages = [...order.pages, payload];
    if (payload['more'] !== true || held.length === 0 || pages.length >= PAGES_MAX)
      return { type: 'whole', callId: order.callId, payload: joined(pages, list) };
    const from = Number(asked['from'] ?? 0) + held.length;
    return { type: 'more', order: this.give(order.callId, JSON.stringify({ ...asked, from }), nowMs, pages) };
  }

  /** Those that are due again. What was repeated for long enough is left to its answer, should it still come. */
  due(nowMs: number): readonly Open[] {
    const due = this.#open.filter((one) => nowMs >= one.nextAtMs && nowMs - one.sinceMs < REPEATED_FOR_MS);
    if (due.length === 0) return due;
    this.#open = this.#open.map((one) => {
      if (!due.includes(one)) return one;
      const wait = REPEATS_MS[Math.min(one.tries, REPEATS_MS.length - 1)] ?? REPEATED_FOR_MS;
      return { ...one, tries: one.tries + 1, nextAtMs: nowMs + wait };
    });
    return due;
  }

  get areOpen(): boolean {
    return this.#open.length > 0;
  }
}

function joined(pages: Open['pages'], list: string): Readonly<Record<string, unknown>> {
  const { more: _more, ...last } = pages.at(-1) ?? {};
  const all = pages.flatMap((page): unknown[] => (Array.isArray(page[list]) ? page[list] : []));
  const unknown = pages.flatMap((page): unknown[] => (Array.isArray(page['unknown']) ? page['unknown'] : []));
  return { ...last, [list]: all, ...(unknown.length > 0 && { unknown }) };
}

function first(waits: readonly number[]): number {
  return waits[0] ?? 0;
}
