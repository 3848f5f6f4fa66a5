/** How long somebody may look for his telephone. */
export const TICKET_MS = 5 * 60_000;
/** Past it the oldest is forgotten, and its owner begins anew. */
export const TICKETS_MAX = 10_000;

/** Who has shown his password and not yet his code. */
export type Ticket = { readonly username: string; readonly passwordSinceMs: number; readonly next: string };

/** Between the two steps of a login, in memory: a restart asks for the password again. */
export class Tickets {
  readonly #open = new Map<string, Ticket & { readonly untilMs: number }>();

  put(id: string, ticket: Ticket, nowMs: number): void {
    this.#open.set(id, { ...ticket, untilMs: nowMs + TICKET_MS });
    const [oldest] = this.#open.keys();
    if (this.#open.size > TICKETS_MAX && oldest !== undefined) this.#open.delete(oldest);
  }

  /** Null once it is used up or too old. */
  find(id: string, nowMs: number): Ticket | null {
    const ticket = this.#open.get(id);
    return ticket !== undefined && ticket.untilMs > nowMs ? ticket : null;
  }

  use(id: string): void {
    this.#open.delete(id);
  }
}
