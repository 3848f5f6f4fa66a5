import type { ChargePointErrorCode, StopReason } from '#src/wire/ocpp/messages.ts';
import { arrivingCar, charge, drawnPowerW, isFull } from './battery.ts';
import { around, between, oneOf } from './chance.ts';
import { integerOf, isSet } from './configuration.ts';
import { limitedW, WATTS_PER_AMPERE } from './memory.ts';
import { paced, wakeFor } from './pace.ts';
import {
  connectorOf,
  follow,
  stay,
  withConnector,
  type Charger,
  type Connector,
  type Effect,
  type LocalTransaction,
  type Moment,
  type Phase,
  type Step,
} from './state.ts';

const BADGE_AFTER_S = 20;
const BADGE_AGAIN_AFTER_S = 45;
const WATCH_EVERY_MS = 5_000;
const SAMPLE_EVERY_MS_MIN = 5_000;
const LEAVE_AFTER_S = 2_200;
const UNPLUG_AFTER_S = 360;
const NEXT_DRIVER_AFTER_S = 3_000;
const REPAIR_AFTER_S = 900;

const FAULTS: readonly ChargePointErrorCode[] = [
  'GroundFailure',
  'OverCurrentFailure',
  'ConnectorLockFailure',
  'EVCommunicationError',
  'PowerMeterFailure',
  'HighTemperature',
  'ReaderFailure',
  'InternalError',
];

/** A car is plugged in; its driver looks for a badge. Nothing happens when the connector is taken or out of service. */
export function driverComes(charger: Charger, connectorId: number, idTag: string, moment: Moment): Step {
  const connector = connectorOf(charger, connectorId);
  if (!connector || connector.phase.name !== 'free') return stay(charger);
  if (!connector.operative) return { charger, effects: nextDriver(charger, connector, NEXT_DRIVER_AFTER_S) };
  const visiting = { ...connector, visit: connector.visit + 1, phase: { name: 'plugged', idTag } as const };
  return {
    charger: withConnector(charger, visiting),
    effects: [wakeFor(visiting, 'badge', paced(charger, around(BADGE_AFTER_S, moment.chance)))],
  };
}

/** The badge is shown. Without a link the charger decides by itself (LocalAuthorizeOffline). */
export function badgeShown(charger: Charger, connector: Connector, moment: Moment): Step {
  if (connector.phase.name !== 'plugged') return stay(charger);
  const { idTag } = connector.phase;
  if (!charger.asksItself && (charger.link === 'closed' || !charger.accepted)) {
    if (isSet(charger.configuration, 'LocalAuthorizeOffline')) return begin(charger, connector, idTag, moment);
    return { charger, effects: [wakeFor(connector, 'badge', paced(charger, BADGE_AGAIN_AFTER_S))] };
  }
  return authorise(charger, connector, { idTag, cable: true });
}

export function authorise(charger: Charger, connector: Connector, asked: { idTag: string; cable: boolean }): Step {
  const { id: connectorId, visit } = connector;
  return {
    charger: enter(charger, connector, { name: 'authorising', ...asked }),
    effects: [
      {
        type: 'call',
        call: { action: 'Authorize', payload: { idTag: asked.idTag }, keep: false, connectorId, visit },
      },
    ],
  };
}

/** The verdict on a badge; a refused driver unplugs and goes. */
export function authorised(charger: Charger, connector: Connector, accepted: boolean, moment: Moment): Step {
  if (connector.phase.name !== 'authorising') return stay(charger);
  const { idTag, cable } = connector.phase;
  if (accepted && cable) return begin(charger, connector, idTag, moment);
  if (accepted) return awaitCable(charger, connector, idTag, moment);
  if (!cable) return free(charger, connector, moment);
  return {
    charger: enter(charger, connector, { name: 'plugged', idTag }),
    effects: [wakeFor(connector, 'unplug', paced(charger, around(BADGE_AGAIN_AFTER_S, moment.chance)))],
  };
}

/** The Authorize was lost with the link: the driver shows the badge again. */
export function badgeAgain(charger: Charger, connector: Connector, moment: Moment): Step {
  if (connector.phase.name !== 'authorising') return stay(charger);
  if (!connector.phase.cable) return free(charger, connector, moment);
  return {
    charger: enter(charger, connector, { name: 'plugged', idTag: connector.phase.idTag }),
    effects: [wakeFor(connector, 'badge', paced(charger, BADGE_AGAIN_AFTER_S))],
  };
}

/** Started from afar before the car was plugged: most drivers come, some never do (field-32). */
export function awaitCable(charger: Charger, connector: Connector, idTag: string, moment: Moment): Step {
  const timeoutMs = integerOf(charger.configuration, 'ConnectionTimeOut') * 1000;
  const comes = moment.chance() < 0.85;
  const effects: Effect[] = [wakeFor(connector, 'cable-timeout', timeoutMs)];
  if (comes && charger.autonomous) {
    effects.push(wakeFor(connector, 'cable', Math.min(timeoutMs * 0.8, paced(charger, around(40, moment.chance)))));
  }
  return { charger: enter(charger, connector, { name: 'awaiting-cable', idTag }), effects };
}

