import type { ArchiveMessage } from '#actors/archive/messages.ts';
import type { ChargePointQuery, CommandRequest } from '#actors/charge-point/messages.ts';
import type { ResolveMessage } from '#actors/connector/messages.ts';
import type { ActorRef } from '#actors/decision.ts';
import type { FleetMessage } from '#actors/fleet/messages.ts';
import type { ChargePointId } from '#src/domain/ids.ts';

/** Who is looking: permission is part of finding a thing. One operator sees all until the account system comes. */
export type Viewer = { readonly name: string };

/** How pages and the API find actors. Null means: not there, or not for this viewer; the two look the same. */
export interface Directory {
  fleet(viewer: Viewer): ActorRef<FleetMessage>;
  archive(viewer: Viewer): ActorRef<ArchiveMessage>;
  chargePoint(
    chargePointId: ChargePointId,
    viewer: Viewer,
  ): ActorRef<ChargePointQuery | CommandRequest | ResolveMessage> | null;
}
