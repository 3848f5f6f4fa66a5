import type { LocalListEntry } from '#src/wire/ocpp/management-messages.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { CommandView } from './messages.ts';
import { withDurable, type ChargePointState, type Standing } from './state.ts';
import type { Laid } from './under-way.ts';

type ClearProfiles = Extract<CallToChargePoint, { action: 'ClearChargingProfile' }>;
type SendList = Extract<CallToChargePoint, { action: 'SendLocalList' }>;

/** Limits remembered of one charger; chargers hold some tens (`MaxChargingProfilesInstalled`). */
const PROFILES_MAX = 50;
/** Badges remembered; beyond, the list is the charger's own affair. */
const ENTRIES_MAX = 1_000;

/** What the charger has taken of a call is remembered, to be laid down again when it forgets (field-31). */
export function laidDown(state: ChargePointState, { call, answer }: CommandView): ChargePointState {
  if (answer === null || !('status' in answer)) return state;
  const { standing } = state.durable;
  const isTaken = answer.status === 'Accepted';
  switch (call.action) {
    case 'SendLocalList':
      return isTaken ? withStanding(state, { ...standing, list: listAfter(standing.list, call) }) : state;
    case 'SetChargingProfile':
      // That of a running transaction ends with it (OCPP 1.6 §3.13.1).
      if (!isTaken || call.csChargingProfiles.chargingProfilePurpose === 'TxProfile') return state;
      return withStanding(state, { ...standing, profiles: profilesAfter(standing.profiles, call) });
    case 'ClearChargingProfile':
      // `Unknown` says that there is none: then there is none to be laid down either.
      if (!isTaken && answer.status !== 'Unknown') return state;
      return withStanding(state, { ...standing, profiles: standing.profiles.filter((one) => !isCleared(one, call)) });
    default:
      return state;
  }
}

function withStanding(state: ChargePointState, standing: Standing): ChargePointState {
  return withDurable(state, { standing });
}

function listAfter(before: Standing['list'], { listVersion, updateType, localAuthorizationList = [] }: SendList) {
  const entries = new Map<string, LocalListEntry>();
  if (updateType === 'Differential') for (const one of before?.entries ?? []) entries.set(one.idTag.toUpperCase(), one);
  for (const one of localAuthorizationList) {
    if (one.idTagInfo === undefined) entries.delete(one.idTag.toUpperCase());
    else entries.set(one.idTag.toUpperCase(), one);
  }
  return entries.size > ENTRIES_MAX ? null : { listVersion, entries: [...entries.values()] };
}

/** OCPP 1.6 §3.13.2: the same purpose, level and connector, or the same id, replaces. */
function profilesAfter(before: readonly Laid[], call: Laid): readonly Laid[] {
  const { chargingProfileId, chargingProfilePurpose, stackLevel } = call.csChargingProfiles;
  const others = before.filter(
    ({ connectorId, csChargingProfiles: one }) =>
      one.chargingProfileId !== chargingProfileId &&
      !(
        connectorId === call.connectorId &&
        one.chargingProfilePurpose === chargingProfilePurpose &&
        one.stackLevel === stackLevel
      ),
  );
  return [...others, call].slice(-PROFILES_MAX);
}

/** OCPP 1.6 §5.5: what is not named does not narrow. */
function isCleared({ connectorId, csChargingProfiles: one }: Laid, call: ClearProfiles): boolean {
  return (
    (call.id === undefined || call.id === one.chargingProfileId) &&
    (call.connectorId === undefined || call.connectorId === connectorId) &&
    (call.chargingProfilePurpose === undefined || call.chargingProfilePurpose === one.chargingProfilePurpose) &&
    (call.stackLevel === undefined || call.stackLevel === one.stackLevel)
  );
}