/** The contactor closes: StartTransaction leaves, or waits for the link. */
export function begin(charger: Charger, connector: Connector, idTag: string, moment: Moment): Step {
  const key = charger.transactionsBegun + 1;
  const transaction: LocalTransaction = {
    key,
    transactionId: null,
    idTag,
    battery: arrivingCar(charger.nameplate.powerW, moment.chance),
    countedToMs: moment.nowMs,
  };
  const { id: connectorId, visit } = connector;
  const payload = { connectorId, idTag, meterStart: Math.floor(connector.registerWh), timestamp: iso(moment.nowMs) };
  const begun = enter({ ...charger, transactionsBegun: key }, connector, { name: 'charging', transaction });
  const effects: Effect[] = [
    {
      type: 'call',
      call: { action: 'StartTransaction', payload, keep: true, connectorId, visit, transactionKey: key },
    },
    wakeFor(connector, 'watch', WATCH_EVERY_MS),
    ...nextSample(charger, connector),
  ];
  if (charger.autonomous)
    effects.push(wakeFor(connector, 'leave', paced(charger, around(LEAVE_AFTER_S, moment.chance))));
  return { charger: begun, effects };
}

/** The number that the server gave. A badge it does not accept ends the charge (StopTransactionOnInvalidId). */
export function numbered(
  charger: Charger,
  connector: Connector,
  answer: { readonly key: number; readonly transactionId: number; readonly accepted: boolean },
  moment: Moment,
): Step {
  if (connector.phase.name !== 'charging' || connector.phase.transaction.key !== answer.key) return stay(charger);
  const transaction = { ...connector.phase.transaction, transactionId: answer.transactionId };
  const known = { ...connector, phase: { name: 'charging', transaction } as const };
  const step = stay(withConnector(charger, known));
  if (answer.accepted || !isSet(charger.configuration, 'StopTransactionOnInvalidId')) return step;
  return follow(step, (now) => stop(now, known, { reason: 'DeAuthorized' }, moment));
}

function givenW({ memory, nameplate, connectors, availableW }: Charger, connectorId: number): number {
  const charging = connectors.filter(({ phase }) => phase.name === 'charging').length;
  const shareW = availableW === null ? nameplate.powerW : availableW / Math.max(1, charging);
  return limitedW(memory, connectorId, { powerW: Math.min(nameplate.powerW, shareW), charging });
}

/** Counts the energy up to now, and notices a full battery. */
export function count(charger: Charger, connector: Connector, nowMs: number): Connector {
  if (connector.phase.name !== 'charging') return connector;
  const { transaction } = connector.phase;
  const { battery, energyWh } = charge(transaction.battery, {
    chargerPowerW: givenW(charger, connector.id),
    elapsedMs: nowMs - transaction.countedToMs,
    speed: charger.speed,
  });
  const counted = { ...transaction, battery, countedToMs: Math.max(nowMs, transaction.countedToMs) };
  return {
    ...connector,
    registerWh: connector.registerWh + energyWh,
    phase: { name: 'charging', transaction: counted },
  };
}

/** Every few seconds of a charge. */
export function watch(charger: Charger, connector: Connector, nowMs: number): Step {
  if (connector.phase.name !== 'charging') return stay(charger);
  return {
    charger: withConnector(charger, count(charger, connector, nowMs)),
    effects: [wakeFor(connector, 'watch', WATCH_EVERY_MS)],
  };
}

/** MeterValues of a running transaction, then the next ones planned. */
export function sample(charger: Charger, connector: Connector, nowMs: number): Step {
  if (connector.phase.name !== 'charging') return stay(charger);
  const counted = count(charger, connector, nowMs);
  return {
    charger: withConnector(charger, counted),
    effects: [meterValues(charger, counted, nowMs, 'Sample.Periodic'), ...nextSample(charger, connector)],
  };
}

/** Works on an idle connector too: the register is then all there is to say. */
export function meterValues(charger: Charger, connector: Connector, nowMs: number, context: string): Effect {
  const transaction = connector.phase.name === 'charging' ? connector.phase.transaction : null;
  const powerW = transaction ? drawnPowerW(transaction.battery, givenW(charger, connector.id)) : 0;
  const value = (measurand: string, unit: string, amount: string) => ({ value: amount, context, measurand, unit });
  const sampledValue = [
    { ...value('Energy.Active.Import.Register', 'Wh', String(Math.floor(connector.registerWh))), location: 'Outlet' },
    value('Power.Active.Import', 'W', powerW.toFixed(0)),
    value('Current.Import', 'A', (powerW / WATTS_PER_AMPERE).toFixed(1)),
    ...(transaction ? [value('SoC', 'Percent', (transaction.battery.charge * 100).toFixed(0))] : []),
  ];
  const call = {
    action: 'MeterValues' as const,
    payload: { connectorId: connector.id, meterValue: [{ timestamp: iso(nowMs), sampledValue }] },
    keep: transaction !== null,
    connectorId: connector.id,
    visit: connector.visit,
  };
  return { type: 'call', call: transaction ? { ...call, transactionKey: transaction.key } : call };
}

