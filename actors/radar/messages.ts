import type { ReplyTo } from '#actors/decision.ts';
import type { ChargePointId } from '#src/domain/ids.ts';

/** A charger that knocked and was refused, or that came in and said nothing: as the edge tells it. */
export type Knock = {
  readonly atMs: number;
  /** As asked for; null when none could be read. */
  readonly identity: string | null;
  readonly remoteAddress: string;
  readonly path: string;
  /** A closed word, and after a colon what it found: `unsupported-subprotocol: ocpp2.0.1`. */
  readonly why: string;
  /** A Pulse kit: did it sign with its key, and which SIM card does it then say is in it? */
  readonly kit?: { readonly isProven: boolean; readonly iccid: string | null };
};

/** The same knock again and again is one blip. */
export type Blip = Knock & {
  /** The declared charger that the identity names; null for a stranger. */
  readonly chargePointId: ChargePointId | null;
  readonly firstAtMs: number;
  readonly count: number;
  /** It was let in since. */
  readonly solvedAtMs: number | null;
};

/** A certificate that chargers must trust or that one of them has, and until when it is good (field-27). */
export type CertificateTerm = {
  /** Null: the server's own. */
  readonly chargePointId: ChargePointId | null;
  readonly subject: string;
  readonly expiresAtMs: number;
};

/** `stationId`: of the charger, for a viewer who may look at its record; null for others, and for a stranger. */
export type BlipView = Blip & { readonly stationId: string | null };
export type RadarView = { readonly blips: readonly BlipView[]; readonly certificates: readonly CertificateTerm[] };
/** Newest first; of the chargers that the viewer finds, and those of nobody for who sees everything. */
export type RadarRequest = { readonly type: 'radar'; readonly replyTo: ReplyTo<RadarView> };
