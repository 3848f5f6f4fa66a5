import type { Payload } from './payload.ts';

/** What the server has laid down in a charger: its local list, its reservations, its limits. It survives a reboot. */
export type Memory = {
  readonly listVersion: number;
  /** Badges of the list, with what is known of each. */
  readonly list: Readonly<Record<string, Payload>>;
  readonly reservations: Readonly<Record<number, Reservation>>;
  readonly profiles: readonly LaidProfile[];
};
export type Reservation = {
  readonly connectorId: number;
  readonly idTag: string;
  readonly untilMs: number;
};
export type LaidProfile = {
  readonly connectorId: number;
  readonly id: number;
  readonly purpose: string;
  readonly stackLevel: number;
  readonly schedule: Payload;
};
export const BLANK_MEMORY: Memory = { listVersion: 0, list: {}, reservations: {}, profiles: [] };

const LIST_MAX = 500;
const PURPOSES: ReadonlySet<unknown> = new Set(['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile']);

export type Laid = { readonly memory: Memory; readonly answer: Payload };

/** OCPP 1.6 §5.15: a full list replaces the one before, a differential one must be newer than it. */
export function sendList(memory: Memory, payload: Payload): Laid {
  const listVersion = Number(payload['listVersion']);
  const entries = arrayOf(payload['localAuthorizationList']);
  const full = payload['updateType'] === 'Full';
  if (!full && listVersion <= memory.listVersion) return { memory, answer: { status: 'VersionMismatch' } };
  const list: Record<string, Payload> = full ? {} : { ...memory.list };
  for (const entry of entries) {
    const idTag = String(entry['idTag']);
    if (entry['idTagInfo'] === undefined) delete list[idTag];
    else list[idTag] = recordOf(entry['idTagInfo']);
  }
  if (Object.keys(list).length > LIST_MAX) return { memory, answer: { status: 'Failed' } };
  return { memory: { ...memory, list, listVersion }, answer: { status: 'Accepted' } };
}

/** OCPP 1.6 §5.13. `free`: the connectors that nobody uses; 0 takes any of them. */
export function reserve(memory: Memory, payload: Payload, free: readonly number[]): Laid {
  const connectorId = Number(payload['connectorId']);
  const id = Number(payload['reservationId']);
  const isFree = connectorId === 0 ? free.length > 0 : free.includes(connectorId);
  if (!isFree) return { memory, answer: { status: 'Occupied' } };
  const untilMs = Date.parse(String(payload['expiryDate']));
  const reservation = { connectorId, idTag: String(payload['idTag']), untilMs };
  return {
    memory: { ...memory, reservations: { ...memory.reservations, [id]: reservation } },
    answer: { status: 'Accepted' },
  };
}

export function cancelReservation(memory: Memory, payload: Payload): Laid {
  const { [Number(payload['reservationId'])]: cancelled, ...reservations } = memory.reservations;
  if (cancelled === undefined) return { memory, answer: { status: 'Rejected' } };
  return { memory: { ...memory, reservations }, answer: { status: 'Accepted' } };
}

/** OCPP 1.6 §5.16: the same purpose, level and connector, or the same id, replaces. `charging`: connectors in a charge. */
export function setProfile(memory: Memory, payload: Payload, charging: ReadonlySet<number>): Laid {
  const connectorId = Number(payload['connectorId']);
  const profile = recordOf(payload['csChargingProfiles']);
  const purpose = profile['chargingProfilePurpose'];
  const misplaced =
    (purpose === 'ChargePointMaxProfile' && connectorId !== 0) ||
    (purpose === 'TxProfile' && !charging.has(connectorId)) ||
    !PURPOSES.has(purpose);
  if (misplaced) return { memory, answer: { status: 'Rejected' } };
  const laid: LaidProfile = {
    connectorId,
    id: Number(profile['chargingProfileId']),
    purpose: String(purpose),
    stackLevel: Number(profile['stackLevel']),
    schedule: recordOf(profile['chargingSchedule']),
  };
  const others = memory.profiles.filter(
    (one) =>
      one.id !== laid.id &&
      !(one.purpose === laid.purpose && one.stackLevel === laid.stackLevel && one.connectorId === connectorId),
  );
  return { memory: { ...memory, profiles: [...others, laid] }, answer: { status: 'Accepted' } };
}

/** OCPP 1.6 §5.5: what is not named does not narrow. */
export function clearProfiles(memory: Memory, payload: Payload): Laid {
  const fits = (one: LaidProfile): boolean =>
    (payload['id'] === undefined || payload['id'] === one.id) &&
    (payload['connectorId'] === undefined || payload['connectorId'] === one.connectorId) &&
    (payload['chargingProfilePurpose'] === undefined || payload['chargingProfilePurpose'] === one.purpose) &&
    (payload['stackLevel'] === undefined || payload['stackLevel'] === one.stackLevel);
  const profiles = memory.profiles.filter((one) => !fits(one));
  const status = profiles.length === memory.profiles.length ? 'Unknown' : 'Accepted';
  return { memory: { ...memory, profiles }, answer: { status } };
}

/** OCPP 1.6 §5.7, as far as this model goes: the lowest first limit of what is in force; none is what it can give. */
export function composite(
  memory: Memory,
  payload: Payload,
  of: { readonly nowMs: number; readonly currentA: number },
): Payload {
  const connectorId = Number(payload['connectorId']);
  const limit = Math.min(of.currentA, ...limitsOf(memory, connectorId).map(({ amperes }) => amperes));
  return {
    status: 'Accepted',
    connectorId,
    scheduleStart: new Date(of.nowMs).toISOString(),
    chargingSchedule: {
      duration: Number(payload['duration']),
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: Math.round(limit * 10) / 10 }],
    },
  };
}

/**
 * What a connector may give by the limits that are laid down, in W; `charging` connectors share the limit of the whole
 * charger.
 */
export function limitedW(
  memory: Memory,
  connectorId: number,
  { powerW, charging }: { readonly powerW: number; readonly charging: number },
): number {
  const limits = limitsOf(memory, connectorId).map(({ amperes, purpose }) => {
    const shares = purpose === 'ChargePointMaxProfile' ? Math.max(1, charging) : 1;
    return (amperes * WATTS_PER_AMPERE) / shares;
  });
  return Math.min(powerW, ...limits);
}

function limitsOf(memory: Memory, connectorId: number) {
  return memory.profiles
    .filter((one) => connectorId === 0 || one.connectorId === 0 || one.connectorId === connectorId)
    .flatMap(({ schedule, purpose }) =>
      arrayOf(schedule['chargingSchedulePeriod']).map((period) => ({ purpose, amperes: amperesOf(schedule, period) })),
    );
}

/** Of each of three phases. */
export const WATTS_PER_AMPERE = 690;

/** 230 V on three phases where nothing else is said. */
function amperesOf(schedule: Payload, period: Payload): number {
  const limit = Number(period['limit']);
  return schedule['chargingRateUnit'] === 'W' ? limit / (230 * Number(period['numberPhases'] ?? 3)) : limit;
}

function arrayOf(value: unknown): readonly Payload[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}

function recordOf(value: unknown): Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : {};
}
