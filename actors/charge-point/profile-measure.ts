import type { Effect } from '#actors/decision.ts';
import type { MeterSample } from '#src/wire/ocpp/messages.ts';
import { correctedMs } from '#src/domain/clock-offset.ts';
import { advanced } from './command-steps.ts';
import type { CommandView } from './messages.ts';
import { limitA, PHASES_USUAL, phasesOf, VOLTS, type SetProfile } from './profile-ladder.ts';
import { withLive, type Alarm, type ChargePointState } from './state.ts';
import type { Climb, Errand } from './under-way.ts';

/** A limit after one step more; `state` does not hold the command as it is now. */
export type Climbed = {
  readonly state: ChargePointState;
  readonly command: CommandView;
  readonly effects: readonly Effect[];
};

/** IEC 61851-1 gives a vehicle 5 s to follow; its charger tells a little later. */
export const MEASURE_AFTER_MS = 15_000;
const SETTLED_MS = 5_000;
/** How often the charger is asked what flows before it is taken for its word. */
export const MEASURES_MAX = 4;
/** Meters and vehicles are not exact: so much more is no breach of a limit. */
const TOLERANCE_MA = 500;
const TOLERANCE_SHARE = 1.05;

/** The limit is in force as far as the charger says: now what flows is to show it (field-30). */
export function measureNext(state: ChargePointState, command: CommandView, atMs: number): Climbed {
  const { commandId } = command;
  const climb = state.live.climbs[commandId];
  if (climb === undefined || measuredConnectors(command, climb).length === 0)
    return over(state, advanced(command, 'done', atMs, { cause: 'not-measured' }));
  const climbs = { ...state.live.climbs, [commandId]: { ...climb, stage: 'measuring' as const } };
  return { state: withLive(state, { climbs }), command, effects: [alarm(commandId, atMs)] };
}

/** Nothing more comes of this command. */
export function over<Of extends { readonly commandId: string }>(
  state: ChargePointState,
  command: Of,
): { readonly state: ChargePointState; readonly command: Of; readonly effects: readonly Effect[] } {
  const { [command.commandId]: _over, ...climbs } = state.live.climbs;
  const errands = state.live.errands.filter((one) => one.commandId !== command.commandId);
  return { state: withLive(state, { climbs, errands }), command, effects: [] };
}

/** The charger is asked what flows, or enough was asked. */
export function measureDue(state: ChargePointState, command: CommandView, atMs: number): Climbed {
  const { commandId, requestedBy } = command;
  const climb = state.live.climbs[commandId];
  if (climb === undefined || climb.stage !== 'measuring') return { state, command, effects: [] };
  if (climb.measures >= MEASURES_MAX) {
    const isOver = command.profile?.measuredMa !== null && command.profile?.measuredMa !== undefined;
    const ended = isOver
      ? advanced(command, 'failed', atMs, { cause: 'over-limit' })
      : advanced(command, 'done', atMs, { cause: 'not-measured' });
    return over(state, ended);
  }
  const errands = measuredConnectors(command, climb).map((connectorId): Errand => ({
    callId: `${commandId}.m${climb.measures}-${connectorId}`,
    call: { action: 'TriggerMessage', requestedMessage: 'MeterValues', connectorId },
    by: requestedBy,
    commandId,
  }));
  const climbs = { ...state.live.climbs, [commandId]: { ...climb, measures: climb.measures + 1 } };
  const next = withLive(state, { climbs, errands: [...state.live.errands, ...errands] });
  return { state: next, command, effects: [alarm(commandId, atMs)] };
}

