import type { Refusal } from '#src/edges/handlers.ts';

/** A box that is refused tries again for ever: one line of the journal in so much time says it (field-37). */
export const REFUSAL_WINDOW_MS = 600_000;
/** Callers remembered; a crowd beyond that is journalled in full only as it changes. */
const CALLERS_MAX = 1_000;

type Caller = { readonly sinceMs: number; silenced: number };

/**
 * Which refusals are worth a line: the first of each caller and reason, then one in each window, with how many it
 * stands for. Returns the note of the line, or null for none.
 */
export function refusalNotes(): (refusal: Refusal) => string | null {
  const callers = new Map<string, Caller>();
  return ({ atMs, identity, remoteAddress, path, why }) => {
    const name = `${remoteAddress} ${why} ${identity ?? path}`;
    const known = callers.get(name);
    if (known !== undefined && atMs - known.sinceMs < REFUSAL_WINDOW_MS) {
      known.silenced++;
      return null;
    }
    callers.delete(name);
    const [oldest] = callers.keys();
    if (callers.size >= CALLERS_MAX && oldest !== undefined) callers.delete(oldest);
    callers.set(name, { sinceMs: atMs, silenced: 0 });
    const more = known?.silenced ?? 0;
    return more === 0 ? `${why} ${remoteAddress}` : `${why} ${remoteAddress} ×${more + 1}`;
  };
}
