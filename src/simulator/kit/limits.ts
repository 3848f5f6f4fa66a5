import type { Body } from './memory.ts';

/** What `set` of the server says of a charge (docs/protocols/lafonpulse.md, section 7); null: nothing. */

/** In minutes, and in Wh. */
export function longestCharge(settings: Body): { readonly minutes: number | null; readonly wh: number | null } {
  const max = objectIn(settings, 'max');
  return { minutes: numberIn(max, 'minutes'), wh: numberIn(max, 'wh') };
}

/** In minutes: then the socket is unlocked. */
export function longestParking(settings: Body): number | null {
  return numberIn(objectIn(settings, 'max'), 'parked');
}

/** W for a charge that begins now: what the part of the day gives, else what is there permanently. */
export function powerFor(settings: Body, nowMs: number): number | null {
  const more = objectIn(settings, 'more');
  const isNow = Date.parse(String(more['from'])) <= nowMs && nowMs < Date.parse(String(more['to']));
  return (isNow ? numberIn(more, 'power') : null) ?? numberIn(settings, 'power');
}

/** Does showing this unlock sockets? */
export function isUnlockBadge(settings: Body, value: string): boolean {
  return settings['unlock'] === value;
}

function objectIn(of: Body, member: string): Body {
  const value = of[member];
  return typeof value === 'object' && value !== null ? (value as Body) : {};
}

function numberIn(of: Body, member: string): number | null {
  const value = of[member];
  return typeof value === 'number' ? value : null;
}
