import { createHash } from 'node:crypto';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { mayCharge } from '#actors/charge-point/may-charge.ts';
import { chargePointActorId } from '#actors/charge-point/state.ts';
import { replyWith, type Effect, type ReplyTo } from '#actors/decision.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import { orderIn, type IncomingSms, type SmsOutcome } from '#src/domain/incoming-sms.ts';
import { kitChargePointId } from '#src/domain/kit.ts';
import { textAnswerKey } from '#src/domain/notice.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { ActorId, Reader } from '#src/storage/ports.ts';
import type { ChargePointRow } from '#src/storage/registry-port.ts';

/** The one id of the actor that hears what people write to the server. */
export const TEXTS: ActorId = 'texts';
/** Of one number in `WINDOW_MS`: each costs a question, and may cost an answer. */
export const TEXTS_OF_NUMBER_MAX = 6;
export const WINDOW_MS = 10 * 60_000;
/** Numbers remembered at one time. */
const NUMBERS_MAX = 10_000;
const ID_DIGITS = 32;
/** Whoever stands at a charger waits no longer for an answer. */
const ANSWER_MS_MAX = 10 * 60_000;

export type TextMessage = {
  readonly type: 'sms-received';
  readonly sms: IncomingSms;
  readonly atMs: number;
  readonly replyTo: ReplyTo<SmsOutcome>;
};
/** Pure: what the sender of an SMS is told. */
export type TextAnswerOf = (of: {
  readonly outcome: 'asked' | 'absent' | 'refused';
  readonly stationName: string;
  readonly language: 'fr' | 'en';
}) => string;

export type TextDeps = {
  readonly reader: Reader;
  readonly office: Pick<Office, 'write'>;
  readonly ask: <R>(to: ActorId, build: (replyTo: ReplyTo<R>) => unknown) => Promise<R>;
  readonly welcomeStrangers: boolean;
  readonly answerOf: TextAnswerOf;
  /** A line of the journal of a charger. */
  readonly note: (of: { readonly chargePointId: string; readonly atMs: number; readonly note: SmsOutcome }) => void;
};

/**
 * Identification by SMS where the charger has no modem of its own: the text names the charger, and who may charge there
 * has a start sent to it. One SMS asks once, whatever its provider repeats: the command that it makes has its id.
 */
export function textService(deps: TextDeps): (message: TextMessage) => Promise<readonly Effect[]> {
  const heard = new Map<string, { sinceMs: number; count: number }>();
  return async ({ sms, atMs, replyTo }) => {
    const outcome = isTooMany(heard, sms.from, atMs) ? 'too-many' : await taken(deps, sms, atMs);
    return [replyWith(replyTo, outcome)];
  };
}

async function taken(deps: TextDeps, sms: IncomingSms, atMs: number): Promise<SmsOutcome> {
  const { reader, ask, welcomeStrangers, note } = deps;
  const order = orderIn(sms.text);
  const charger = order === null ? null : await chargerOf(reader, order.identity);
  if (order === null || charger === null) return 'unreadable';
  const { chargePointId } = charger;
  if (!(await reader.takesSms(charger.stationId))) return 'not-taken';
  const commandId = `sms-${createHash('sha256').update(`${sms.from} ${sms.id}`).digest('hex').slice(0, ID_DIGITS)}`;
  if ((await reader.command(commandId)) !== null) return 'repeated';
  const { verdict } = await mayCharge(sms.from, charger, { atMs, world: { reader, ask }, welcomeStrangers });
  const outcome = verdict === 'Accepted' ? await started() : 'refused';
  note({ chargePointId, atMs, note: outcome });
  await answer(deps, { charger, sms, outcome, commandId, atMs });
  return outcome;

  async function started(): Promise<'asked' | 'absent'> {
    const connector = order?.connectorId == null ? {} : { connectorId: order.connectorId };
    const command = await ask<CommandView>(chargePointActorId(chargePointId), (to) => ({
      type: 'command',
      commandId,
      call: { action: 'RemoteStartTransaction', idTag: sms.from, ...connector },
      requestedBy: 'SMS',
      atMs,
      replyTo: to,
    }));
    return command.ended ? 'absent' : 'asked';
  }
}

/** By its identity, or by the serial number that stands on a Pulse kit. */
async function chargerOf(reader: Reader, identity: string): Promise<ChargePointRow | null> {
  const found =
    (await reader.chargePoint(chargePointKey(identity))) ??
    (await reader.chargePoint(chargePointKey(kitChargePointId(identity))));
  return found === null || found.inactive ? null : found;
}

async function answer(
  { reader, office, answerOf }: TextDeps,
  of: {
    readonly charger: ChargePointRow;
    readonly sms: IncomingSms;
    readonly outcome: 'asked' | 'absent' | 'refused';
    readonly commandId: string;
    readonly atMs: number;
  },
): Promise<void> {
  const { charger, sms, outcome, commandId, atMs } = of;
  const roster = await reader.rosterEntry(charger.chargePointId);
  const stationName = roster?.station.name ?? charger.chargePointId;
  const language = sms.from.startsWith('+33') ? 'fr' : 'en';
  const written = await office.write([
    {
      type: 'post',
      message: {
        key: textAnswerKey(charger.chargePointId, commandId),
        channel: 'sms',
        to: sms.from,
        subject: stationName,
        text: answerOf({ outcome, stationName, language }),
        secret: null,
        subscriberId: roster?.station.subscriberId ?? null,
        createdAtMs: atMs,
        expiresAtMs: atMs + ANSWER_MS_MAX,
      },
    },
  ]);
  if (written !== 'ok') throw new Error(`the answer to an SMS is ${written}`);
}

function isTooMany(heard: Map<string, { sinceMs: number; count: number }>, from: string, atMs: number): boolean {
  const known = heard.get(from);
  if (known !== undefined && atMs - known.sinceMs < WINDOW_MS) {
    known.count += 1;
    return known.count > TEXTS_OF_NUMBER_MAX;
  }
  heard.delete(from);
  const [oldest] = heard.keys();
  if (heard.size >= NUMBERS_MAX && oldest !== undefined) heard.delete(oldest);
  heard.set(from, { sinceMs: atMs, count: 1 });
  return false;
}