/** Ends the transaction; the cable stays until the driver takes it away. */
export function stop(
  charger: Charger,
  connector: Connector,
  { reason }: { readonly reason: StopReason },
  moment: Moment,
): Step {
  if (connector.phase.name !== 'charging') return stay(charger);
  const counted = count(charger, connector, moment.nowMs);
  const { key, idTag } = connector.phase.transaction;
  const byDriver = reason === 'Local' || reason === 'EVDisconnected';
  const call = {
    action: 'StopTransaction' as const,
    payload: {
      ...(byDriver && { idTag }),
      meterStop: Math.floor(counted.registerWh),
      timestamp: iso(moment.nowMs),
      reason,
    },
    keep: true,
    connectorId: connector.id,
    visit: connector.visit,
    transactionKey: key,
  };
  const stopped = enter(charger, counted, { name: 'finishing' });
  const step: Step = { charger: stopped, effects: [{ type: 'call', call }] };
  if (reason === 'EVDisconnected') {
    return follow(step, (now) => free(now, { ...counted, phase: { name: 'finishing' } }, moment));
  }
  if (!charger.autonomous) return step;
  const quick = reason === 'UnlockCommand' ? 10 : UNPLUG_AFTER_S;
  return {
    ...step,
    effects: [...step.effects, wakeFor(connector, 'unplug', paced(charger, around(quick, moment.chance)))],
  };
}

/** The cable is gone. A transaction still running ends with it. */
export function unplug(charger: Charger, connector: Connector, moment: Moment): Step {
  switch (connector.phase.name) {
    case 'charging':
      return stop(charger, connector, { reason: 'EVDisconnected' }, moment);
    case 'free':
    case 'faulted':
      return stay(charger);
    default:
      return free(charger, connector, moment);
  }
}

/** The driver comes back: most stop with the badge, some just pull the cable. */
export function driverLeaves(charger: Charger, connector: Connector, moment: Moment): Step {
  if (connector.phase.name !== 'charging') return stay(charger);
  const unfinished = !isFull(connector.phase.transaction.battery);
  if (unfinished && moment.chance() < 0.35) {
    return {
      charger,
      effects: [wakeFor(connector, 'leave', paced(charger, around(LEAVE_AFTER_S / 3, moment.chance)))],
    };
  }
  const reason = moment.chance() < 0.7 ? 'Local' : 'EVDisconnected';
  return stop(charger, connector, { reason }, moment);
}

/** A fault opens the contactor: a charge under way ends with reason Other. */
export function breakDown(
  charger: Charger,
  connector: Connector,
  errorCode: ChargePointErrorCode | undefined,
  moment: Moment,
): Step {
  if (connector.phase.name === 'faulted') return stay(charger);
  const code = errorCode ?? oneOf(FAULTS, moment.chance) ?? 'OtherError';
  const step = stop(charger, connector, { reason: 'Other' }, moment);
  const broken = connectorOf(step.charger, connector.id) ?? connector;
  const faulted = { ...broken, visit: broken.visit + 1, phase: { name: 'faulted', errorCode: code } as const };
  const repair = charger.autonomous
    ? [wakeFor(faulted, 'repair', paced(charger, 60 + around(REPAIR_AFTER_S, moment.chance)))]
    : [];
  return { charger: withConnector(step.charger, faulted), effects: [...step.effects, ...repair] };
}

/** Free again, and the next driver planned. */
export function free(charger: Charger, connector: Connector, moment: Moment): Step {
  const idle = { ...connector, visit: connector.visit + 1, phase: { name: 'free' } as const };
  return {
    charger: withConnector(charger, idle),
    effects: nextDriver(charger, idle, around(NEXT_DRIVER_AFTER_S, moment.chance)),
  };
}

export function nextDriver(charger: Charger, connector: Connector, afterS: number): Effect[] {
  if (!charger.autonomous) return [];
  const wake = { kind: 'arrival', connectorId: connector.id, visit: connector.visit } as const;
  return [{ type: 'wake', wake, afterMs: paced(charger, afterS) }];
}

/** At power-up: four connectors in ten find a driver at once, the others wait their turn. */
export function firstDriver(charger: Charger, connector: Connector, moment: Moment): Effect[] {
  const atOnce = moment.chance() < 0.4;
  return nextDriver(
    charger,
    connector,
    atOnce ? between(5, 240, moment.chance) : around(NEXT_DRIVER_AFTER_S, moment.chance),
  );
}

function nextSample(charger: Charger, connector: Connector): Effect[] {
  const intervalS = integerOf(charger.configuration, 'MeterValueSampleInterval');
  if (intervalS === 0) return [];
  return [wakeFor(connector, 'sample', Math.max(SAMPLE_EVERY_MS_MIN, paced(charger, intervalS)))];
}

function enter(charger: Charger, connector: Connector, phase: Phase): Charger {
  return withConnector(charger, { ...connector, phase });
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
