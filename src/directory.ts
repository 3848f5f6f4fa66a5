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

/** Where pages and the API find actors: each is reached with who asks, and nobody finds what is not his. */
export function directoryOf(engine: Engine, board: Pick<FleetBoard, 'placeOf' | 'identitiesFor'>): Directory {
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
      seesEverything(viewer)
        ? asked<ArchiveMessage>(ARCHIVE, viewer)
        : narrowed(engine, {
            finds: (chargePointId) => finds(viewer, chargePointId),
            all: () => board.identitiesFor(viewer),
          }),
    chargePoint: (chargePointId, viewer) =>
      finds(viewer, chargePointId) ? refOf(engine, chargePointActorId(chargePointId)) : null,
  };
}

function refOf<Message>(engine: Engine, id: ActorId): ActorRef<Message> {
  return { id, tell: (message) => engine.tell(id, message), ask: (build) => engine.ask(id, build) };
}

/** What a viewer finds who does not find every charger. */
type Found = { finds(chargePointId: string): boolean; all(): readonly string[] };

/** History as he sees it: of one of his chargers, and reviews of all of his. */
function narrowed(engine: Engine, found: Found): Asked<ArchiveMessage> {
  const isHis = (chargePointId: string | undefined): boolean =>
    chargePointId !== undefined && found.finds(chargePointId);
  return {
    async ask<R>(build: (replyTo: never) => ArchiveMessage): Promise<R> {
      const nobody = { ask: 0 } as never;
      const message = build(nobody);
      const pass = (narrower: ArchiveMessage = message): Promise<R> =>
        engine.ask<R>(ARCHIVE, (replyTo) => ({ ...narrower, replyTo }));
      switch (message.type) {
        case 'events':
        case 'sessions':
          return isHis(message.query.chargePointId) ? pass() : ([] as R);
        case 'command':
          return null as R; // Only the API asks for one by its id alone.
        case 'reviews': {
          const { query } = message;
          // Whoever asks of one charger is told of it at once, or of none.
          if (query.chargePointId !== undefined) return isHis(query.chargePointId) ? pass() : ([] as R);
          return pass({ ...message, query: { ...query, chargePointIds: found.all() } });
        }
        case 'review': {
          const review = (await pass()) as ReviewView | null;
          return (review !== null && isHis(review.review.chargePointId) ? review : null) as R;
        }
        case 'open-reviews':
          return pass({ ...message, chargePointIds: found.all() });
      }
    },
  };
}
