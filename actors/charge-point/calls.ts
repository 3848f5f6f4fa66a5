import { connectorActorId } from '#actors/connector/state.ts';
import { reportLevel } from '#actors/connector/levels.ts';
import type { ConnectorMessage, Received } from '#actors/connector/messages.ts';
import type { Decision, Effect } from '#actors/decision.ts';
import {
  CLOCK_TOLERANCE_MS,
  CLOCK_WARNING_MS,
  correctedMs,
  measuredOffsets,
  offsetOf,
} from '#src/domain/clock-offset.ts';
import { noteOf } from '#src/domain/authorisation.ts';
import { idTagKey } from '#src/domain/ids.ts';
import type {
  BootNotification,
  DataTransfer,
  IdTagInfo,
  MeterValues,
  StatusNotification,
  StopTransaction,
  Timestamp,
} from '#src/wire/ocpp/messages.ts';
import { answerTo, utc } from './answering.ts';
import { hostOf, serialOf, withBox } from './boxes.ts';
import { onSignCertificate } from './certificate.ts';
import { onFileStatus, securityLevel } from './notices.ts';
import type { Sign } from './command-steps.ts';
import { onFlow, onSign } from './commands.ts';
import { sendNext } from './sending.ts';
import { inForce } from './configuration.ts';
import { keysLater } from './forced-keys.ts';
import { rebooted } from './links.ts';
import { afterBoot } from './outcomes.ts';
import { editionOf, named } from './quirks.ts';
import { standInsGone } from './profile-climb.ts';
import { layDownAgain } from './standing.ts';
import { strayEnded, strayOf } from './strays.ts';
import { onNewVersion } from './transfers.ts';
import { duplicateIdentity, linkEvent, oneMoreTakeover, recentTakeovers, TAKEOVERS_MAX } from './twins.ts';
import { counted, withDurable, withLive, type ChargePointState, type ReadyCall } from './state.ts';

/** OCP-16: every charger is told to beat every 15 minutes. In seconds, as on the wire. */
export const HEARTBEAT_INTERVAL_S = 900;
/** A charger has 1 to 4 points of 1 to 6 outlets (MOD-03, MOD-04); numbers beyond that are noise. */
export const CONNECTORS_MAX = 24;
/** LafonPulse, and what a kit tells by it: of itself, and of each of its points. */
const KIT_VENDOR = 'LafonPulse';
const KIT_FACTS: ReadonlySet<string> = new Set(['kit', 'point/1', 'point/2', 'point/3', 'point/4']);
/** How long a reconnected box may take to send the statuses that it had kept. */
const KEPT_GONE_MS = 300_000;
/** Private use (RFC 6455 §7.4.2): another box owns this identity. */
const NOT_YOURS = 4001;

type Decided = Decision<ChargePointState>;

/** A call of the charger: what concerns one connector goes to it, the rest is answered here. */
export function onCall(before: ChargePointState, message: ReadyCall): Decided {
  const { call, atMs } = message;
  const boot = call.action === 'BootNotification' ? call : before.durable.boot;
  const state = counted(before, message.tolerated, atMs, boot);
  switch (call.action) {
    case 'Heartbeat':
      return {
        state,
        effects: [
          { ...answerTo(state, message, { action: 'Heartbeat', currentTime: utc(atMs) }, 'debug'), lazy: true },
        ],
      };
    case 'BootNotification':
      return onBoot(state, message, call);
    case 'StatusNotification':
      return onStatus(state, message, call);
    case 'Authorize':
      return onAuthorize(state, message);
    case 'StartTransaction':
      return onStart(state, message);
    case 'MeterValues':
      return onMeterValues(state, message, call);
    case 'StopTransaction':
      return onStop(state, message, call);
    case 'DataTransfer':
      return onDataTransfer(state, message, call);
    case 'FirmwareStatusNotification':
    case 'SignedFirmwareStatusNotification':
    case 'DiagnosticsStatusNotification':
    case 'LogStatusNotification':
      return onFileStatus(state, message, call);
    case 'SecurityEventNotification':
      return { state, effects: [answerTo(state, message, { action: call.action }, securityLevel(call.type))] };
    case 'SignCertificate':
      return onSignCertificate(state, message, (now, answer, level, note) =>
        answerTo(now, message, answer, level, note),
      );
  }
}

