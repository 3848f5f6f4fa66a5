import { around, type Chance } from './chance.ts';
import { bootNotification, heartbeatArmed, obey, reset, stationStatus, statusNotification } from './commands.ts';
import { changeKey } from './configuration.ts';
import { paced } from './pace.ts';
import * as session from './session.ts';
import * as upkeep from './upkeep.ts';
import type { Payload } from './payload.ts';
import {
  connectorOf,
  follow,
  stay,
  statusOf,
  type Charger,
  type ChargerEvent,
  type Connector,
  type Effect,
  type Moment,
  type OutgoingCall,
  type Step,
  type Wake,
} from './state.ts';

const MISHAP_AFTER_S = 9_000;
const OFFLINE_FOR_S = 400;
const BOOT_AGAIN_AFTER_S = 30;

/** What a charger does with one event. Pure, but for the draws of `chance`; a changed status is always reported. */
export function decide(charger: Charger, event: ChargerEvent, chance: Chance): Step {
  const moment = { nowMs: event.nowMs, chance };
  const step = react(charger, event, moment);
  return { charger: step.charger, effects: [...step.effects, ...changedStatuses(charger, step.charger, event.nowMs)] };
}

function react(charger: Charger, event: ChargerEvent, moment: Moment): Step {
  switch (event.type) {
    case 'powered':
      return powered(charger, moment);
    case 'opened':
      return opened({ ...charger, link: 'open' }, moment);
    case 'closed':
      return stay({ ...charger, link: 'closed' });
    case 'answered':
      return answered(charger, event.call, event.payload, moment);
    case 'unanswered':
      return unanswered(charger, event.call, moment);
    case 'commanded':
      return obey(charger, event, moment);
    case 'woke':
      return woke(charger, event.wake, moment);
    case 'fetched':
      return upkeep.fetched(charger, event);
    case 'uploaded':
      return upkeep.uploaded(charger, event.ok);
    case 'driver-came':
      return session.driverComes(charger, event.connectorId, event.idTag, moment);
    default:
      return atConnector(charger, event.connectorId, (connector) => {
        switch (event.type) {
          case 'driver-stopped':
            return session.stop(charger, connector, { reason: 'Local' }, moment);
          case 'driver-unplugged':
            return session.unplug(charger, connector, moment);
          case 'broke':
            return session.breakDown(charger, connector, event.errorCode, moment);
          case 'repaired':
            return connector.phase.name === 'faulted' ? session.free(charger, connector, moment) : stay(charger);
        }
      });
  }
}

/** The first drivers and the first mishap of an autonomous charger. */
function powered(charger: Charger, moment: Moment): Step {
  if (!charger.autonomous) return stay(charger);
  const drivers = charger.connectors.flatMap((connector) => session.firstDriver(charger, connector, moment));
  return { charger, effects: [...drivers, nextMishap(charger, moment)] };
}

function opened(charger: Charger, moment: Moment): Step {
  if (!charger.accepted) return { charger, effects: [bootNotification(charger)] };
  return follow({ charger, effects: everyStatus(charger, moment.nowMs) }, heartbeatArmed);
}

function answered(charger: Charger, call: OutgoingCall, payload: Payload, moment: Moment): Step {
  const verdict = payload['idTagInfo'];
  const accepted = isRecord(verdict) && verdict['status'] === 'Accepted';
  switch (call.action) {
    case 'BootNotification':
      return registered(charger, payload, moment);
    case 'Authorize':
      return atVisit(charger, call, (connector) => session.authorised(charger, connector, accepted, moment));
    case 'StartTransaction': {
      const key = call.transactionKey ?? 0;
      const transactionId = Number(payload['transactionId']);
      return atVisit(charger, call, (connector) =>
        session.numbered(charger, connector, { key, transactionId, accepted }, moment),
      );
    }
    default:
      return stay(charger);
  }
}

/** Boot answered: Accepted sets the heartbeat and reports every connector; otherwise it is tried again. */
function registered(charger: Charger, payload: Payload, moment: Moment): Step {
  const intervalS = Number(payload['interval']) || 0;
  if (payload['status'] !== 'Accepted') {
    const afterMs = (intervalS || BOOT_AGAIN_AFTER_S) * 1000;
    return { charger, effects: [{ type: 'wake', wake: { kind: 'boot-again' }, afterMs }] };
  }
  const { configuration } = changeKey(charger.configuration, 'HeartbeatInterval', String(intervalS || 300));
  const accepted = { ...charger, configuration, accepted: true };
  const told = follow({ charger: accepted, effects: everyStatus(accepted, moment.nowMs) }, heartbeatArmed);
  return follow(told, upkeep.installed);
}

