import { kitSerialOf, type KnockingKit } from '#src/domain/kit.ts';
import type { Blip } from './messages.ts';

/**
 * The kits among those who knock, each once, the latest first. What one proved of itself counts more than what somebody
 * else writes in its name meanwhile. @param blips the newest first
 */
export function knockingKits(blips: readonly Blip[]): readonly KnockingKit[] {
  const bySerial = new Map<string, KnockingKit>();
  for (const { identity, kit, atMs, solvedAtMs } of blips) {
    const serial = identity === null ? null : kitSerialOf(identity);
    if (serial === null || kit === undefined || solvedAtMs !== null) continue;
    const key = serial.toUpperCase();
    const known = bySerial.get(key);
    if (known === undefined || (kit.isProven && !known.isProven)) bySerial.set(key, { serial, atMs, ...kit });
  }
  return [...bySerial.values()].toSorted((a, b) => b.atMs - a.atMs);
}
