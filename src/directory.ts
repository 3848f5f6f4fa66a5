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
import type { ActorId } from '#src/storage/ports.ts';

/** Reviews looked through for a viewer who finds some chargers only. */
const REVIEWS_MAX = 1_000;

/** Where pages and the API find actors: each is reached with who asks, and nobody finds what is not his. */
export function directoryOf(engine: Engine, board: Pick<FleetBoard, 'placeOf'>): Directory {
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
    archive: (viewer) =>
      seesEverything(viewer) ? asked<ArchiveMessage>(ARCHIVE, viewer) : narrowed(engine, viewer, finds),
    chargePoint: (chargePointId, viewer) =>
      finds(viewer, chargePointId) ? refOf(engine, chargePointActorId(chargePointId)) : null,
  };
}

function refOf<Message>(engine: Engine, id: ActorId): ActorRef<Message> {
  return { id, tell: (message) => engine.tell(id, message), ask: (build) => engine.ask(id, build) };
}

/** History as somebody sees it who finds some chargers only: one charger's, or nothing. */
function narrowed(
  engine: Engine,
  viewer: Viewer,
  finds: (viewer: Viewer, chargePointId: string) => boolean,
): Asked<ArchiveMessage> {
  const isHis = (chargePointId: string | undefined): boolean =>
    chargePointId !== undefined && finds(viewer, chargePointId);
  const reviews = async (message: Extract<ArchiveMessage, { type: 'reviews' }>): Promise<readonly ReviewView[]> => {
    const query = { ...message.query, limit: REVIEWS_MAX };
    const all = await engine.ask<readonly ReviewView[]>(ARCHIVE, (replyTo) => ({ type: 'reviews', query, replyTo }));
    return all.filter(({ review }) => isHis(review.chargePointId)).slice(0, message.query.limit);
  };
  return {
    async ask<R>(build: (replyTo: never) => ArchiveMessage): Promise<R> {
      const nobody = { ask: 0 } as never;
      const message = build(nobody);
      const pass = (): Promise<R> => engine.ask<R>(ARCHIVE, (replyTo) => ({ ...message, replyTo }));
      switch (message.type) {
        case 'events':
        case 'sessions':
          return isHis(message.query.chargePointId) ? pass() : ([] as R);
        case 'command':
          return null as R; // Only the API asks for one by its id alone.
        case 'reviews':
          return (await reviews(message)) as R;
        case 'review': {
          const found = (await pass()) as ReviewView | null;
          return (found !== null && isHis(found.review.chargePointId) ? found : null) as R;
        }
        case 'open-reviews': {
          const query = { open: true, limit: REVIEWS_MAX };
          return (await reviews({ type: 'reviews', query, replyTo: nobody })).length as R;
        }
      }
    },
  };
}