function unanswered(charger: Charger, call: OutgoingCall, moment: Moment): Step {
  if (call.action === 'Authorize') {
    return atVisit(charger, call, (connector) => session.badgeAgain(charger, connector, moment));
  }
  if (call.action === 'BootNotification' && charger.link === 'open') {
    return { charger, effects: [{ type: 'wake', wake: { kind: 'boot-again' }, afterMs: BOOT_AGAIN_AFTER_S * 1000 }] };
  }
  return stay(charger);
}

function woke(charger: Charger, wake: Wake, moment: Moment): Step {
  switch (wake.kind) {
    case 'heartbeat':
      if (wake.round !== charger.heartbeatRound || charger.link === 'closed') return stay(charger);
      return follow(
        { charger, effects: [{ type: 'call', call: { action: 'Heartbeat', payload: {}, keep: false } }] },
        heartbeatArmed,
      );
    case 'boot-again':
      if (charger.accepted || charger.link === 'closed') return stay(charger);
      return { charger, effects: [bootNotification(charger)] };
    case 'download':
      return upkeep.download(charger);
    case 'install':
      return upkeep.install(charger);
    case 'mishap':
      return mishap(charger, moment);
    case 'arrival':
      return atVisit(charger, wake, ({ id }) => ({ charger, effects: [{ type: 'find-driver', connectorId: id }] }));
    default:
      return atVisit(charger, wake, (connector) => wokeAtConnector(charger, connector, wake.kind, moment));
  }
}

function wokeAtConnector(
  charger: Charger,
  connector: Connector,
  kind: Exclude<Wake['kind'], 'heartbeat' | 'boot-again' | 'mishap' | 'download' | 'install' | 'arrival'>,
  moment: Moment,
): Step {
  const { phase } = connector;
  switch (kind) {
    case 'badge':
      return session.badgeShown(charger, connector, moment);
    case 'cable':
      if (phase.name !== 'awaiting-cable') return stay(charger);
      return session.begin(charger, connector, phase.idTag, moment);
    case 'cable-timeout':
      return phase.name === 'awaiting-cable' ? session.free(charger, connector, moment) : stay(charger);
    case 'watch':
      return session.watch(charger, connector, moment.nowMs);
    case 'sample':
      return session.sample(charger, connector, moment.nowMs);
    case 'leave':
      return session.driverLeaves(charger, connector, moment);
    case 'unplug':
      return phase.name === 'charging' ? stay(charger) : session.unplug(charger, connector, moment);
    case 'repair':
      return phase.name === 'faulted' ? session.free(charger, connector, moment) : stay(charger);
  }
}

/** Now and then something goes wrong: a fault, a lost link, a power cut. */
function mishap(charger: Charger, moment: Moment): Step {
  const kind = moment.chance();
  const forMs = paced(charger, 30 + around(OFFLINE_FOR_S, moment.chance));
  const again: Step = { charger, effects: [nextMishap(charger, moment)] };
  return follow(again, (now): Step => {
    if (kind < 0.4) {
      const index = Math.floor(moment.chance() * now.connectors.length);
      return atConnector(now, index + 1, (connector) => session.breakDown(now, connector, undefined, moment));
    }
    if (kind < 0.85) return { charger: now, effects: [{ type: 'drop-link', forMs, flush: false }] };
    return reset(now, 'Hard', moment);
  });
}

function nextMishap(charger: Charger, moment: Moment): Effect {
  return { type: 'wake', wake: { kind: 'mishap' }, afterMs: paced(charger, around(MISHAP_AFTER_S, moment.chance)) };
}

function everyStatus(charger: Charger, nowMs: number): Effect[] {
  const operative = charger.connectors.some((connector) => connector.operative);
  const station = {
    connectorId: 0,
    status: operative ? 'Available' : 'Unavailable',
    errorCode: 'NoError',
    nowMs,
  } as const;
  return [stationStatus(station), ...charger.connectors.map((connector) => statusNotification(connector, nowMs))];
}

/** Nothing while the link is down: after a cut only the present is told (OCPP 1.6 §4.9). */
function changedStatuses(before: Charger, after: Charger, nowMs: number): Effect[] {
  if (after.link === 'closed' || !after.accepted || !before.accepted || before.link === 'closed') return [];
  return after.connectors
    .filter((connector, index) => {
      const was = before.connectors[index];
      return was !== undefined && statusOf(was) !== statusOf(connector);
    })
    .map((connector) => statusNotification(connector, nowMs));
}

function atConnector(charger: Charger, connectorId: number, then: (connector: Connector) => Step): Step {
  const connector = connectorOf(charger, connectorId);
  return connector ? then(connector) : stay(charger);
}

function atVisit(
  charger: Charger,
  meant: { readonly connectorId?: number; readonly visit?: number },
  then: (connector: Connector) => Step,
): Step {
  return atConnector(charger, meant.connectorId ?? 0, (connector) =>
    connector.visit === meant.visit ? then(connector) : stay(charger),
  );
}

function isRecord(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
