import type { CallFromChargePoint, ChargePointErrorCode, ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import type { Battery } from './battery.ts';
import type { Chance } from './chance.ts';
import type { Fetched } from './errands.ts';
import { factoryConfiguration, type Configuration } from './configuration.ts';
import { BLANK_MEMORY, type Memory } from './memory.ts';
import type { Payload } from './payload.ts';
import { NO_FIRMWARE, type FirmwareWork } from './firmware-work.ts';

/** The nameplate of a simulated charger. `powerW` is what each connector can give. */
export type Nameplate = {
  readonly identity: string;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly firmwareVersion: string;
  readonly connectors: number;
  readonly powerW: number;
};

/** `key` is the charger's own name for the transaction, known before the server has given it a number. */
export type LocalTransaction = {
  readonly key: number;
  readonly transactionId: number | null;
  readonly idTag: string;
  readonly battery: Battery;
  /** Up to when the register has been counted. */
  readonly countedToMs: number;
};

/** What is happening at one connector; a field exists only where it means something. */
export type Phase =
  | { readonly name: 'free' }
  | { readonly name: 'plugged'; readonly idTag: string }
  | { readonly name: 'authorising'; readonly idTag: string; readonly cable: boolean }
  | { readonly name: 'awaiting-cable'; readonly idTag: string }
  | { readonly name: 'charging'; readonly transaction: LocalTransaction }
  | { readonly name: 'finishing' }
  | { readonly name: 'faulted'; readonly errorCode: ChargePointErrorCode };

export type Connector = {
  readonly id: number;
  /** Wh counted since the meter was made: never goes back. */
  readonly registerWh: number;
  readonly operative: boolean;
  readonly phase: Phase;
  /** Counts the vehicles; a wake meant for an earlier one is ignored. */
  readonly visit: number;
};

export type Charger = {
  readonly nameplate: Nameplate;
  /** How many times faster than life batteries fill and drivers come and go. The meter keeps real time. */
  readonly speed: number;
  /** Whether drivers and mishaps come by themselves; a test prefers to send them. */
  readonly autonomous: boolean;
  readonly connectors: readonly Connector[];
  readonly configuration: Configuration;
  readonly link: 'closed' | 'open';
  /** Accepted by the server since the last power-up; a mere cut of the link does not end it. */
  readonly accepted: boolean;
  readonly heartbeatRound: number;
  readonly transactionsBegun: number;
  readonly firmware: FirmwareWork;
  /** What it will be after its next installation; null when none waits. */
  readonly nextFirmware: string | null;
  /** What it last said of leaving a log. */
  readonly log: { readonly status: string; readonly requestId: number | null };
  readonly memory: Memory;
  /** W that are there for all connectors together; null: as much as the nameplate says. */
  readonly availableW: number | null;
  /** Whoever shows a badge is asked about even without a link: what answers then is a list of the charger's own. */
  readonly asksItself: boolean;
};

/** What a decision may not find out by itself. `nowMs` counts from 1970. */
export type Moment = { readonly nowMs: number; readonly chance: Chance };

/** `keep`: a transaction message, kept through a cut and sent again, in order (OCPP 1.6 §3.7). */
export type OutgoingCall = {
  readonly action: CallFromChargePoint['action'];
  readonly payload: Payload;
  readonly keep: boolean;
  readonly first?: boolean;
  readonly connectorId?: number;
  readonly visit?: number;
  /** Replaced by the server's number when the call leaves; -1 when the start was never answered. */
  readonly transactionKey?: number;
};

export type Wake =
  | { readonly kind: 'heartbeat'; readonly round: number }
  | { readonly kind: 'boot-again' | 'mishap' | 'download' | 'install' }
  | { readonly kind: 'arrival'; readonly connectorId: number; readonly visit: number }
  | {
      readonly kind: 'badge' | 'cable' | 'cable-timeout' | 'watch' | 'sample' | 'leave' | 'unplug' | 'repair';
      readonly connectorId: number;
      readonly visit: number;
    };

export type ChargerEvent = { readonly nowMs: number } & (
  | { readonly type: 'powered' | 'opened' | 'closed' }
  | { readonly type: 'answered'; readonly call: OutgoingCall; readonly payload: Payload }
  /** The server refused it for good, or its link went before the answer and the call was not one to keep. */
  | { readonly type: 'unanswered'; readonly call: OutgoingCall }
  | { readonly type: 'commanded'; readonly messageId: string; readonly action: string; readonly payload: Payload }
  | { readonly type: 'woke'; readonly wake: Wake }
  | ({ readonly type: 'fetched' } & Fetched)
  | { readonly type: 'uploaded'; readonly ok: boolean }
  | { readonly type: 'driver-came'; readonly connectorId: number; readonly idTag: string }
  | { readonly type: 'driver-stopped' | 'driver-unplugged'; readonly connectorId: number }
  | { readonly type: 'broke'; readonly connectorId: number; readonly errorCode: ChargePointErrorCode }
  | { readonly type: 'repaired'; readonly connectorId: number }
);

export type Effect =
  | { readonly type: 'call'; readonly call: OutgoingCall }
  | { readonly type: 'answer'; readonly messageId: string; readonly payload: Payload }
  | { readonly type: 'refuse'; readonly messageId: string; readonly code: string; readonly detail: string }
  | { readonly type: 'wake'; readonly wake: Wake; readonly afterMs: number }
  /** Somebody with a badge is needed at this connector; comes back as `driver-came`. */
  | { readonly type: 'find-driver'; readonly connectorId: number }
  /** An errand: the software at this address; comes back as `fetched`. */
  | { readonly type: 'fetch'; readonly location: string; readonly signed: FirmwareWork['signed'] }
  /** An errand: its log, to this address; comes back as `uploaded`. */
  | { readonly type: 'upload'; readonly location: string; readonly fileName: string }
  /** `flush`: what is queued may leave first. */
  | { readonly type: 'drop-link'; readonly forMs: number; readonly flush: boolean };

export type Step = { readonly charger: Charger; readonly effects: readonly Effect[] };

export function newCharger(
  nameplate: Nameplate,
  { speed, autonomous, registersWh }: { speed: number; autonomous: boolean; registersWh: readonly number[] },
): Charger {
  const connectors = Array.from({ length: nameplate.connectors }, (_, index): Connector => {
    return { id: index + 1, registerWh: registersWh[index] ?? 0, operative: true, phase: { name: 'free' }, visit: 0 };
  });
  return {
    nameplate,
    speed,
    autonomous,
    connectors,
    configuration: factoryConfiguration(nameplate.connectors),
    link: 'closed',
    accepted: false,
    heartbeatRound: 0,
    transactionsBegun: 0,
    firmware: NO_FIRMWARE,
    nextFirmware: null,
    log: { status: 'Idle', requestId: null },
    memory: BLANK_MEMORY,
    availableW: null,
    asksItself: false,
  };
}

/** The OCPP status that a connector shows (1.6 §4.9). */
export function statusOf(connector: Connector): ChargePointStatus {
  switch (connector.phase.name) {
    case 'free':
      return connector.operative ? 'Available' : 'Unavailable';
    case 'plugged':
    case 'authorising':
    case 'awaiting-cable':
      return 'Preparing';
    case 'charging': {
      const { battery } = connector.phase.transaction;
      return battery.charge >= battery.target ? 'SuspendedEV' : 'Charging';
    }
    case 'finishing':
      return 'Finishing';
    case 'faulted':
      return 'Faulted';
  }
}

export function connectorOf(charger: Charger, connectorId: number): Connector | undefined {
  return charger.connectors[connectorId - 1];
}

export function withConnector(charger: Charger, changed: Connector): Charger {
  return {
    ...charger,
    connectors: charger.connectors.map((connector) => (connector.id === changed.id ? changed : connector)),
  };
}

export function stay(charger: Charger): Step {
  return { charger, effects: [] };
}

/** One step after another, the effects in the same order. */
export function follow(step: Step, next: (charger: Charger) => Step): Step {
  const then = next(step.charger);
  return { charger: then.charger, effects: [...step.effects, ...then.effects] };
}
