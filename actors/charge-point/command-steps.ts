import { idTagKey } from '#src/domain/ids.ts';
import type { AnswerFromChargePoint, CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { CommandCause, CommandPhase, CommandView } from './messages.ts';

/** What the charger did shows how far a promised start or stop has got (field-32). */
export type Sign =
  | { readonly seen: 'authorised'; readonly idTag: string; readonly accepted: boolean }
  | { readonly seen: 'plugged'; readonly connectorId: number }
  | { readonly seen: 'started'; readonly connectorId: number; readonly idTag: string; readonly accepted: boolean }
  | { readonly seen: 'stopped'; readonly transactionId: number };

const SUCCESSES: ReadonlySet<string> = new Set([
  'Accepted',
  'AcceptedCanceled',
  'Scheduled',
  'RebootRequired',
  'Unlocked',
]);
/** What an accepted answer to these only promises: the rest is told by what the charger does next. */
const PROMISES: ReadonlySet<CallToChargePoint['action']> = new Set<CallToChargePoint['action']>([
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'GetLog',
  'SignedUpdateFirmware',
]);
const UNKNOWN: ReadonlyMap<string, CommandCause> = new Map<string, CommandCause>([
  ['NotSupported', 'not-supported'],
  ['NotImplemented', 'not-supported'],
  ['UnknownVendorId', 'unknown-vendor'],
  ['UnknownMessageId', 'unknown-message'],
  ['Unknown', 'not-found'],
  ['NotFound', 'not-found'],
]);

/** What the charger's answer makes of a command. */
export function read(command: CommandView, answer: AnswerFromChargePoint, atMs: number): CommandView {
  switch (answer.action) {
    case 'GetConfiguration':
      return { ...advanced(command, 'done', atMs), answer };
    case 'GetLocalListVersion':
      return { ...advanced(command, 'done', atMs, { detail: String(answer.listVersion) }), answer };
    case 'UpdateFirmware':
      return { ...accepted(command, atMs, null), answer };
    case 'GetDiagnostics':
      if (answer.fileName !== null) return { ...accepted(command, atMs, answer.fileName), answer };
      return { ...advanced(command, 'done', atMs, { cause: 'nothing-to-send' }), answer };
  }
  const detail = answer.status;
  if (!SUCCESSES.has(answer.status)) {
    // Of a key that a charger does not have it says the same as of a command that it does not know (OCPP 1.6 §5.3).
    const isKey = answer.action === 'ChangeConfiguration' && answer.status === 'NotSupported';
    const cause = isKey ? 'unknown-key' : (UNKNOWN.get(answer.status) ?? 'rejected');
    return { ...advanced(command, 'refused', atMs, { cause, detail }), answer };
  }
  if (PROMISES.has(command.call.action)) return { ...accepted(command, atMs, detail), answer };
  return { ...advanced(command, 'done', atMs, { detail }), answer };
}

/** The charger's promise; one that was seen at work before it answered is further already (field-14). */
function accepted(command: CommandView, atMs: number, detail: string | null): CommandView {
  const isAhead = reached(command, 'transferring') || reached(command, 'transferred') || reached(command, 'installing');
  if (isAhead) return { ...command, detail: command.detail ?? detail };
  return advanced(command, 'accepted', atMs, detail === null ? {} : { detail });
}

/** Is this sign what the command waits for? */
export function promised(command: CommandView, sign: Sign): boolean {
  const { call } = command;
  if (call.action === 'RemoteStopTransaction')
    return sign.seen === 'stopped' && sign.transactionId === call.transactionId;
  if (call.action !== 'RemoteStartTransaction' || sign.seen === 'stopped') return false;
  // A charger may show signs before it has answered us: both sides may speak at once (field-14).
  if (command.phase === 'queued') return false;
  const here = sign.seen === 'authorised' || call.connectorId === undefined || call.connectorId === sign.connectorId;
  return here && (sign.seen === 'plugged' || idTagKey(sign.idTag) === idTagKey(call.idTag));
}

/** The command after a sign; the same object when the sign tells nothing new. */
export function follow(command: CommandView, sign: Sign, atMs: number): CommandView {
  switch (sign.seen) {
    case 'stopped':
      return advanced(command, 'done', atMs);
    case 'authorised':
      if (!sign.accepted) return advanced(command, 'failed', atMs, { cause: 'not-authorised' });
      return reached(command, 'authorised') ? command : advanced(command, 'authorised', atMs);
    case 'plugged':
      return reached(command, 'plugged') ? command : advanced(command, 'plugged', atMs);
    case 'started':
      return sign.accepted
        ? advanced(command, 'started', atMs)
        : advanced(command, 'failed', atMs, { cause: 'not-authorised' });
  }
}

/** A sign that was seen before adds no step: a charger may repeat itself for as long as it likes. */
export function reached(command: CommandView, phase: CommandPhase): boolean {
  return command.steps.some((step) => step.phase === phase);
}

const ENDS: ReadonlySet<CommandPhase> = new Set(['started', 'done', 'refused', 'failed']);

/** One step further. */
export function advanced(
  command: CommandView,
  phase: CommandPhase,
  atMs: number,
  why: { cause?: CommandCause; detail?: string } = {},
): CommandView {
  return {
    ...command,
    phase,
    cause: why.cause ?? null,
    detail: why.detail ?? command.detail,
    steps: [...command.steps, { phase, atMs }],
    ended: ENDS.has(phase),
  };
}

/** The connector that a call is about; null when it is about the charger. */
export function connectorIdOf(call: CallToChargePoint): number | null {
  return 'connectorId' in call ? (call.connectorId ?? null) : null;
}

/** A start or an unlocking is for somebody who stands at the plug: later he has gone, and it would be for another. */
export const PRESENCE_WAIT_MS = 300_000;
/** Nothing waits longer for an absent charger. */
export const WAIT_MAX_MS = 7 * 86_400_000;

/** Until when this call is of use to whoever asked for it, in ms since 1970: it waits no longer for an absent charger. */
export function usefulUntilMs(call: CallToChargePoint, askedAtMs: number): number {
  switch (call.action) {
    case 'RemoteStartTransaction':
    case 'UnlockConnector':
      return askedAtMs + PRESENCE_WAIT_MS;
    case 'ReserveNow': {
      const endMs = Date.parse(call.expiryDate);
      return Number.isNaN(endMs) ? askedAtMs : Math.min(endMs, askedAtMs + WAIT_MAX_MS);
    }
    default:
      return askedAtMs + WAIT_MAX_MS;
  }
}

/** Does it wait for a charger that may be absent? Then neither a lost link nor a restart ends it. */
export function waitsForLink({ phase, expiresAtMs }: CommandView): boolean {
  return phase === 'queued' && expiresAtMs !== undefined;
}

/** A command that a restart cut off: its outcome will never be known. */
export function orphaned(command: CommandView, atMs: number): CommandView {
  // The charger has taken this limit; what would have confirmed it is not waited for any more.
  if (command.profile !== undefined && reached(command, 'accepted'))
    return advanced(command, 'done', atMs, { cause: 'not-measured' });
  return advanced(command, 'failed', atMs, { cause: 'restart' });
}
