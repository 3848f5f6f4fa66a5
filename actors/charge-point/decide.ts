import { replyWith, type Decision, type Effect } from '#actors/decision.ts';
import type { WireFault } from '#src/wire/ocpp/messages.ts';
import type { ChargePointDetail, CommandView, Transfer } from './messages.ts';
import { onAddress } from './sending.ts';
import { onCall } from './calls.ts';
import { save, saveFailed } from './command-lines.ts';
import {
  onAnswered,
  onCallError,
  onHeard,
  onMeasureDue,
  onNoAnswer,
  onNoOutcome,
  onRequest,
  onUnreachable,
} from './commands.ts';
import { onForceKey, onKeysDue } from './forced-keys.ts';
import { onHeldBy } from './holder.ts';
import { onBootWaited, onLinkDown, onLinkMoved, onLinkUp } from './links.ts';
import { counted, withLive, type ChargePointReady, type ChargePointState, type ReadyQuery } from './state.ts';
import { forcedViews } from './outcomes.ts';
import { onLimitReached } from './stay-limits.ts';
import { withStray } from './strays.ts';
import { onTransfer } from './transfers.ts';
import { timesOf } from './quirks.ts';
import { onResolve } from './twins.ts';
import { onExpired, onWithdraw } from './waiting.ts';

/** What a charge point does with one message. Pure: no clock, no chance, no I/O, no throw for anything a charger may send. */
export function decide(state: ChargePointState, message: ChargePointReady): Decision<ChargePointState> {
  const decision = decideOne(state, message);
  const { live, durable } = decision.state;
  if (live.orphans.length === 0 || durable === state.durable || message.type === 'view') return decision;
  // The snapshot that is written now holds the end of these commands: their own rows and the journal must say it too.
  const told = live.orphans.flatMap((command) =>
    command.phase === 'failed' ? saveFailed(state, command, message.atMs) : [save(state, command)],
  );
  return { state: withLive(decision.state, { orphans: [] }), effects: [...decision.effects, ...told] };
}

function decideOne(state: ChargePointState, message: ChargePointReady): Decision<ChargePointState> {
  switch (message.type) {
    case 'call':
      return onHeard(onCall(state, message), message);
    case 'bad-frame':
      return {
        state: counted(state, isReadable(message.fault) ? [] : ['bad-frame'], message.atMs),
        effects: [refused(state, message)],
      };
    case 'flood':
      return { state, effects: [flooded(state, message)] };
    case 'held-by':
      return onHeldBy(state, message);
    case 'link-up':
      return onLinkUp(state, message);
    case 'link-moved':
      return onLinkMoved(state, message);
    case 'link-down':
      return onLinkDown(state, message);
    case 'boot-waited':
      return onBootWaited(state, message);
    case 'answered':
      return onAnswered(state, message);
    case 'call-error':
      return onCallError(state, message);
    case 'unreachable':
      return onUnreachable(state, message);
    case 'command':
      return onRequest(state, message);
    case 'limit-reached':
      return onLimitReached(state, message);
    case 'stray-samples':
      return { state: withStray(state, message), effects: [] };
    case 'transfer':
      return onTransfer(state, message);
    case 'resolve':
      return onResolve(state, message);
    case 'no-answer':
      return onNoAnswer(state, message);
    case 'measure-due':
      return onMeasureDue(state, message);
    case 'no-outcome':
      return onNoOutcome(state, message);
    case 'address-due':
      return onAddress(state, message);
    case 'withdraw':
      return onWithdraw(state, message);
    case 'expired':
      return onExpired(state, message);
    case 'force-key':
      return onForceKey(state, message);
    case 'keys-due':
      return onKeysDue(state, message);
    case 'view':
      return { state, effects: [replyWith(message.replyTo, detailOf(state, message))] };
  }
}

/** An action that we do not know, or do not serve, comes in a frame without fault. */
function isReadable({ code }: WireFault): boolean {
  return code === 'NotImplemented' || code === 'NotSupported';
}

function refused(state: ChargePointState, message: Extract<ChargePointReady, { type: 'bad-frame' }>): Effect {
  const { from, fault, frame, atMs } = message;
  const draft = {
    atMs,
    chargePointId: state.chargePointId,
    connectorId: null,
    level: 'problem',
    kind: 'frame-in',
    name: 'bad-frame',
    request: frame,
    note: `${fault.code}: ${fault.detail}`.slice(0, 300),
  } as const;
  return { type: 'refuse-call', to: from, fault, draft };
}

/** One alert for a whole flood (field-37). */
function flooded(state: ChargePointState, message: { calls: number; atMs: number }): Effect {
  const { chargePointId } = state;
  const note = `${message.calls} calls`;
  const quiet = { connectorId: null, request: null, answer: null } as const;
  return {
    type: 'store',
    row: {
      type: 'event',
      event: { ...quiet, atMs: message.atMs, chargePointId, level: 'problem', kind: 'link', name: 'flood', note },
    },
  };
}

function detailOf(state: ChargePointState, { station, way = null }: ReadyQuery): ChargePointDetail {
  const { durable, live } = state;
  const { boot } = durable;
  return {
    chargePointId: state.chargePointId,
    serialNumber: boot?.chargePointSerialNumber ?? null,
    chargeBoxSerialNumber: boot?.chargeBoxSerialNumber ?? null,
    meterSerialNumber: boot?.meterSerialNumber ?? null,
    meterType: boot?.meterType ?? null,
    iccid: boot?.iccid ?? null,
    imsi: boot?.imsi ?? null,
    bootedAtMs: durable.bootedAtMs,
    remoteAddress: live.link?.remoteAddress ?? null,
    linkedSinceMs: live.link?.sinceMs ?? null,
    calledAs: live.link?.calledAs ?? null,
    security: live.link?.security ?? null,
    protocol: live.protocol,
    unreachable: live.unreachable,
    callable: live.link === null && way !== null,
    clockOffsetMs: live.clockOffsetMs,
    firmwareStatus: durable.firmwareStatus,
    diagnosticsStatus: durable.diagnosticsStatus,
    told: durable.told,
    spokenOf: durable.connectors,
    tolerated: timesOf(live.editions),
    configuration: durable.configuration,
    forced: forcedViews(state, station),
    commands: durable.commands.map((one) => withTransfer(one, live.transfers[one.commandId])),
  };
}

function withTransfer(command: CommandView, transfer: Transfer | undefined): CommandView {
  return transfer === undefined ? command : { ...command, transfer };
}
