import { between, oneOf, type Chance } from './chance.ts';

/** The car on the cable. `charge` and `target` are fractions of a full battery. */
export type Battery = {
  readonly capacityWh: number;
  readonly charge: number;
  readonly target: number;
  /** What the car itself accepts; the charger's own limit comes on top. */
  readonly acceptedW: number;
  /** Real seconds since the contactor closed: a car does not jump to full power. */
  readonly heldS: number;
};

const RAMP_S = 20;
const STEP_S = 5;
const STEPS_MAX = 2_000;
const DIRECT_CURRENT_FROM_W = 43_000;
const ALTERNATING_POWERS_W = [3_700, 7_400, 7_400, 11_000, 11_000, 22_000];

/** A car as it comes: mostly half empty, always wanting more than it has, mostly 80 % to full. */
export function arrivingCar(chargerPowerW: number, chance: Chance): Battery {
  const directCurrent = chargerPowerW >= DIRECT_CURRENT_FROM_W;
  const acceptedW = directCurrent ? between(38_000, 120_000, chance) : (oneOf(ALTERNATING_POWERS_W, chance) ?? 7_400);
  return {
    capacityWh: between(24_000, 82_000, chance),
    charge: between(0.12, directCurrent ? 0.7 : 0.8, chance),
    target: directCurrent ? between(0.78, 0.95, chance) : between(0.85, 1, chance),
    acceptedW,
    heldS: 0,
  };
}

/** Power drawn now, in W: a ramp at the start, a plateau, then the taper that every battery imposes near its top. */
export function drawnPowerW(battery: Battery, chargerPowerW: number): number {
  if (isFull(battery)) return 0;
  const plateau = Math.min(battery.acceptedW, chargerPowerW);
  const ramp = Math.min(1, (battery.heldS + 2) / RAMP_S);
  const taperFrom = chargerPowerW >= DIRECT_CURRENT_FROM_W ? 0.6 : 0.92;
  const beyond = Math.max(0, battery.charge - taperFrom) / (1 - taperFrom);
  return plateau * ramp * (1 - 0.8 * beyond);
}

export function isFull(battery: Battery): boolean {
  return battery.charge >= battery.target;
}

/**
 * Lets `elapsedMs` of real time pass. The meter runs in real time, so that no server finds more energy than the power
 * allows; the battery fills `speed` times faster, as if it were that much smaller, so that a session lasts minutes.
 */
export function charge(
  battery: Battery,
  { chargerPowerW, elapsedMs, speed }: { chargerPowerW: number; elapsedMs: number; speed: number },
): { readonly battery: Battery; readonly energyWh: number } {
  let remainingS = Math.max(0, elapsedMs / 1000);
  const stepS = Math.max(STEP_S, remainingS / STEPS_MAX);
  const now = { ...battery };
  let energyWh = 0;
  while (remainingS > 0) {
    const heldS = Math.min(stepS, remainingS);
    const stepWh = (drawnPowerW(now, chargerPowerW) * heldS) / 3600;
    energyWh += stepWh;
    const filled = Math.min(now.target, now.charge + (stepWh * speed) / now.capacityWh);
    now.charge = Math.max(now.charge, filled);
    now.heldS += heldS;
    remainingS -= heldS;
  }
  return { battery: now, energyWh };
}
