/** Registers are read with some error and sessions are rounded to the minute by some boxes. */
const MARGIN_WH = 1_000;
const MARGIN_RATIO = 1.2;
const HOUR_MS = 3_600_000;

/**
 * Can a connector of at most `powerMaxW` have delivered `energyWh` in `durationMs`? A lifetime register that is
 * billed as a session fails this (field-22). A `powerMaxW` of 0 is unknown and answers yes.
 */
export function plausibleEnergy(session: { energyWh: number; durationMs: number; powerMaxW: number }): boolean {
  if (session.powerMaxW === 0) return true;
  return session.energyWh <= possibleWh(session) * MARGIN_RATIO + MARGIN_WH;
}

/** The most that a connector of `powerMaxW` delivers in that time, without any margin; 0 where its power is unknown. */
export function possibleWh({ durationMs, powerMaxW }: { durationMs: number; powerMaxW: number }): number {
  return Math.floor((powerMaxW * Math.max(durationMs, 0)) / HOUR_MS);
}

/**
 * Energy delivered since `meterStartWh`, never less than what was known before: a register that is absent, that went
 * back or that restarted at zero leaves the total as it is (field-23).
 */
export function deliveredWh(known: { energyWh: number; meterStartWh: number }, registerWh: number | undefined): number {
  if (registerWh === undefined || registerWh < known.meterStartWh) return known.energyWh;
  return Math.max(known.energyWh, Math.round(registerWh - known.meterStartWh));
}
