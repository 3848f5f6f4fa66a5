import type { Decision, Effect } from '#actors/decision.ts';
import type { WantedFile } from '#src/storage/files-port.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { save, sentLine } from './command-lines.ts';
import { advanced } from './command-steps.ts';
import { sendErrand } from './errands.ts';
import { commandOf, remember } from './kept-commands.ts';
import type { CommandCause, CommandView } from './messages.ts';
import { passwordRow } from './password.ts';
import { answerMs } from './patience.ts';
import { climbBegun, superseded } from './profile-climb.ts';
import { shownCall } from './secrets.ts';
import { chargePointActorId, withLive, type Alarm, type ChargePointState, type ReadyAddress } from './state.ts';
import { expiryGone, letGo } from './waiting.ts';
import { wayOut } from './way.ts';

type Decided = Decision<ChargePointState>;
type FileCommand = CommandView & { readonly file: WantedFile };

/**
 * Where this charger, and it alone, fetches or leaves a file for a command; null when there is none any more. The address
 * is as good as its key, which is told this once.
 */
export type Offer = (of: {
  readonly commandId: string;
  readonly chargePointId: string;
  readonly file: WantedFile;
  /** `host` or `host:port` by which the charger calls us; null: not known. */
  readonly calledAs: string | null;
  /** The charger is told not to move it earlier; epoch ms, 0 for at once. */
  readonly notBeforeMs: number;
}) => Promise<string | null>;

/** The next call leaves when the link is ready and no other call of ours waits there (OCPP-J 1.6 §4.1.1). */
export function sendNext(state: ChargePointState, atMs: number): Decided {
  const { inFlight, waiting } = state.live;
  const [commandId, ...rest] = waiting;
  const linkId = wayOut(state);
  if (linkId === null || inFlight !== null) return { state, effects: [] };
  if (commandId === undefined || isErrandUrgent(state))
    return sendErrand(state, { linkId, atMs, answerMs: answerMs(state) });
  const command = commandOf(state, commandId);
  if (command === null) return sendNext(withLive(state, { waiting: rest }), atMs);
  if (isOver(command, atMs)) return droppedFirst(state, command, 'expired', atMs);
  if (command.file === undefined) return sendFirst(state, command, state.live.unshown[commandId], linkId, atMs);
  // Its address is asked for now, and not when it was asked for: days may lie between.
  const to = chargePointActorId(state.chargePointId);
  return { state, effects: [{ type: 'tell', to, message: { type: 'address-due', commandId, atMs } }] };
}

/** The command whose address is asked for now; null when it is not its turn any more. */
export function addressee(state: ChargePointState, commandId: string): FileCommand | null {
  const { inFlight, waiting } = state.live;
  if (waiting[0] !== commandId || inFlight !== null || wayOut(state) === null || isErrandUrgent(state)) return null;
  const command = commandOf(state, commandId);
  return command?.file === undefined ? null : (command as FileCommand);
}

/** The address of a file is there: its command leaves with it. */
export function onAddress(state: ChargePointState, { commandId, address, atMs }: ReadyAddress): Decided {
  const command = addressee(state, commandId);
  const linkId = wayOut(state);
  if (command === null || linkId === null || isOver(command, atMs)) return sendNext(state, atMs);
  if (address === null) return droppedFirst(state, command, 'file-gone', atMs);
  const call = withAddress(command, address, atMs);
  return sendFirst(state, { ...command, call: shownCall(call) }, call, linkId, atMs);
}

/** The earliest that the charger may fetch what this is about, by what it is told; 0: at once. Epoch ms. */
export function notBeforeMs({ call }: CommandView): number {
  const told =
    call.action === 'UpdateFirmware'
      ? call.retrieveDate
      : call.action === 'SignedUpdateFirmware'
        ? call.firmware.retrieveDateTime
        : '';
  return Date.parse(told) || 0;
}

/** `hidden`: the call as it leaves, where the command shows less of it. */
function sendFirst(
  state: ChargePointState,
  command: CommandView,
  hidden: CallToChargePoint | undefined,
  linkId: number,
  atMs: number,
): Decided {
  const { commandId } = command;
  const sent = advanced(command, 'sent', atMs);
  const { [commandId]: _, ...unshown } = state.live.unshown;
  const { state: newest, older } = superseded(state, command.call, atMs);
  const climb = climbBegun(newest, command, atMs);
  const climbs = climb === null ? newest.live.climbs : { ...newest.live.climbs, [commandId]: climb };
  const waiting = state.live.waiting.slice(1);
  const next = withLive(remember(newest, sent), { waiting, inFlight: commandId, unshown, climbs });
  const shown = climb?.ladder[0] ?? command.call;
  const call = hidden ?? shown;
  const draft = sentLine(state, command, atMs);
  const alarm: Alarm = { type: 'no-answer', commandId, atMs: atMs + answerMs(state) };
  const effects: Effect[] = [
    ...older.map((one) => save(state, one)),
    save(state, sent),
    ...expiryGone(command),
    ...passwordRow(state, sent, 'told', atMs),
    { type: 'call', linkId, callId: commandId, call, shown, draft },
    { type: 'wake', key: `no-answer/${commandId}`, atMs: alarm.atMs, message: alarm, volatile: true },
  ];
  return { state: next, effects };
}

/** The alarm of its expiry may be late: after a restart, chargers come back first. */
function droppedFirst(state: ChargePointState, command: CommandView, cause: CommandCause, atMs: number): Decided {
  const gone = letGo(state, advanced(command, 'failed', atMs, { cause }), atMs);
  const next = sendNext(gone.state, atMs);
  return { state: next.state, effects: [...gone.effects, ...expiryGone(command), ...next.effects] };
}

function isOver({ expiresAtMs }: CommandView, atMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= atMs;
}

function isErrandUrgent({ live }: ChargePointState): boolean {
  return live.errands[0]?.urgent === true;
}

/** A journal is asked for up to now at most: chargers take a time that has not come yet for a mistake. */
function withAddress({ call, file }: FileCommand, location: string, atMs: number): CallToChargePoint {
  const untilMs = file.kind === 'log' ? file.toMs : null;
  const until = untilMs === null ? null : new Date(Math.min(untilMs, atMs)).toISOString();
  switch (call.action) {
    case 'UpdateFirmware':
      return { ...call, location };
    case 'SignedUpdateFirmware':
      return { ...call, firmware: { ...call.firmware, location } };
    case 'GetDiagnostics':
      return { ...call, location, ...(until !== null && { stopTime: until }) };
    case 'GetLog': {
      const log = { ...call.log, remoteLocation: location, ...(until !== null && { latestTimestamp: until }) };
      return { ...call, log };
    }
    default:
      return call;
  }
}