function onBoot(state: ChargePointState, message: ReadyCall, call: BootNotification): Decided {
  const { atMs, facts } = message;
  const { action: _action, ...boot } = call;
  const serial = serialOf(boot);
  const previous = serialOf(state.durable.boot);
  const another = serial !== null && previous !== null && serial !== previous;
  const takeovers = another ? oneMoreTakeover(state, atMs) : recentTakeovers(state, atMs);
  // Coming in from elsewhere is one takeover already.
  const isCalm = recentTakeovers(state, atMs).length <= 1;
  const boxes = withBox(state.durable.boxes, serial, atMs, isCalm);
  const registered = facts?.about === 'boot' ? facts.registeredSerial : null;
  const owner = registered ?? hostOf(boxes, serial, atMs);
  const taken = withLive(withDurable(state, { boxes }), { takeovers });
  const { state: contested, effects: alarms } =
    another && takeovers.length >= TAKEOVERS_MAX ? duplicateIdentity(taken, atMs) : { state: taken, effects: [] };
  if (
    takeovers.length >= TAKEOVERS_MAX &&
    owner !== null &&
    serial !== owner &&
    message.from.linkId === state.live.link?.linkId
  ) {
    // Two boxes fight over one identity, and this one has not the serial number that was declared or learnt (field-10).
    const no = answerTo(
      contested,
      message,
      { action: 'BootNotification', status: 'Rejected', currentTime: utc(atMs), interval: HEARTBEAT_INTERVAL_S },
      'critical',
    );
    return {
      state: contested,
      effects: [
        ...alarms,
        no,
        { type: 'close-link', linkId: message.from.linkId, code: NOT_YOURS, why: 'identity of another charge point' },
      ],
    };
  }
  const loop = rebooted(contested, atMs);
  // The answer holds our time: a charger sets its clock by it, and is measured anew.
  const editions = named(loop.state.live.editions, editionOf(boot));
  const unmeasured = withLive(loop.state, { clockOffsetMs: null, clockMeasuresMs: [], editions });
  const renewed = onNewVersion(unmeasured, boot.firmwareVersion, atMs);
  const booted = withDurable(renewed.state, {
    boot,
    bootedAtMs: atMs,
    configuration: inForce(state.durable.configuration),
    outcomes: afterBoot(state.durable.outcomes),
  });
  const yes = answerTo(
    booted,
    message,
    { action: 'BootNotification', status: 'Accepted', currentTime: utc(atMs), interval: HEARTBEAT_INTERVAL_S },
    'info',
  );
  const told: Effect[] = state.durable.connectors.map((connectorId) =>
    tell(state, connectorId, { type: 'booted', atMs }),
  );
  // The answer goes first, then what was held back for it (field-12).
  const sent = sendNext(ready(booted, message.from.linkId), atMs);
  const again = layDownAgain(sent.state, atMs);
  const keys = keysLater({ linkId: message.from.linkId, booted: true, atMs });
  return {
    state: again.state,
    effects: [...alarms, ...loop.effects, yes, ...told, ...renewed.effects, ...sent.effects, ...again.effects, keys],
  };
}

function onStatus(before: ChargePointState, message: ReadyCall, call: StatusNotification): Decided {
  const clock = measured(before, call.timestamp, { atMs: message.atMs, live: call.kept !== true });
  const { state } = clock;
  const { from, frame, tolerated, atMs } = message;
  const { status, errorCode, connectorId } = call;
  if (connectorId === 0) {
    const same = state.durable.status === status && state.durable.errorCode === errorCode;
    const next = same ? state : withDurable(state, { status, errorCode });
    return {
      state: next,
      effects: [
        ...clock.effects,
        answerTo(next, message, { action: 'StatusNotification' }, reportLevel(status, errorCode)),
      ],
    };
  }
  if (connectorId > CONNECTORS_MAX) {
    return {
      state,
      effects: [
        ...clock.effects,
        answerTo(state, message, { action: 'StatusNotification' }, 'problem', 'connector-out-of-range'),
      ],
    };
  }
  const known = withConnector(state, connectorId);
  const { clockOffsetMs: offsetMs } = state.live;
  const chargerMs = call.timestamp?.ms ?? null;
  const reportedAtMs = offsetMs === null ? null : correctedMs({ chargerMs, offsetMs, receivedAtMs: message.atMs });
  const signed =
    status === 'Preparing' ? onSign(known, { seen: 'plugged', connectorId }, atMs) : { state: known, effects: [] };
  return {
    state: signed.state,
    effects: [
      ...clock.effects,
      tell(known, connectorId, { type: 'status', from, frame, tolerated, atMs, call, reportedAtMs }),
      ...signed.effects,
    ],
  };
}

