/** Where clocks differ from UTC, and when they are put forward or back (manual, Stations: STA-12, STA-13). */

export const FRANCE = 'Europe/Paris';
/** The department or collectivity that each zone of France overseas is of. */
export const OVERSEAS = {
  '971': 'America/Guadeloupe',
  '972': 'America/Martinique',
  '973': 'America/Cayenne',
  '974': 'Indian/Reunion',
  '975': 'America/Miquelon',
  '976': 'Indian/Mayotte',
  '977': 'America/St_Barthelemy',
  '978': 'America/Marigot',
  '986': 'Pacific/Wallis',
  '987': 'Pacific/Tahiti',
  '988': 'Pacific/Noumea',
} as const;
/** Every zone that this machine knows, by its IANA name. */
export const TIME_ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

const MINUTE_MS = 60_000;

/** The zone of a department of France. */
export function zoneOfDepartment(code: string): string {
  return (OVERSEAS as Readonly<Record<string, string>>)[code] ?? FRANCE;
}

/** `+05:30`. @throws RangeError for a zone that this machine does not know. */
export function offsetAt(timeZone: string, atMs: number): string {
  return zoned(timeZone, atMs).offset;
}

export type ClockChange = {
  /** What clocks show at that moment, before they are changed: ms since 1970 as though the place kept UTC. */
  readonly wallClockMs: number;
  readonly offsetAfter: string;
  /** Forward is the beginning of summer time, back its end, on both halves of the globe. */
  readonly way: 'forward' | 'back';
};

/** The next time that clocks are changed; null where they never are again. @throws RangeError for an unknown zone. */
export function nextClockChange(timeZone: string, nowMs: number): ClockChange | null {
  const now = zoned(timeZone, nowMs);
  // A change of law may leave the offset as it was.
  let change = now.getTimeZoneTransition('next');
  while (change !== null && change.offsetNanoseconds === now.offsetNanoseconds) {
    change = change.getTimeZoneTransition('next');
  }
  if (change === null) return null;
  const beforeMs = now.offsetNanoseconds / 1_000_000;
  return {
    wallClockMs: Math.round((change.epochMilliseconds + beforeMs) / MINUTE_MS) * MINUTE_MS,
    offsetAfter: change.offset,
    way: change.offsetNanoseconds > now.offsetNanoseconds ? 'forward' : 'back',
  };
}

function zoned(timeZone: string, atMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
}

/** `2026-12-31`: the day that it is there. @throws RangeError for an unknown zone. */
export function dayAt(timeZone: string, atMs: number): string {
  return zoned(timeZone, atMs).toPlainDate().toString();
}

/** When a day is over there, in ms since 1970. @throws RangeError for an unknown zone, and for what is no day. */
export function endOfDayMs(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
}
