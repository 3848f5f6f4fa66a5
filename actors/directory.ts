import type { AlertsRequest } from '#actors/alert/messages.ts';
import type { ArchiveMessage } from '#actors/archive/messages.ts';
import type {
  ChargePointQuery,
  CommandRequest,
  ForceKeyRequest,
  WithdrawRequest,
} from '#actors/charge-point/messages.ts';
import type { ResolveMessage } from '#actors/connector/messages.ts';
import type { ActorRef, ReplyTo } from '#actors/decision.ts';
import type { FleetRequest } from '#actors/fleet/messages.ts';
import type { OfficeRequest } from '#actors/office/messages.ts';
import type { RechargeRequest } from '#actors/recharge/messages.ts';
import type { RadarRequest } from '#actors/radar/messages.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';

/** What pages and the API may say to a charge point. */
export type ChargePointMessage = ChargePointQuery | CommandRequest | WithdrawRequest | ForceKeyRequest | ResolveMessage;

/** An actor that is told who asks, with each message. */
export interface Asked<Request> {
  ask<R>(build: (replyTo: ReplyTo<R>) => Request): Promise<R>;
}

/**
 * How pages and the API find actors. Permission is part of finding a thing: null means not there, or not for this
 * viewer, and the two look the same.
 */
export interface Directory {
  fleet(viewer: Viewer): Asked<FleetRequest>;
  office(viewer: Viewer): Asked<OfficeRequest>;
  /** Refused and half-made connections: those of his chargers, and of strangers for who sees everything. */
  radar(viewer: Viewer): Asked<RadarRequest>;
  /** Of the stations that he finds. */
  alerts(viewer: Viewer): Asked<AlertsRequest>;
  /** Of the stations whose recharges he may read. */
  recharges(viewer: Viewer): Asked<RechargeRequest>;
  /** History of one charge point; of all of them, and of nobody's, only for who sees everything. */
  archive(viewer: Viewer): Asked<ArchiveMessage>;
  chargePoint(chargePointId: ChargePointId, viewer: Viewer): ActorRef<ChargePointMessage> | null;
}
