import type { AlertsRequest } from '#actors/alert/messages.ts';
import { ALERTS } from '#actors/alert/service.ts';
import { ARCHIVE } from '#actors/archive/actor.ts';
import type { ArchiveMessage, ReviewView } from '#actors/archive/messages.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import type { ActorRef } from '#actors/decision.ts';
import type { Asked, Directory } from '#actors/directory.ts';
import type { Engine } from '#actors/engine.ts';
import { FLEET } from '#actors/fleet/actor.ts';
import type { FleetBoard } from '#actors/fleet/board.ts';
import type { FleetRequest } from '#actors/fleet/messages.ts';
import { OFFICE } from '#actors/office/actor.ts';
import type { OfficeRequest } from '#actors/office/messages.ts';
import { findsStation, seesEverything, type Viewer } from '#src/domain/office/viewer.ts';
import type { ActorId, SessionRow } from '#src/storage/ports.ts';

type Board = Pick<FleetBoard, 'placeOf' | 'historySinceMs' | 'idsFor'>;

/** Where pages and the API find actors: each is reached with who asks, and nobody finds what is not his. */
export function directoryOf(engine: Engine, board: Board): Directory {
  const finds = (viewer: Viewer, chargePointId: string): boolean => {
    const place = board.placeOf(chargePointId);
    return place !== null && findsStation(viewer, place);
  };
  const asked = <Request extends object>(id: ActorId, viewer: Viewer): Asked<Request> => ({
    ask: (build) => engine.ask(id, (replyTo) => ({ ...build(replyTo as never), viewer })),
  });
  return {
    fleet: (viewer) => asked<FleetRequest>(FLEET, viewer),
    office: (viewer) => asked<OfficeRequest>(OFFICE, viewer),
    alerts: (viewer) => asked<AlertsRequest>(ALERTS, viewer),
    archive: (viewer) =>
      seesEverything(viewer) ? asked<ArchiveMessage>(ARCHIVE, viewer) : narrowed(engine, viewer, board),
    chargePoint: (chargePointId, viewer) =>
      finds(viewer, chargePointId) ? refOf(engine, chargePointActorId(chargePointId)) : null,
  };
}

function refOf<Message>(engine: Engine, id: ActorId): ActorRef<Message> {
  return { id, tell: (message) => engine.tell(id, message), ask: (build) => engine.ask(id, build) };
}

/**
 * History as somebody sees it who finds some chargers only: one charger's, since its station has it, or nothing. What
 * an identity went through under another station is not his.
 */
function narrowed(engine: Engine, viewer: Viewer, board: Board): Asked<ArchiveMessage> {
  const sinceMs = (chargePointId: string | undefined): number | null => {
    if (chargePointId === undefined) return null;
    const place = board.placeOf(chargePointId);
    return place !== null && findsStation(viewer, place) ? board.historySinceMs(chargePointId) : null;
  };
  return {
    async ask<R>(build: (replyTo: never) => ArchiveMessage): Promise<R> {
      const message = build({ ask: 0 } as never);
      const pass = <T>(asked: ArchiveMessage): Promise<T> =>
        engine.ask<T>(ARCHIVE, (replyTo) => ({ ...asked, replyTo: replyTo as never }));
      switch (message.type) {
        case 'events': {
          const since = sinceMs(message.query.chargePointId);
          if (since === null) return [] as R;
          const fromMs = Math.max(since, message.query.fromMs ?? 0);
          return pass<R>(fromMs === 0 ? message : { ...message, query: { ...message.query, fromMs } });
        }
        case 'sessions': {
          const since = sinceMs(message.query.chargePointId);
          if (since === null) return [] as R;
          return (await pass<readonly SessionRow[]>(message)).filter((one) => one.startedAtMs >= since) as R;
        }
        case 'command':
          return null as R; // Only the API asks for one by its id alone.
        case 'reviews': {
          const query = { ...message.query, among: board.idsFor(viewer) };
          const found = await pass<readonly ReviewView[]>({ ...message, query });
          return found.map((view) => ofStation(view, sinceMs(view.review.chargePointId) ?? Infinity)) as R;
        }
        case 'review': {
          const found = await pass<ReviewView | null>(message);
          const fromMs = sinceMs(found?.review.chargePointId);
          return (
            found === null || fromMs === null || found.review.atMs < fromMs ? null : ofStation(found, fromMs)
          ) as R;
        }
        case 'open-reviews':
          return pass<R>({ ...message, among: board.idsFor(viewer) });
      }
    },
  };
}

/** A late stop may speak of a session under the station before. */
function ofStation(view: ReviewView, fromMs: number): ReviewView {
  const isHis = (session: SessionRow): boolean => session.startedAtMs >= fromMs;
  return {
    ...view,
    session: view.session !== null && isHis(view.session) ? view.session : null,
    choices: view.choices.filter(isHis),
  };
}
