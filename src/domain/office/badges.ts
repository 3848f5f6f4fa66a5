import type { FaultsByField } from './entity.ts';
import type { Field, Values } from './field.ts';

/** How a customer makes himself known to a charger (MOD-15), and the vehicles that he charges (CLI-09). */

/** By which kind of support; not every charger reads all of them. */
export const BADGE_KINDS = ['rfid', 'barcode', 'sms'] as const;
export type BadgeKind = (typeof BADGE_KINDS)[number];
/** `value` is in the form under which badges are compared (`idTagKey`). */
export type Badge = { readonly field: string; readonly kind: BadgeKind; readonly value: string };

/** On one form; whoever has a fleet has a customer for each driver. */
export const BADGE_NUMBERS = [1, 2, 3, 4] as const;
export const VEHICLE_NUMBERS = [1, 2, 3] as const;
export const BADGE_CELLS = ['Kind', 'Value'] as const;
export const VEHICLE_CELLS = ['Model', 'Outlet', 'OtherOutlet'] as const;

const BADGE_LENGTH_MAX = 40;
const MODEL_LENGTH_MAX = 60;
/** What an SMS can come from. */
const PHONE = /^\+?\d{6,15}$/;
const OUTLET: Field = { kind: 'choice', values: ['domestic', 'type-1', 'type-2', 'type-3', 'chademo', 'combo-2'] };

export const BADGE_FIELDS: Readonly<Record<string, Field>> = Object.fromEntries(
  BADGE_NUMBERS.flatMap((number): (readonly [string, Field])[] => [
    [`badge${number}Kind`, { kind: 'choice', values: BADGE_KINDS, fallback: 'rfid' }],
    [`badge${number}Value`, { kind: 'text', max: BADGE_LENGTH_MAX, shape: 'badge' }],
  ]),
);

export const VEHICLE_FIELDS: Readonly<Record<string, Field>> = Object.fromEntries(
  VEHICLE_NUMBERS.flatMap((number): (readonly [string, Field])[] => [
    [`vehicle${number}Model`, { kind: 'text', max: MODEL_LENGTH_MAX }],
    [`vehicle${number}Outlet`, OUTLET],
    [`vehicle${number}OtherOutlet`, OUTLET],
  ]),
);

/** The badges that a customer has, in their order on the form. */
export function badgesOf(customer: Values): readonly Badge[] {
  return BADGE_NUMBERS.flatMap((number) => {
    const field = `badge${number}Value`;
    const value = customer[field];
    if (typeof value !== 'string') return [];
    return [{ field, kind: (customer[`badge${number}Kind`] ?? 'rfid') as BadgeKind, value }];
  });
}

/** A badge is there once, and an SMS comes from a telephone. */
export function faultsOfBadges(customer: Values): FaultsByField {
  const faults: Record<string, FaultsByField[string]> = {};
  const known = new Set<string>();
  for (const { field, kind, value } of badgesOf(customer)) {
    if (kind === 'sms' && !PHONE.test(value)) faults[field] = { why: 'rule', rule: 'badge-number' };
    if (known.has(value)) faults[field] = { why: 'rule', rule: 'badge-twice' };
    known.add(value);
  }
  return faults;
}
