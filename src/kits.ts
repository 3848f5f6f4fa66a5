import { windowAround } from '#src/domain/daily-window.ts';
import { kitChargePointId, type KitRegistry, type KitSettings, type WriteApnSms } from '#src/domain/kit.ts';
import type { KitDoor } from '#src/edges/lafonpulse/kit-door.ts';
import { writeApnSms } from '#src/wire/lafonpulse/apn-sms.ts';
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

/** Writes the SMS of a kit's access point, with the key that the platform made for it. */
export function apnSmsOver(kits: KitRegistry): WriteApnSms {
  return async (serial, access) => {
    const kit = await kits.find(serial);
    if (kit === null) return { ok: false, why: 'no-kit-key' };
    const text = writeApnSms({ ...access, serial: kit.serial }, kit.key);
    return text === null ? { ok: false, why: 'does-not-fit' } : { ok: true, text };
  };
}