/** Kits tell so of what OCPP has no words for; nobody else's transfers mean anything to us. */
function onDataTransfer(
  state: ChargePointState,
  message: ReadyCall,
  { vendorId, messageId, data }: DataTransfer,
): Decided {
  const isKept = vendorId === KIT_VENDOR && messageId !== undefined && KIT_FACTS.has(messageId) && data !== undefined;
  if (!isKept) {
    const status = vendorId === KIT_VENDOR ? 'UnknownMessageId' : 'UnknownVendorId';
    return { state, effects: [answerTo(state, message, { action: 'DataTransfer', status }, 'info')] };
  }
  const { told } = state.durable;
  const next = told[messageId] === data ? state : withDurable(state, { told: { ...told, [messageId]: data } });
  return { state: next, effects: [answerTo(next, message, { action: 'DataTransfer', status: 'Accepted' }, 'debug')] };
}

function onAuthorize(state: ChargePointState, message: ReadyCall): Decided {
  const { call, facts, atMs } = message;
  if (call.action !== 'Authorize' || facts?.about !== 'authorize') return { state, effects: [] };
  const { verdict, expiresAtMs, allowance } = facts.authorisation;
  const idTagInfo: IdTagInfo = { status: verdict, ...(expiresAtMs === null ? {} : { expiryDate: utc(expiresAtMs) }) };
  const accepted = verdict === 'Accepted';
  const signed = onSign(state, { seen: 'authorised', idTag: call.idTag, accepted }, atMs);
  return {
    state: signed.state,
    effects: [
      answerTo(state, message, { action: 'Authorize', idTagInfo }, accepted ? 'info' : 'problem', noteOf(allowance)),
      ...signed.effects,
    ],
  };
}

function onStart(before: ChargePointState, message: ReadyCall): Decided {
  const { call, facts, atMs } = message;
  if (call.action !== 'StartTransaction' || facts?.about !== 'start') return { state: before, effects: [] };
  const clock = measured(before, call.timestamp, { atMs, live: false });
  const { state } = clock;
  const connectorId = connectorWithin(call.connectorId);
  const { authorisation, transactionId, terms } = facts;
  const known = withConnector(state, connectorId);
  const tagged = withTag(known, connectorId, idTagKey(call.idTag));
  const sign: Sign = {
    seen: 'started',
    connectorId,
    idTag: call.idTag,
    accepted: authorisation.verdict === 'Accepted',
  };
  const signed = onSign(tagged, sign, atMs);
  const startedAtMs = correctedMs({
    chargerMs: call.timestamp.ms,
    offsetMs: state.live.clockOffsetMs,
    receivedAtMs: atMs,
  });
  const start: ConnectorMessage = {
    type: 'start',
    ...received(message),
    call,
    startedAtMs,
    transactionId,
    authorisation,
    terms,
  };
  return { state: signed.state, effects: [...clock.effects, tell(state, connectorId, start), ...signed.effects] };
}

function onMeterValues(state: ChargePointState, message: ReadyCall, call: MeterValues): Decided {
  const { from, frame, tolerated, atMs } = message;
  const { connectors } = state.durable;
  // Connector 0 is the main meter of the box; when the box has one connector it is that one's (field-38).
  const connectorId = call.connectorId === 0 && connectors.length === 1 ? connectors[0] : call.connectorId;
  if (connectorId === undefined || connectorId === 0 || connectorId > CONNECTORS_MAX) {
    return { state, effects: [answerTo(state, message, { action: 'MeterValues' }, 'debug')] };
  }
  const chargerMs = call.samples.at(-1)?.timestamp.ms ?? null;
  const sampledAtMs = correctedMs({ chargerMs, offsetMs: state.live.clockOffsetMs, receivedAtMs: atMs });
  const known = withConnector(state, connectorId);
  // Field by field, as everything that comes with every call: a spread would cost more than all the rest of this.
  const told = tell(known, connectorId, { type: 'meter', from, frame, tolerated, atMs, call, sampledAtMs });
  if (Object.keys(known.live.climbs).length === 0) return { state: known, effects: [told] };
  const flow = onFlow(known, { connectorId, samples: call.samples, offsetMs: state.live.clockOffsetMs, atMs });
  return { state: flow.state, effects: [told, ...flow.effects] };
}

