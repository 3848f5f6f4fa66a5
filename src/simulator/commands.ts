import type { ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import { changeKey, integerOf, isSet, readKeys } from './configuration.ts';
import * as memory from './memory.ts';
import { paced } from './pace.ts';
import * as upkeep from './upkeep.ts';
import { authorise, awaitCable, begin, free, meterValues, stop } from './session.ts';
import type { Payload } from './payload.ts';
import {
  connectorOf,
  follow,
  stay,
  statusOf,
  withConnector,
  type Charger,
  type Connector,
  type Effect,
  type Moment,
  type Step,
} from './state.ts';

const REBOOT_AFTER_S = 40;
const RESTARTS_AFTER_MS_MIN = 500;
const TRIGGERABLE: ReadonlySet<unknown> = new Set([
  'BootNotification',
  'Heartbeat',
  'MeterValues',
  'StatusNotification',
  'FirmwareStatusNotification',
  'DiagnosticsStatusNotification',
  'LogStatusNotification',
]);
const UNLOCKABLE_EXCEPT = 'ConnectorLockFailure';

type Command = { readonly messageId: string; readonly action: string; readonly payload: Payload };

/** Obeys a call of the server, the answer always first. An action that this model does not know is NotImplemented. */
export function obey(charger: Charger, command: Command, moment: Moment): Step {
  const { action, payload, messageId } = command;
  const answer = (answered: Payload, step: Step = stay(charger)): Step => ({
    charger: step.charger,
    effects: [{ type: 'answer', messageId, payload: answered }, ...step.effects],
  });
  switch (action) {
    case 'RemoteStartTransaction':
      return remoteStart(charger, payload, moment, answer);
    case 'RemoteStopTransaction': {
      const charging = charger.connectors.find((connector) => runs(connector, payload['transactionId']));
      if (!charging) return answer({ status: 'Rejected' });
      return answer({ status: 'Accepted' }, stop(charger, charging, { reason: 'Remote' }, moment));
    }
    case 'Reset':
      return answer({ status: 'Accepted' }, reset(charger, payload['type'] === 'Hard' ? 'Hard' : 'Soft', moment));
    case 'UnlockConnector':
      return unlock(charger, payload, moment, answer);
    case 'ChangeAvailability':
      return changeAvailability(charger, payload, answer);
    case 'GetConfiguration': {
      const keys = Array.isArray(payload['key']) ? payload['key'].map(String) : [];
      return answer(readKeys(charger.configuration, keys));
    }
    case 'ChangeConfiguration': {
      const changed = changeKey(charger.configuration, String(payload['key']), String(payload['value']));
      return answer({ status: changed.status }, rearmed({ ...charger, configuration: changed.configuration }, charger));
    }
    case 'ClearCache':
      return answer({ status: isSet(charger.configuration, 'AuthorizationCacheEnabled') ? 'Accepted' : 'Rejected' });
    case 'UpdateFirmware':
      return upkeep.updateFirmware(charger, payload, moment, answer);
    case 'SignedUpdateFirmware':
      return upkeep.signedUpdateFirmware(charger, payload, moment, answer);
    case 'GetDiagnostics':
      return upkeep.getDiagnostics(charger, payload, moment, answer);
    case 'GetLog':
      return upkeep.getLog(charger, payload, moment, answer);
    case 'GetLocalListVersion':
      return answer({ listVersion: charger.memory.listVersion });
    case 'SendLocalList':
      return laid(charger, memory.sendList(charger.memory, payload), answer);
    case 'ReserveNow':
      return laid(charger, memory.reserve(charger.memory, payload, freeOnes(charger)), answer);
    case 'CancelReservation':
      return laid(charger, memory.cancelReservation(charger.memory, payload), answer);
    case 'SetChargingProfile':
      return laid(charger, memory.setProfile(charger.memory, payload, chargingOnes(charger)), answer);
    case 'ClearChargingProfile':
      return laid(charger, memory.clearProfiles(charger.memory, payload), answer);
    case 'GetCompositeSchedule': {
      const currentA = charger.nameplate.powerW / memory.WATTS_PER_AMPERE;
      return answer(memory.composite(charger.memory, payload, { nowMs: moment.nowMs, currentA }));
    }
    case 'TriggerMessage':
    case 'ExtendedTriggerMessage':
      return trigger(charger, payload, moment, answer);
    case 'DataTransfer':
      return answer({ status: payload['vendorId'] === charger.nameplate.vendor ? 'Accepted' : 'UnknownVendorId' });
    default:
      return {
        charger,
        effects: [
          { type: 'refuse', messageId, code: 'NotImplemented', detail: `${action} is not known to this model` },
        ],
      };
  }
}

type Answer = (payload: Payload, step?: Step) => Step;

function laid(charger: Charger, { memory: changed, answer: payload }: memory.Laid, answer: Answer): Step {
  return answer(payload, stay({ ...charger, memory: changed }));
}

function freeOnes(charger: Charger): readonly number[] {
  return charger.connectors.filter(({ phase, operative }) => phase.name === 'free' && operative).map(({ id }) => id);
}

function chargingOnes(charger: Charger): ReadonlySet<number> {
  return new Set(charger.connectors.filter(({ phase }) => phase.name === 'charging').map(({ id }) => id));
}

function remoteStart(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const idTag = payload['idTag'];
  const wanted = payload['connectorId'];
  const candidates = charger.connectors.filter((connector) => wanted === undefined || connector.id === wanted);
  const connector =
    candidates.find(({ phase }) => phase.name === 'plugged') ??
    candidates.find(({ phase, operative }) => phase.name === 'free' && operative);
  if (typeof idTag !== 'string' || !connector) return answer({ status: 'Rejected' });
  const cable = connector.phase.name === 'plugged';
  const visiting = cable ? connector : { ...connector, visit: connector.visit + 1 };
  const there = withConnector(charger, visiting);
  if (isSet(charger.configuration, 'AuthorizeRemoteTxRequests')) {
    return answer({ status: 'Accepted' }, authorise(there, visiting, { idTag, cable }));
  }
  const started = cable ? begin(there, visiting, idTag, moment) : awaitCable(there, visiting, idTag, moment);
  return answer({ status: 'Accepted' }, started);
}

/** Soft: the stops leave before the restart. Hard: they wait for the next boot. */
export function reset(charger: Charger, kind: 'Soft' | 'Hard', moment: Moment): Step {
  const reason = kind === 'Soft' ? 'SoftReset' : 'HardReset';
  const stopped = charger.connectors.reduce<Step>(
    (step, connector) => follow(step, (now) => stop(now, connector, { reason }, moment)),
    stay(charger),
  );
  const forMs = Math.max(RESTARTS_AFTER_MS_MIN, paced(charger, REBOOT_AFTER_S));
  return {
    charger: { ...stopped.charger, accepted: false },
    effects: [...stopped.effects, { type: 'drop-link', forMs, flush: kind === 'Soft' }],
  };
}

function unlock(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const connector = connectorOf(charger, Number(payload['connectorId']));
  if (!connector) return answer({ status: 'NotSupported' });
  const { phase } = connector;
  if (phase.name === 'faulted' && phase.errorCode === UNLOCKABLE_EXCEPT) return answer({ status: 'UnlockFailed' });
  if (phase.name === 'charging') {
    return answer({ status: 'Unlocked' }, stop(charger, connector, { reason: 'UnlockCommand' }, moment));
  }
  if (phase.name === 'free' || phase.name === 'faulted') return answer({ status: 'Unlocked' });
  return answer({ status: 'Unlocked' }, free(charger, connector, moment));
}

/** Connector 0 is all of them. During a charge the change is Scheduled: the status shows it once the car has gone. */
function changeAvailability(charger: Charger, payload: Payload, answer: Answer): Step {
  const connectorId = Number(payload['connectorId']);
  const operative = payload['type'] !== 'Inoperative';
  const meant = charger.connectors.filter(({ id }) => connectorId === 0 || id === connectorId);
  if (meant.length === 0) return answer({ status: 'Rejected' });
  const changed = meant.reduce((now, connector) => withConnector(now, { ...connector, operative }), charger);
  const scheduled = !operative && meant.some(({ phase }) => phase.name === 'charging');
  return answer({ status: scheduled ? 'Scheduled' : 'Accepted' }, stay(changed));
}

function trigger(charger: Charger, payload: Payload, moment: Moment, answer: Answer): Step {
  const requested = String(payload['requestedMessage']);
  if (!TRIGGERABLE.has(requested)) return answer({ status: 'NotImplemented' });
  if (requested === 'BootNotification' && charger.accepted) return answer({ status: 'Rejected' });
  const connectorId = payload['connectorId'];
  const meant = charger.connectors.filter(({ id }) => connectorId === undefined || id === connectorId);
  if (meant.length === 0 && connectorId !== 0) return answer({ status: 'Rejected' });
  const effects = triggered(charger, requested, meant, moment);
  return answer({ status: 'Accepted' }, { charger, effects });
}

function triggered(charger: Charger, requested: string, meant: readonly Connector[], moment: Moment): Effect[] {
  switch (requested) {
    case 'BootNotification':
      return [bootNotification(charger)];
    case 'Heartbeat':
      return [{ type: 'call', call: { action: 'Heartbeat', payload: {}, keep: false } }];
    case 'FirmwareStatusNotification':
      return [upkeep.firmwareStatus(charger.firmware)];
    case 'DiagnosticsStatusNotification':
    case 'LogStatusNotification':
      return [upkeep.logStatus(charger.log)];
    case 'MeterValues':
      return meant.map((connector) => meterValues(charger, connector, moment.nowMs, 'Trigger'));
    default:
      return meant.map((connector) => statusNotification(connector, moment.nowMs));
  }
}

function runs(connector: Connector, transactionId: unknown): boolean {
  const { phase } = connector;
  return phase.name === 'charging' && phase.transaction.transactionId === transactionId;
}

/** Goes before everything that is queued (OCPP 1.6 §4.2). */
export function bootNotification(charger: Charger): Effect {
  const { vendor, model, serialNumber, firmwareVersion } = charger.nameplate;
  const payload = {
    chargePointVendor: vendor,
    chargePointModel: model,
    chargePointSerialNumber: serialNumber,
    firmwareVersion,
    meterType: 'MID classe B',
  };
  return { type: 'call', call: { action: 'BootNotification', payload, keep: false, first: true } };
}

export function statusNotification(connector: Connector, nowMs: number): Effect {
  const errorCode = connector.phase.name === 'faulted' ? connector.phase.errorCode : 'NoError';
  return stationStatus({ connectorId: connector.id, status: statusOf(connector), errorCode, nowMs });
}

/** Connector 0 speaks for the whole charger: Available, Unavailable or Faulted. */
export function stationStatus(shown: {
  readonly connectorId: number;
  readonly status: ChargePointStatus;
  readonly errorCode: string;
  readonly nowMs: number;
}): Effect {
  const { nowMs, ...said } = shown;
  const payload = { ...said, timestamp: new Date(nowMs).toISOString() };
  return { type: 'call', call: { action: 'StatusNotification', payload, keep: false } };
}

/** The next heartbeat of a new round; the older round dies. */
export function heartbeatArmed(charger: Charger): Step {
  const round = charger.heartbeatRound + 1;
  const afterMs = Math.max(1, integerOf(charger.configuration, 'HeartbeatInterval')) * 1000;
  return {
    charger: { ...charger, heartbeatRound: round },
    effects: [{ type: 'wake', wake: { kind: 'heartbeat', round }, afterMs }],
  };
}

function rearmed(charger: Charger, before: Charger): Step {
  const interval = (at: Charger): number => integerOf(at.configuration, 'HeartbeatInterval');
  return interval(charger) === interval(before) ? stay(charger) : heartbeatArmed(charger);
}
