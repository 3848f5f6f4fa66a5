import { chargePointActorId } from '#actors/charge-point/state.ts';
import { replyWith, store, type Decision, type Effect } from '#actors/decision.ts';
import { noteOf } from '#src/domain/authorisation.ts';
import { idTagKey } from '#src/domain/ids.ts';
import { plausibleEnergy } from '#src/domain/metering.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import type { AnswerToChargePoint, ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import { answerTo } from './answers.ts';
import { NO_SIGN_KEY, trust } from './doubt.ts';
import { flowByReading, flowByStatus, noFlow } from './flow.ts';
import { reportLevel } from './levels.ts';
import type {
  ConnectorReady,
  MeterMessage,
  SettleMessage,
  StartMessage,
  StatusMessage,
  StraySamples,
} from './messages.ts';
import { onResolve } from './resolve.ts';
import { heldSamples } from './samples.ts';
import { attachEnergy, closeWithoutStop, openRow, sessionEvent, settle, unplugged } from './session.ts';
import { newStartKey, startedBefore } from './starts.ts';
import { connectorActorId, freshConnector, type ConnectorState, type OpenSession } from './state.ts';
import { heldToLimits, onLimitTold, stayAlarms, stayBegun } from './stay.ts';
import { energyAfter, onStop } from './stops.ts';

/** How long after a boot an open session may stay silent before it is closed without a stop (field-07). */
export const SIGN_AFTER_BOOT_MS = 120_000;

type Known = { readonly known: SessionRow | null };
type Decided = Decision<ConnectorState>;

/** What a connector does with one message. Pure: no clock, no chance, no I/O, no throw for anything a charger may send. */
export function decide(connector: ConnectorState, message: ConnectorReady): Decided {
  const decided = decideOne(connector, message);
  return message.type === 'state' || decided.state.stay === null ? decided : heldToLimits(decided, message);
}

function decideOne(connector: ConnectorState, message: ConnectorReady): Decided {
  switch (message.type) {
    case 'status':
      return onStatus(connector, message);
    case 'start':
      return onStart(connector, message);
    case 'meter':
      return onMeter(connector, message);
    case 'stop':
      return onStop(connector, message);
    case 'booted':
      return onBooted(connector, message.atMs);
    case 'handed-over':
      return {
        state: freshConnector(connector.chargePointId, connector.connectorId),
        effects: closeOpen(connector, message.atMs).effects,
      };
    case 'no-sign-after-boot':
      return onNoSign(connector, message);
    case 'limit-due':
      return { state: connector, effects: [] };
    case 'limit-told':
      return onLimitTold(connector, message);
    case 'settle':
      return onSettle(connector, message);
    case 'resolve':
      return onResolve(connector, message);
    case 'state':
      return { state: connector, effects: [replyWith(message.replyTo, connector)] };
  }
}

function onStatus(connector: ConnectorState, message: StatusMessage): Decided {
  const { call, atMs } = message;
  const answer = answerTo(
    connector,
    message,
    { action: 'StatusNotification' },
    reportLevel(call.status, call.errorCode),
  );
  const { reported } = connector;
  const repeated =
    reported.status === call.status &&
    reported.errorCode === call.errorCode &&
    reported.info === (call.info ?? null) &&
    reported.vendorErrorCode === (call.vendorErrorCode ?? null);
  const known: ConnectorState = repeated
    ? connector
    : {
        ...connector,
        reported: {
          status: call.status,
          errorCode: call.errorCode,
          info: call.info ?? null,
          vendorErrorCode: call.vendorErrorCode ?? null,
          atMs,
        },
      };
  const toldAtMs = message.reportedAtMs ?? atMs;
  if (known.use.phase === 'free') {
    const left = call.status === 'Available' ? leave(known, toldAtMs) : { state: known, effects: [] };
    return { state: left.state, effects: [...left.effects, answer] };
  }
  switch (call.status) {
    case 'Available': {
      // Kept offline since before this session began, it tells nothing of it.
      if (toldAtMs < known.use.session.startedAtMs && message.reportedAtMs !== null)
        return { state: connector, effects: [answer] };
      // Nobody is plugged in: whatever was open here has ended, though its stop has not come (field-07).
      const closed = closeOpen(flowing(known, reported.status, toldAtMs), atMs);
      const left = leave(closed.state, toldAtMs);
      return { state: left.state, effects: [...closed.effects, ...left.effects, answer] };
    }
    case 'Charging':
    case 'SuspendedEV':
    case 'SuspendedEVSE': {
      const sure = trust(flowing(known, reported.status, toldAtMs));
      return { state: sure.state, effects: [...sure.effects, answer] };
    }
    default:
      return { state: flowing(known, reported.status, toldAtMs), effects: [answer] };
  }
}

