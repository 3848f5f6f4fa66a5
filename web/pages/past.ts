import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { PastView } from '#actors/archive/time-machine.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext } from '#web/views/env.ts';
import { dateTime } from '#web/views/format.ts';
import { show } from '#web/views/page.ts';
import { pastBody } from '#web/views/past.ts';

const SECOND_MS = 1_000;

/** « Remonter le temps »: a charger as its journal tells it at the end of the chosen second. */
export async function pastPage(
  deps: WebDeps,
  c: PageContext,
  chosen: { readonly chargePointId: string; readonly momentMs: number },
): Promise<Response> {
  const { t, login, nowMs } = c.var;
  const { chargePointId } = chosen;
  const find = { type: 'find', chargePointId } as const;
  const view = await deps.actors.fleet(login).ask<ChargePointView | null>((replyTo) => ({ ...find, replyTo }));
  if (view === null) return c.notFound();
  const momentMs = Math.min(chosen.momentMs, nowMs);
  const query = {
    chargePointId,
    atMs: Math.floor(momentMs / SECOND_MS) * SECOND_MS + SECOND_MS - 1,
    fromMs: 0,
    connectorIds: view.connectors.map(({ connectorId }) => connectorId),
  };
  const past = await deps.actors.archive(login).ask<PastView | null>((replyTo) => ({ type: 'past', query, replyTo }));
  if (past === null) return c.notFound();
  const isFuture = chosen.momentMs > nowMs;
  const body = pastBody(t, { view, past, momentMs, nowMs, isFuture, kept: deps.journalKept });
  return show(c, { title: t('past.title', view.stationName, dateTime(t, momentMs)), section: 'fleet', body });
}
