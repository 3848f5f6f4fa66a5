import { windowAround } from '#src/domain/daily-window.ts';
import { kitChargePointId, type KitRegistry, type KitSettings } from '#src/domain/kit.ts';
import type { KitDoor } from '#src/edges/lafonpulse/kit-door.ts';
import type { KitSet } from '#src/wire/lafonpulse/settings.ts';

/** What the edge of the kits is told of one that knocks. `now`: epoch ms. */
export function kitDoor(kits: KitRegistry, now: () => number): KitDoor {
  return async (serial) => {
    const kit = await kits.find(serial);
    if (kit === null) return null;
    const { key, settings } = kit;
    return {
      chargePointId: kitChargePointId(kit.serial),
      key,
      set: settings === null ? null : setOf(settings, now()),
    };
  };
}

function setOf(of: KitSettings, nowMs: number): KitSet {
  const { maxPower, timeZone } = of;
  return {
    power: of.permanentPowerW,
    more: maxPower === null ? null : { power: maxPower.powerW, ...windowAround({ ...maxPower, timeZone }, nowMs) },
    unlock: of.unlockToken,
    max: { minutes: of.chargeMinutesMax, wh: of.chargeWhMax, parked: of.unlockMinutes },
    alerts: { before: of.parkingBeforeMinutes, after: of.parkingAfterMinutes, parked: of.parkingMinutesMax },
    language: of.language,
    text: of.text,
  };
}