/** Counts current until a status changes. A repeated one changes nothing, and nothing is written for it. */
function flowing(connector: ConnectorState, before: ChargePointStatus | null, atMs: number): ConnectorState {
  const { use, reported } = connector;
  if (use.phase === 'free' || before === reported.status) return connector;
  const flow = flowByStatus(use.session.flow, { atMs, before, now: reported.status });
  return flow === use.session.flow ? connector : { ...connector, use: { ...use, session: { ...use.session, flow } } };
}

/** The connector is free: whatever vehicle stood there has left (REC-04). */
function leave(connector: ConnectorState, atMs: number): Decided {
  const { parked } = connector;
  if (parked === null) return { state: connector, effects: [] };
  return { state: { ...connector, parked: null }, effects: [unplugged(parked, atMs)] };
}

function onStart(connector: ConnectorState, message: StartMessage & Known): Decided {
  const { call, authorisation } = message;
  const again = startedBefore(connector, message);
  if (again !== null) {
    // A start that was sent again gets its first verdict: anything else makes some boxes stop the car (field-02).
    const answer = startAnswer(again.transactionId, again.verdict as StartVerdict, null);
    return { state: connector, effects: [answerTo(connector, message, answer, 'info', 'repeated')] };
  }
  const session: OpenSession = {
    transactionId: message.transactionId,
    startKey: newStartKey(connector, message),
    idTag: call.idTag,
    driver: authorisation.driver,
    walletId: authorisation.walletId,
    verdict: authorisation.verdict,
    freeService: authorisation.freeService,
    startedAtMs: message.startedAtMs,
    meterStartWh: call.meterStart,
    energyWh: 0,
    powerW: null,
    socPercent: null,
    lastSampleAtMs: null,
    energyPriceMillsPerKwh: message.terms.energyPriceMillsPerKwh,
    powerMaxW: message.terms.powerMaxW,
    flow: noFlow(message.startedAtMs),
  };
  const level = authorisation.verdict === 'Accepted' ? 'info' : 'problem';
  const answer = startAnswer(session.transactionId, authorisation.verdict, authorisation.expiresAtMs);
  const { allowance } = authorisation;
  const counted: readonly Effect[] =
    allowance === undefined || authorisation.verdict !== 'Accepted'
      ? []
      : [store({ type: 'unregistered-charge', companyId: allowance.companyId, key: idTagKey(call.idTag) })];
  const opening: Effect[] = [
    { type: 'store', row: { type: 'session', session: openRow(connector, session) } },
    ...counted,
    answerTo(connector, message, answer, level, noteOf(allowance)),
  ];
  const { use } = connector;
  if (use.phase === 'charging' && use.session.startedAtMs > session.startedAtMs) {
    // An older session that was kept offline: the one that is open is newer and stays; this one waits for its stop.
    return { state: connector, effects: [...opening, ...closeWithoutStop(connector, session, message.atMs)] };
  }
  const closed = closeOpen(connector, message.atMs);
  const stay = stayBegun(session, message.terms.limits, message.atMs);
  return {
    // When a vehicle before it left, nobody told.
    state: { ...closed.state, use: { phase: 'charging', session, doubtedSinceMs: null }, parked: null, stay },
    effects: [...closed.effects, ...opening, ...stayAlarms(connector.stay, stay)],
  };
}

function onMeter(connector: ConnectorState, message: MeterMessage & Known): Decided {
  const { call, known } = message;
  const { use } = connector;
  const named = call.transactionId;
  if (use.phase === 'charging' && (named === null || named === use.session.transactionId)) {
    return sampled(connector, use.session, message);
  }
  const isNobodys = named !== null && known === null;
  const note = isNobodys ? 'unmatched-transaction' : null;
  const answer = answerTo(connector, message, { action: 'MeterValues' }, 'debug', note);
  if (isNobodys) return { state: connector, effects: [...stray(connector, message, named), answer] };
  if (known === null || known.chargePointId !== connector.chargePointId) return { state: connector, effects: [answer] };
  if (known.connectorId !== connector.connectorId) {
    // Values under the wrong connector: they belong where the transaction is (field-38).
    const { type, call: values, sampledAtMs, atMs } = message;
    const moved = {
      type,
      call: { ...values, connectorId: known.connectorId },
      sampledAtMs,
      atMs,
      tolerated: [],
      frame: null,
      from: null,
    };
    return {
      state: connector,
      effects: [answer, { type: 'tell', to: connectorActorId(known.chargePointId, known.connectorId), message: moved }],
    };
  }
  if (known.closing !== 'provisional') return { state: connector, effects: [answer] };
  const energyWh = energyAfter(known, call.samples);
  return {
    state: connector,
    effects:
      energyWh > known.energyWh
        ? [...attachEnergy(known, { energyWh, sampledAtMs: message.sampledAtMs, atMs: message.atMs }), answer]
        : [answer],
  };
}

