import { createMiddleware } from 'hono/factory';
import type { WebEnv } from '#web/views/env.ts';

/**
 * Pages drawn at once. One thread draws them all and answers every charger: more at once would only keep each other
 * waiting, and chargers with them.
 */
const DRAWN_AT_ONCE = 2;
/** Nobody waits longer for his turn: pages that hang, as when a disk does, must not take the health page with them. */
export const WAIT_MS_MAX = 500;
const LOOK_MS = 100;

type Waiting = { readonly sinceMs: number; readonly letIn: () => void };

/** Lets in so many pages at once, the others in the order in which they were asked for. Streams go on after their turn. */
export function pagesInTurn({
  now,
  every,
}: {
  readonly now: () => number;
  readonly every: (intervalMs: number, run: () => void) => () => void;
}) {
  let drawn = 0;
  const waiting: Waiting[] = [];
  const stop = every(LOOK_MS, () => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      if (now() - first.sinceMs < WAIT_MS_MAX) return;
      waiting.shift();
      drawn += 1;
      first.letIn();
    }
  });
  const middleware = createMiddleware<WebEnv>(async (c, next) => {
    if (c.req.method !== 'GET') return next();
    if (drawn >= DRAWN_AT_ONCE) {
      await new Promise<void>((resolve) => waiting.push({ sinceMs: now(), letIn: resolve }));
    } else drawn += 1;
    let isDrawn = true;
    const leave = (): void => {
      if (!isDrawn) return;
      isDrawn = false;
      const first = waiting.shift();
      // Whoever waited longest takes this turn over.
      if (first === undefined) drawn -= 1;
      else first.letIn();
    };
    c.set('leaveTurn', leave);
    try {
      await next();
    } finally {
      leave();
    }
  });
  return { middleware, stop };
}
