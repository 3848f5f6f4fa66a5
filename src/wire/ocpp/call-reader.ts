import type { CallFromChargePoint } from './messages.ts';
import type { Fields, Reading } from './reading.ts';

/** How one call of a charger is read, and which properties it may have. */
export type CallReader = {
  readonly properties: ReadonlySet<string>;
  readonly read: (fields: Fields, reading: Reading) => CallFromChargePoint;
};

/** Faster to fill than to spread: a field that is absent must be absent, not `undefined`. */
export type Draft<T> = { -readonly [Name in keyof T]: T[Name] };
