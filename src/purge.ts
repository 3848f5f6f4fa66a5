import type { AlertStore } from '#src/storage/alert-port.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { PostStore } from '#src/storage/post-port.ts';
import type { Registry } from '#src/storage/registry-port.ts';
import type { Log } from './charger-side.ts';
import type { Config } from './config.ts';

const DAY_MS = 86_400_000;
/** PRC-09: how long lines of the journal stay, by default 3 months for Debug and 2 years for the others. In ms. */
export type JournalKept = { readonly debugMs: number; readonly othersMs: number };
/** Alerts that are over. */
export const ALERTS_KEPT_MS = 731 * DAY_MS;
/** As configured. */
export function journalKeptOf({ journalDebugDays, journalDays }: Config): JournalKept {
  return { debugMs: journalDebugDays * DAY_MS, othersMs: Math.max(journalDebugDays, journalDays) * DAY_MS };
}

/** What the bin says to whoever deletes something. */
export const BIN_KEPT_MS = 30 * DAY_MS;
/** What a mail or an SMS said, and to whom, once it has left or was given up. */
export const MESSAGES_KEPT_MS = 365 * DAY_MS;
/** What a charger has left of itself, as long as its Debug events, which it explains. */
export const LOGS_KEPT_MS = 92 * DAY_MS;
/** Rows that one bite may take: less than 1 ms, which no charger feels. */
const BITE_ROWS = 60;
/** So that 1,200 rows go in a second, more than a large fleet writes at its worst: else a journal would grow for ever. */
const BITE_EVERY_MS = 50;
const REST_MS = 3_600_000;

/**
 * Purges the event journal, the bin, the outbox, past alerts and what chargers have left in small bites until nothing is
 * left to purge, then rests. One pass has one cut, so that the storage goes on where the last bite ended. Returns what
 * stops it.
 */
export function startPurge(deps: {
  readonly registry: Pick<Registry, 'purgeEvents'>;
  readonly office: Pick<Office, 'purgeDeleted'>;
  readonly post: Pick<PostStore, 'endExpired' | 'forgetEnded'>;
  readonly alerts: Pick<AlertStore, 'purgeEnded'>;
  /** What chargers have left; null without a drop. */
  readonly drop: { purge(beforeMs: number, limit: number): Promise<number> } | null;
  readonly journalKept: JournalKept;
  readonly log: Pick<Log, 'warn'>;
  readonly now: () => number;
  readonly wakeIn: (ms: number, run: () => void) => () => void;
}): () => void {
  const { registry, office, post, alerts, drop, journalKept, log, now, wakeIn } = deps;
  let cancel = wakeIn(BITE_EVERY_MS, pass);
  function pass(): void {
    const nowMs = now();
    const { debugMs, othersMs } = journalKept;
    const cut = { debugBeforeMs: nowMs - debugMs, otherBeforeMs: nowMs - othersMs, limit: BITE_ROWS };
    const bite = (): void =>
      void registry
        .purgeEvents(cut)
        .then((gone) => (gone > 0 ? gone : office.purgeDeleted(nowMs - BIN_KEPT_MS, BITE_ROWS)))
        .then((gone) => (gone > 0 ? gone : post.endExpired(nowMs, BITE_ROWS)))
        .then((gone) => (gone > 0 ? gone : post.forgetEnded(nowMs - MESSAGES_KEPT_MS, BITE_ROWS)))
        .then((gone) => (gone > 0 ? gone : alerts.purgeEnded(nowMs - ALERTS_KEPT_MS, BITE_ROWS)))
        .then((gone) => (gone > 0 || drop === null ? gone : drop.purge(nowMs - LOGS_KEPT_MS, BITE_ROWS)))
        .catch((error: unknown) => {
          log.warn(
            { error: String(error) },
            'the journal, the bin, the outbox, the alerts or the logs of chargers were not purged',
          );
          return 0;
        })
        .then((gone) => (cancel = gone > 0 ? wakeIn(BITE_EVERY_MS, bite) : wakeIn(REST_MS, pass)));
    bite();
  }
  return () => cancel();
}
