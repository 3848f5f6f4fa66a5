import type { TransactionId } from './ids.ts';

/** « Recharge »: a session as the manual tells of it, from the start of parking until the vehicle is unplugged. */

/** How a session ended, as far as anybody said. */
type End = { readonly closing: 'open' | 'provisional' | 'final'; readonly stopReason: string | null };

/** The OCPP reasons of whoever ends his own charge at the charger. */
export const USUAL_STOP_REASONS: readonly string[] = ['Local', 'EVDisconnected'];

/** REC-07: was its charge ended by anything else than its driver, or by nobody as far as we were told? Those are red. */
export function isAbnormalEnd({ closing, stopReason }: End): boolean {
  if (closing === 'open') return false;
  return closing === 'provisional' || (stopReason !== null && !USUAL_STOP_REASONS.includes(stopReason));
}

type Stay = {
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | null;
  /** Null until the vehicle is known to have left, and where the charger never told. */
  readonly unpluggedAtMs: number | null;
};

/** REC-04: when parking ended, which is unplugging; where nobody told of it, the end of the transaction. Null while it runs. */
export function parkingEndMs({ stoppedAtMs, unpluggedAtMs }: Stay): number | null {
  return stoppedAtMs === null ? null : Math.max(stoppedAtMs, unpluggedAtMs ?? 0);
}

/** How long the vehicle stood there, in ms; until `nowMs` while the session runs. */
export function parkedMs(stay: Stay, nowMs: number): number {
  return Math.max(0, (parkingEndMs(stay) ?? nowMs) - stay.startedAtMs);
}

/** IEC 61851-1: how a vehicle is charged through such a socket. 1 stands for both modes of a household one. */
const MODE_OF: Readonly<Record<string, 1 | 3 | 4>> = {
  domestic: 1,
  'type-1': 3,
  'type-2': 3,
  'type-3': 3,
  chademo: 4,
  'combo-2': 4,
};

/** REC-06: the mode of a charge at a connector with these sockets; null when it is not known, or could be several. */
export function chargeMode(outlets: readonly { readonly type: string }[]): 1 | 3 | 4 | null {
  const modes = new Set(outlets.map(({ type }) => MODE_OF[type] ?? null));
  const [mode = null] = modes;
  return modes.size === 1 ? mode : null;
}

/** What a list shows of them, and what it is sorted by. */
export const RECHARGE_STATES = ['running', 'ended', 'abnormal', 'free-service'] as const;
export type RechargeState = (typeof RECHARGE_STATES)[number];
export const RECHARGE_SORTS = ['start', 'energy', 'charging', 'parking'] as const;
export type RechargeSort = (typeof RECHARGE_SORTS)[number];

/** A place in the order of starts: beyond it, on that side of the page that it is the edge of. */
export type RechargeMark = {
  readonly startedAtMs: number;
  readonly transactionId: TransactionId;
  readonly way: 'after' | 'before';
};

/** The edge of a page that this recharge is. */
export function rechargeMark(
  { startedAtMs, transactionId }: Omit<RechargeMark, 'way'>,
  way: RechargeMark['way'],
): RechargeMark {
  return { startedAtMs, transactionId, way };
}