/** What they tell is kept until the stop of their transaction comes, for a person to see (field-03); not in a flood. */
function stray(connector: ConnectorState, message: MeterMessage, transactionId: number): Effect[] {
  const { chargePointId, connectorId } = connector;
  const samples = message.frame === null ? null : heldSamples(message);
  if (samples === null) return [];
  const told: StraySamples = { type: 'stray-samples', connectorId, transactionId, samples, atMs: message.atMs };
  return [{ type: 'tell', to: chargePointActorId(chargePointId), message: told }];
}

function sampled(connector: ConnectorState, session: OpenSession, message: MeterMessage): Decided {
  const energyWh = energyAfter(session, message.call.samples);
  const durationMs = message.sampledAtMs - session.startedAtMs;
  const plausible = plausibleEnergy({ energyWh, durationMs, powerMaxW: session.powerMaxW });
  const last = message.call.samples.at(-1);
  const next: OpenSession = {
    ...session,
    energyWh: plausible ? energyWh : session.energyWh,
    powerW: last?.powerW ?? session.powerW,
    socPercent: last?.socPercent ?? session.socPercent,
    lastSampleAtMs: message.sampledAtMs,
    flow: flowByReading(session.flow, {
      atMs: message.sampledAtMs,
      status: connector.reported.status,
      powerW: last?.powerW,
      grew: energyWh > session.energyWh,
    }),
  };
  const sure = trust(connector);
  const note = plausible ? null : 'implausible-energy';
  return {
    state: { ...sure.state, use: { phase: 'charging', session: next, doubtedSinceMs: null } },
    effects: [
      ...sure.effects,
      answerTo(connector, message, { action: 'MeterValues' }, plausible ? 'debug' : 'problem', note),
    ],
  };
}

function onBooted(connector: ConnectorState, atMs: number): Decided {
  const { use } = connector;
  if (use.phase === 'free') return { state: connector, effects: [] };
  const dueMs = atMs + SIGN_AFTER_BOOT_MS;
  const { transactionId } = use.session;
  return {
    state: { ...connector, use: { ...use, doubtedSinceMs: atMs } },
    effects: [
      { type: 'wake', key: NO_SIGN_KEY, atMs: dueMs, message: { type: NO_SIGN_KEY, transactionId, atMs: dueMs } },
    ],
  };
}

function onNoSign(connector: ConnectorState, message: { transactionId: number; atMs: number }): Decided {
  const { use } = connector;
  if (use.phase === 'free' || use.doubtedSinceMs === null || use.session.transactionId !== message.transactionId) {
    return { state: connector, effects: [] };
  }
  return closeOpen(connector, message.atMs);
}

function onSettle(connector: ConnectorState, message: SettleMessage & Known): Decided {
  const { known } = message;
  if (known === null || known.closing !== 'provisional' || known.price !== null)
    return { state: connector, effects: [] };
  return {
    state: connector,
    effects: [
      ...settle(known, { frame: null, atMs: message.atMs, reviews: [], cause: null }),
      sessionEvent(known, { name: 'settled-without-stop', level: 'info', atMs: message.atMs, frame: null }),
    ],
  };
}

/** Frees the connector; an open session is closed with what is known of it. */
function closeOpen(connector: ConnectorState, atMs: number): Decided {
  if (connector.use.phase === 'free') return { state: connector, effects: [] };
  const sure = trust(connector);
  return {
    state: { ...sure.state, use: { phase: 'free' }, parked: connector.use.session.transactionId },
    effects: [...sure.effects, ...closeWithoutStop(connector, connector.use.session, atMs)],
  };
}

type StartVerdict = StartMessage['authorisation']['verdict'];
function startAnswer(transactionId: number, status: StartVerdict, expiresAtMs: number | null): AnswerToChargePoint {
  const expiry = expiresAtMs === null ? {} : { expiryDate: new Date(expiresAtMs).toISOString() };
  return { action: 'StartTransaction', transactionId, idTagInfo: { status, ...expiry } };
}