/** What flows through a connector was told: is it within the limit that this command laid down? */
export function measured(
  state: ChargePointState,
  command: CommandView,
  told: {
    readonly connectorId: number;
    readonly samples: readonly MeterSample[];
    /** The charger's clock less ours; null while it is not known, so that what it tells is of when it comes in. */
    readonly offsetMs: number | null;
    readonly atMs: number;
  },
): Climbed | null {
  const { connectorId, samples, offsetMs, atMs } = told;
  const climb = state.live.climbs[command.commandId];
  const taken = climb?.ladder[climb.rung];
  const since = command.steps.findLast(({ phase }) => phase === 'accepted')?.atMs ?? atMs;
  if (climb === undefined || taken === undefined || climb.stage !== 'measuring') return null;
  const connectors = measuredConnectors(command, climb);
  if (!connectors.includes(connectorId)) return null;
  const { durable } = state;
  const singlePhase = command.profile?.singlePhase ?? [];
  const phases = phasesOf(taken.connectorId, durable.connectors, singlePhase);
  const flow: FlowTerms = {
    // A limit that was asked for in watts is one of all phases together, whatever each of them carries.
    inWatts: isInWatts(command.call),
    limitPhases: phasesIn(taken) ?? phases,
    phases: singlePhase.includes(connectorId) ? 1 : (phasesIn(taken) ?? PHASES_USUAL),
  };
  // What was measured before the limit was taken, and comes in now, tells nothing of it.
  const last = samples
    .map((sample) => ({
      flowsMa: currentOf(sample, flow),
      sampledAtMs:
        offsetMs === null ? atMs : correctedMs({ chargerMs: sample.timestamp.ms, offsetMs, receivedAtMs: atMs }),
    }))
    .findLast(({ flowsMa, sampledAtMs }) => flowsMa !== null && sampledAtMs - since >= SETTLED_MS);
  if (last === undefined || last.flowsMa === null) return null;
  const { flowsMa, sampledAtMs } = last;
  const measuredMa = { ...climb.measuredMa, [connectorId]: flowsMa };
  const climbs = { ...state.live.climbs, [command.commandId]: { ...climb, measuredMa } };
  const next = withLive(state, { climbs });
  const all = connectors.map((one) => measuredMa[one]);
  if (all.includes(undefined)) return { state: next, command, effects: [] };
  const flows = all.map((one) => one ?? 0);
  const { chargingProfilePurpose: purpose } = taken.csChargingProfiles;
  const worstMa = purpose === 'ChargePointMaxProfile' ? flows.reduce((sum, one) => sum + one, 0) : Math.max(...flows);
  const known = { ...command, ...(command.profile && { profile: { ...command.profile, measuredMa: worstMa } }) };
  const limit = limitA(taken, sampledAtMs, phases);
  if (!isWithin(worstMa, limit)) return { state: next, command: known, effects: [] };
  const done = over(next, advanced(advanced(known, 'measured', atMs), 'done', atMs));
  return { ...done, effects: [{ type: 'wake', key: keyOf(command.commandId), atMs: null, volatile: true }] };
}

/** Where what flows tells of the limit: the connectors that charged when it was asked for. */
function measuredConnectors({ profile }: CommandView, { ladder, rung }: Climb): readonly number[] {
  const connectorId = ladder[rung]?.connectorId ?? 0;
  const charging = profile?.charging ?? [];
  return connectorId === 0 ? charging : charging.filter((one) => one === connectorId);
}

function isWithin(flowsMa: number, limit: number | null): boolean {
  return limit === null || flowsMa <= limit * 1_000 * TOLERANCE_SHARE + TOLERANCE_MA;
}

/** How the flow of a connector is compared with a limit in A of each phase. */
type FlowTerms = { readonly inWatts: boolean; readonly limitPhases: number; readonly phases: number };

/** In mA of a phase: of the busiest where the charger tells current, else of as many as feed the connector. */
function currentOf({ currentMa, powerW }: MeterSample, { inWatts, limitPhases, phases }: FlowTerms): number | null {
  const perPhase = (count: number): number | null =>
    powerW === undefined ? null : Math.round((powerW / (VOLTS * count)) * 1_000);
  return inWatts ? (perPhase(limitPhases) ?? currentMa ?? null) : (currentMa ?? perPhase(phases));
}

function isInWatts(call: CommandView['call']): boolean {
  return call.action === 'SetChargingProfile' && call.csChargingProfiles.chargingSchedule.chargingRateUnit === 'W';
}

/** Where all of its periods agree about it. */
function phasesIn({ csChargingProfiles }: SetProfile): number | null {
  const told = new Set(csChargingProfiles.chargingSchedule.chargingSchedulePeriod.map((one) => one.numberPhases));
  const [phases = null] = told;
  return told.size === 1 ? phases : null;
}

function alarm(commandId: string, atMs: number): Effect {
  const message: Alarm = { type: 'measure-due', commandId, atMs: atMs + MEASURE_AFTER_MS };
  return { type: 'wake', key: keyOf(commandId), atMs: message.atMs, message, volatile: true };
}

function keyOf(commandId: string): string {
  return `measure/${commandId}`;
}
