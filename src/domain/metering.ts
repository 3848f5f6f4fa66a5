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
  const possibleWh = (session.powerMaxW * Math.max(session.durationMs, 0)) / HOUR_MS;
  return session.energyWh <= possibleWh * MARGIN_RATIO + MARGIN_WH;
}

/**
 * Energy delivered since `meterStartWh`, never less than what was known before: a register that is absent, that went
 * back or that restarted at zero leaves the total as it is (field-23).
 */
export function deliveredWh(known: { energyWh: number; meterStartWh: number }, registerWh: number | undefined): number {
  if (registerWh === undefined || registerWh < known.meterStartWh) return known.energyWh;
  return Math.max(known.energyWh, Math.round(registerWh - known.meterStartWh));
}
