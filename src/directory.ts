import type { AlertsRequest } from '#actors/alert/messages.ts';
import { ALERTS } from '#actors/alert/service.ts';
import { ARCHIVES, isSearch, SEARCHERS } from '#actors/archive/actor.ts';
import type { ArchiveMessage, BatchedCommand, ReviewView } from '#actors/archive/messages.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import type { ActorRef } from '#actors/decision.ts';
import type { Asked, Directory } from '#actors/directory.ts';
import type { Engine } from '#actors/engine.ts';
import { FLEET_READERS } from '#actors/fleet/actor.ts';
import type { FleetBoard } from '#actors/fleet/board.ts';
import type { FleetRequest } from '#actors/fleet/messages.ts';
import { OFFICE_READERS } from '#actors/office/actor.ts';
import { OFFICE, OFFICE_READS, type OfficeRequest } from '#actors/office/messages.ts';
import type { RadarRequest } from '#actors/radar/messages.ts';
import { RADAR } from '#actors/radar/service.ts';
import type { RechargeRequest } from '#actors/recharge/messages.ts';
import { RECHARGES } from '#actors/recharge/service.ts';
import { findsStation, seesEverything, type Viewer } from '#src/domain/office/viewer.ts';
import type { ActorId, EventQuery, SessionRow } from '#src/storage/ports.ts';

/** To look at a request before it is known to whom it goes. */
const NOBODY = { ask: 0 } as never;

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
  const archiveInTurn = inTurn(ARCHIVES);
  const searcherInTurn = inTurn(SEARCHERS);
  const archiveFor = (message: ArchiveMessage): ActorId => (isSearch(message) ? searcherInTurn() : archiveInTurn());
  const boardInTurn = inTurn(FLEET_READERS);
  const readerInTurn = inTurn(OFFICE_READERS);
  const rechargesInTurn = inTurn(RECHARGES);
  const officeFor = ({ type }: OfficeRequest): ActorId => (OFFICE_READS.has(type) ? readerInTurn() : OFFICE);
  return {
    fleet: (viewer) => ({ ask: (build) => asked<FleetRequest>(boardInTurn(), viewer).ask(build) }),
    office: (viewer) => ({
      ask: (build) => asked<OfficeRequest>(officeFor(build(NOBODY)), viewer).ask(build),
    }),
    radar: (viewer) => asked<RadarRequest>(RADAR, viewer),
    alerts: (viewer) => asked<AlertsRequest>(ALERTS, viewer),
    recharges: (viewer) => asked<RechargeRequest>(rechargesInTurn(), viewer),
    archive: (viewer) =>
      seesEverything(viewer)
        ? { ask: (build) => asked<ArchiveMessage>(archiveFor(build(NOBODY)), viewer).ask(build) }
        : narrowed({ engine, viewer, board, archiveFor }),
    chargePoint: (chargePointId, viewer) =>
      finds(viewer, chargePointId) ? refOf(engine, chargePointActorId(chargePointId)) : null,
  };
}

/** One after the other, and from the first again. */
function inTurn(ids: readonly ActorId[]): () => ActorId {
  let turn = 0;
  return () => {
    turn += 1;
    return ids[turn % ids.length] ?? '';
  };
}

function refOf<Message>(engine: Engine, id: ActorId): ActorRef<Message> {
  return { id, tell: (message) => engine.tell(id, message), ask: (build) => engine.ask(id, build) };
}

/**
 * History as somebody sees it who finds some chargers only: one charger's, since its station has it, or nothing. What
 * an identity went through under another station is not his.
 */
function narrowed(of: {
  engine: Engine;
  viewer: Viewer;
  board: Board;
  archiveFor: (message: ArchiveMessage) => ActorId;
}): Asked<ArchiveMessage> {
  const { engine, viewer, board, archiveFor } = of;
  const sinceMs = (chargePointId: string | undefined): number | null => {
    if (chargePointId === undefined) return null;
    const place = board.placeOf(chargePointId);
    return place !== null && findsStation(viewer, place) ? board.historySinceMs(chargePointId) : null;
  };
  return {
    async ask<R>(build: (replyTo: never) => ArchiveMessage): Promise<R> {
      const message = build(NOBODY);
      const pass = <T>(asked: ArchiveMessage): Promise<T> =>
        engine.ask<T>(archiveFor(asked), (replyTo) => ({ ...asked, replyTo: replyTo as never }));
      switch (message.type) {
        case 'events': {
          const since = sinceMs(message.query.chargePointId);
          if (since === null) return [] as R;
          return pass<R>({ ...message, query: since === 0 ? message.query : sinceThen(message.query, since) });
        }
        case 'search': {
          const since = sinceMs(message.query.chargePointId);
          if (since === null) return { events: [], searchedTo: null } as R;
          return pass<R>({ ...message, query: since === 0 ? message.query : sinceThen(message.query, since) });
        }
        case 'past': {
          const since = sinceMs(message.query.chargePointId);
          if (since === null) return null as R;
          const fromMs = Math.max(since, message.query.fromMs);
          return pass<R>({ ...message, query: { ...message.query, fromMs } });
        }
        case 'sessions': {
          const since = sinceMs(message.query.chargePointId);
          if (since === null) return [] as R;
          return (await pass<readonly SessionRow[]>(message)).filter((one) => one.startedAtMs >= since) as R;
        }
        case 'command':
          return null as R; // Only the API asks for one by its id alone.
        case 'batch': {
          const rows = await pass<readonly BatchedCommand[]>(message);
          const isHis = ({ chargePointId, command }: BatchedCommand) =>
            command.requestedAtMs >= (sinceMs(chargePointId) ?? Infinity);
          return rows.filter(isHis) as R;
        }
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

function sinceThen(query: EventQuery, sinceMs: number): EventQuery {
  return { ...query, fromMs: Math.max(sinceMs, query.fromMs ?? 0) };
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
