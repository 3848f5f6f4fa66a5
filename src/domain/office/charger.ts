import type { FaultsByField } from './entity.ts';
import type { Fault, Values } from './field.ts';

/** Has this station a charger (STA-21)? */
export function hasCharger(station: Values): boolean {
  return (station['identity'] ?? null) !== null;
}

/** What must be said of a charger as soon as there is one (STA-22). */
const REQUIRED = ['evses'] as const;

/** What a station must say of its charger; nothing while it has none. */
export function faultsOfCharger(station: Values): FaultsByField {
  if (!hasCharger(station)) return {};
  const faults: Record<string, Fault> = {};
  for (const name of REQUIRED) if ((station[name] ?? null) === null) faults[name] = { why: 'required' };
  return faults;
}
