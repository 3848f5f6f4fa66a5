import { createMiddleware } from 'hono/factory';
import type { WebEnv } from '#web/views/env.ts';

/**
 * Pages drawn at once. One thread draws them all and answers every charger: more at once would only keep each other
 * waiting, and chargers with them.
 */
const DRAWN_AT_ONCE = 2;
/** A search of the journal reads for long, a little at a time: nobody waits behind it. */
const JOURNAL = /\/events$/;

/** Lets in so many pages at once, the others in the order in which they were asked for. Streams go on after their turn. */
export function pagesInTurn() {
  let drawn = 0;
  const waiting: (() => void)[] = [];
  return createMiddleware<WebEnv>(async (c, next) => {
    if (c.req.method !== 'GET' || JOURNAL.test(c.req.path)) return next();
    if (drawn >= DRAWN_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else drawn += 1;
    try {
      await next();
    } finally {
      const first = waiting.shift();
      // Whoever waited longest takes this turn over.
      if (first === undefined) drawn -= 1;
      else first();
    }
  });
}
