import type { AlertSubject, ParkingLimits } from '#src/domain/alert.ts';
import type { ChargerFacts } from './messages.ts';
import { subjectKey, type AlertState, type Stay } from './state.ts';

const MINUTE_MS = 60_000;

/** The vehicles that stand there, each with the phase of its stay and since when. */
export function staysAfter(stays: readonly Stay[], facts: ChargerFacts): readonly Stay[] {
  if (facts.limits === null) return [];
  return facts.vehicles.flatMap(({ connectorId, occupancy, sinceMs }): readonly Stay[] => {
    const before = stays.find((stay) => stay.connectorId === connectorId);
    // A connector that is broken or switched off does not say that its vehicle has left.
    if (occupancy === 'unknown') return before === undefined ? [] : [before];
    if (before === undefined) return [{ connectorId, sinceMs, phase: occupancy, phaseSinceMs: sinceMs }];
    if (before.phase === occupancy) return [before];
    return [{ ...before, phase: occupancy, phaseSinceMs: Math.max(sinceMs, before.phaseSinceMs) }];
  });
}

/** ALR-03: when each limit of each stay is exceeded, whether that is past or to come. */
export function parkingDues({ limits, stays }: Pick<AlertState, 'limits' | 'stays'>): readonly Due[] {
  if (limits === null) return [];
  return stays.flatMap(({ connectorId, sinceMs, phase, phaseSinceMs }) => [
    ...(phase === 'before' ? dueAt('parking-before', connectorId, phaseSinceMs, limits.beforeMinutes) : []),
    ...(phase === 'after' ? dueAt('parking-after', connectorId, phaseSinceMs, limits.afterMinutes) : []),
    ...dueAt('parking-max', connectorId, sinceMs, limits.maxMinutes),
  ]);
}

export type Due = { readonly subject: AlertSubject; readonly key: string; readonly atMs: number };

function dueAt(
  cause: 'parking-before' | 'parking-after' | 'parking-max',
  connectorId: number,
  sinceMs: number,
  minutes: ParkingLimits['maxMinutes'],
): readonly Due[] {
  if (minutes === null) return [];
  const subject = { cause, code: null, parts: [connectorId] };
  return [{ subject, key: subjectKey(subject), atMs: sinceMs + minutes * MINUTE_MS }];
}
