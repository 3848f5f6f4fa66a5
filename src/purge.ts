import type { Registry } from '#src/storage/ports.ts';
import type { Log } from './charger-side.ts';

const DAY_MS = 86_400_000;
/** PRC-09: Debug events are kept 3 months, the others 2 years. */
export const DEBUG_KEPT_MS = 92 * DAY_MS;
export const OTHERS_KEPT_MS = 731 * DAY_MS;
/** Rows that one bite may take: short enough that no charger waits for it. */
const BITE_ROWS = 500;
const BITE_EVERY_MS = 1_000;
const REST_MS = 3_600_000;

/** Purges the event journal in small bites while there is something to purge, then rests. Returns what stops it. */
export function startPurge(registry: Registry, log: Log): () => void {
  let timer = setTimeout(bite, BITE_EVERY_MS);
  function bite(): void {
    const nowMs = Date.now();
    void registry
      .purgeEvents({ debugBeforeMs: nowMs - DEBUG_KEPT_MS, otherBeforeMs: nowMs - OTHERS_KEPT_MS, limit: BITE_ROWS })
      .catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the journal was not purged');
        return 0;
      })
      .then((gone) => {
        timer = setTimeout(bite, gone === BITE_ROWS ? BITE_EVERY_MS : REST_MS);
        timer.unref();
      });
  }
  timer.unref();
  return () => clearTimeout(timer);
}