function onStop(state: ChargePointState, message: ReadyCall, call: StopTransaction): Decided {
  const { facts, atMs } = message;
  const ended = facts?.about === 'stop' ? facts.ended : null;
  const stray = strayOf(state, call);
  const connectorId = ended?.connectorId ?? stray?.connectorId ?? likelyConnector(state, call);
  const told = stray === undefined ? state : strayEnded(state, stray);
  const known = withConnector(told, connectorId);
  const stoppedAtMs = correctedMs({
    chargerMs: call.timestamp.ms,
    offsetMs: state.live.clockOffsetMs,
    receivedAtMs: atMs,
  });
  const signed =
    call.transactionId === null
      ? { state: known, effects: [] }
      : onSign(known, { seen: 'stopped', transactionId: call.transactionId }, atMs);
  const samples = stray === undefined ? {} : { samples: stray.samples };
  const stop = tell(state, connectorId, { type: 'stop', ...received(message), call, stoppedAtMs, ...samples });
  const endedId = ended?.transactionId ?? call.transactionId;
  const cleared = endedId === null ? signed.state : standInsGone(signed.state, endedId);
  if (cleared === signed.state) return { state: cleared, effects: [stop, ...signed.effects] };
  const sent = sendNext(cleared, atMs);
  return { state: sent.state, effects: [stop, ...signed.effects, ...sent.effects] };
}

/** A stop names no connector. When no session on disk is its own, it goes where its badge last started (field-03, field-04). */
function likelyConnector(state: ChargePointState, call: StopTransaction): number {
  const { lastTags } = state.live;
  const tag = call.idTag === undefined ? null : idTagKey(call.idTag);
  const tagged = state.durable.connectors.find((connectorId) => tag !== null && lastTags[connectorId] === tag);
  const started = state.durable.connectors.find((connectorId) => lastTags[connectorId] !== undefined);
  return tagged ?? started ?? state.durable.connectors[0] ?? 1;
}

/**
 * The charger's clock, told by a message of now; one warning per link when it is far off (field-20). What was kept
 * offline looks like a slow clock: only a `live` message can prove one, and any can prove the opposite.
 */
function measured(
  state: ChargePointState,
  timestamp: Timestamp | undefined,
  { atMs, live }: { atMs: number; live: boolean },
): Decided {
  const clockMeasuresMs = measuredOffsets(state.live.clockMeasuresMs, timestamp?.ms ?? null, atMs);
  if (clockMeasuresMs === state.live.clockMeasuresMs) return { state, effects: [] };
  const clockOffsetMs = offsetOf(clockMeasuresMs);
  const slow = clockOffsetMs !== null && clockOffsetMs < -CLOCK_TOLERANCE_MS;
  if (slow && !(live && sendsLive(state, atMs))) return { state, effects: [] };
  const far = clockOffsetMs !== null && Math.abs(clockOffsetMs) > CLOCK_WARNING_MS;
  const warn = far && !state.live.clockWarned;
  const event = linkEvent(state, {
    name: 'clock-skew',
    level: 'problem',
    atMs,
    note: `${Math.round((clockOffsetMs ?? 0) / 1000)} s`,
  });
  return {
    state: withLive(state, { clockOffsetMs, clockMeasuresMs, clockWarned: state.live.clockWarned || far }),
    effects: warn ? [event] : [],
  };
}

/** Has what was kept while there was no link gone out by now? A newcomer has kept nothing. */
function sendsLive(state: ChargePointState, atMs: number): boolean {
  const { link, newcomer } = state.live;
  return newcomer || (link !== null && atMs - link.sinceMs >= KEPT_GONE_MS);
}

function ready(state: ChargePointState, linkId: number): ChargePointState {
  const { link } = state.live;
  return link === null || link.linkId !== linkId || link.ready
    ? state
    : withLive(state, { link: { ...link, ready: true } });
}

function withConnector(state: ChargePointState, connectorId: number): ChargePointState {
  const { connectors } = state.durable;
  if (connectors.includes(connectorId)) return state;
  return withDurable(state, { connectors: [...connectors, connectorId].toSorted((a, b) => a - b) });
}

function withTag(state: ChargePointState, connectorId: number, tag: string): ChargePointState {
  const { lastTags } = state.live;
  return lastTags[connectorId] === tag ? state : withLive(state, { lastTags: { ...lastTags, [connectorId]: tag } });
}

/** A transaction always has a connector above 0 (OCPP 1.6 §6.45); what says otherwise means the first. */
function connectorWithin(connectorId: number): number {
  return connectorId >= 1 && connectorId <= CONNECTORS_MAX ? connectorId : 1;
}

function received(message: ReadyCall): Received {
  const { from, frame, tolerated, atMs } = message;
  return { from, frame, tolerated, atMs };
}

function tell(state: ChargePointState, connectorId: number, message: ConnectorMessage): Effect {
  return { type: 'tell', to: connectorActorId(state.chargePointId, connectorId), message };
}
