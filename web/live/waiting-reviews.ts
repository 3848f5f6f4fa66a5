import { audienceOf } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import type { SignedIn } from '#web/views/env.ts';

/** A count as old as this is asked again, but nobody waits for it. */
const FRESH_MS = 3_000;

type Count = { readonly count: number; readonly atMs: number };

/**
 * How many reviews wait, for the menu of every page. The archive answers one question at a time, a long search of the
 * journal included: so a page shows what was last known, and the next one shows what came of asking.
 */
export class WaitingReviews {
  readonly #deps: Pick<WebDeps, 'actors' | 'now' | 'log'>;
  /** By who looks: they find the same reviews. */
  readonly #counts = new Map<string, Count>();

  constructor(deps: Pick<WebDeps, 'actors' | 'now' | 'log'>) {
    this.#deps = deps;
  }

  /** What was last known; asked for only by the first page that anybody opens. Null when it could not be counted. */
  async known(login: SignedIn): Promise<number | null> {
    const last = this.#counts.get(audienceOf(login));
    if (last !== undefined && this.#deps.now() - last.atMs < FRESH_MS) return last.count;
    const asked = this.fresh(login).catch((error: unknown) => {
      this.#deps.log.warn({ error: String(error) }, 'the reviews that wait could not be counted');
      return null;
    });
    return last === undefined ? asked : last.count;
  }

  /** Counted now. */
  async fresh(login: SignedIn): Promise<number> {
    const archive = this.#deps.actors.archive(login);
    const count = await archive.ask<number>((replyTo) => ({ type: 'open-reviews', replyTo }));
    this.#counts.set(audienceOf(login), { count, atMs: this.#deps.now() });
    return count;
  }
}
