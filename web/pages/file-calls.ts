import { z } from 'zod';
import type { DropProtocol, Files } from '#src/storage/files-port.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { FormState } from '#web/views/command-form-spec.ts';
import { dayStartMs, localTimeMs } from '#web/views/format.ts';
import { LOG_KINDS, protocolOf, SIGNATURE_CHARACTERS_MAX, type LogKind } from '#web/views/transfer-form.ts';
import { pemCertificate } from './profile-input.ts';

const ATTEMPTS = 3;
/** Between two attempts of the charger. */
const RETRY_AFTER_S = 120;
/** Request ids fit a 32-bit integer, and differ for years: seconds since 2020. */
const REQUEST_IDS_FROM_MS = Date.UTC(2020, 0, 1);

type Input = Readonly<Record<string, string>>;
/** What a form asks for, or what is wrong with it by field. */
export type Read<T> =
  | { readonly ok: true; readonly wanted: T }
  | { readonly ok: false; readonly errors: FormState['errors'] };
/** Which charger, for which command, and by which name it calls us. */
export type Receiver = { readonly commandId: string; readonly chargePointId: string; readonly calledAs: string | null };

/** A software that chargers are to load; `atMs` in ms since 1970. */
export type WantedFirmware = {
  readonly firmwareId: string;
  readonly protocol: DropProtocol;
  /** Not fetched before. */
  readonly atMs: number;
  /** By its maker: the charger then refuses what does not fit it. Null: it is asked to load what it finds. */
  readonly signed: { readonly signingCertificate: string; readonly signature: string } | null;
};
/** A period of a charger's own journal, in ms since 1970: `fromMs` included, `toMs` not. */
export type WantedLog = {
  readonly kind: LogKind;
  readonly protocol: DropProtocol;
  readonly fromMs: number;
  readonly toMs: number;
};

/** The form of a firmware; `offered`: the ids that may be chosen. */
export function readFirmware(
  t: Translate,
  input: Input,
  { offered, protocols, nowMs }: { offered: readonly string[]; protocols: readonly DropProtocol[]; nowMs: number },
): Read<WantedFirmware> {
  const errors: Record<string, string> = {};
  const { firmware: firmwareId = '', confirm, when = '' } = input;
  const atMs = when === '' ? nowMs : localTimeMs(when, t.timeZone);
  if (!offered.includes(firmwareId)) errors['firmware'] = t('firmware.load.gone');
  if (atMs === null) errors['when'] = t('firmware.load.when.wrong');
  if (confirm !== 'on') errors['confirm'] = t('form.confirm');
  const [certificate, signature] = [input['signingCertificate'] ?? '', input['signature'] ?? ''];
  const isSigned = certificate.trim() !== '' || signature.trim() !== '';
  const pem = pemCertificate.safeParse(certificate);
  const base64 = signature.replaceAll(/\s/g, '');
  if (isSigned && !pem.success) errors['signingCertificate'] = t('form.pem');
  if (isSigned && !isBase64.safeParse(base64).success) errors['signature'] = t('firmware.sign.wrong');
  if (Object.keys(errors).length > 0 || atMs === null) return { ok: false, errors };
  return {
    ok: true,
    wanted: {
      firmwareId,
      protocol: protocolOf(protocols, input['protocol']),
      atMs: Math.max(atMs, nowMs),
      signed: isSigned && pem.success ? { signingCertificate: pem.data, signature: base64 } : null,
    },
  };
}

const isBase64 = z.base64().min(1).max(SIGNATURE_CHARACTERS_MAX);

/** The call by which a charger fetches a software, from an address of its own; null for one that is not there any more. */
export async function firmwareCall(
  files: Files,
  to: Receiver,
  { firmwareId, protocol, atMs, signed }: WantedFirmware,
  nowMs: number,
): Promise<CallToChargePoint | null> {
  const location = await files.offerFirmware({ ...to, firmwareId, protocol });
  if (location === null) return null;
  const retrieveAt = new Date(atMs).toISOString();
  const again = { retries: ATTEMPTS, retryInterval: RETRY_AFTER_S } as const;
  if (signed === null) return { action: 'UpdateFirmware', location, retrieveDate: retrieveAt, ...again };
  const firmware = { location, retrieveDateTime: retrieveAt, ...signed };
  return { action: 'SignedUpdateFirmware', requestId: requestIdOf(nowMs), firmware, ...again };
}

/** The form of a period of a charger's own journal. */
export function readLog(t: Translate, input: Input, protocols: readonly DropProtocol[]): Read<WantedLog> {
  const { from = '', to = '', kind: asked, protocol } = input;
  const fromMs = dayStartMs(from, t.timeZone);
  const toMs = dayStartMs(to, t.timeZone, 1);
  if (fromMs === null || toMs === null) {
    const sentence = t('logs.date');
    const errors = { ...(fromMs === null && { from: sentence }), ...(toMs === null && { to: sentence }) };
    return { ok: false, errors };
  }
  if (fromMs >= toMs) return { ok: false, errors: { to: t('logs.period') } };
  const kind = LOG_KINDS.find((one) => one === asked) ?? LOG_KINDS[0];
  return { ok: true, wanted: { kind, protocol: protocolOf(protocols, protocol), fromMs, toMs } };
}

/** The call by which a charger leaves its journal of a period, at an address of its own. */
export async function logCall(
  files: Files,
  to: Receiver,
  { kind, protocol, fromMs, toMs }: WantedLog,
  nowMs: number,
): Promise<CallToChargePoint> {
  const location = await files.offerLog({ ...to, protocol, fromMs, toMs });
  const from = new Date(fromMs).toISOString();
  const until = new Date(Math.min(toMs, nowMs)).toISOString();
  if (kind === 'GetDiagnostics') return { action: 'GetDiagnostics', location, startTime: from, stopTime: until };
  const log = { remoteLocation: location, oldestTimestamp: from, latestTimestamp: until };
  return { action: 'GetLog', logType: kind, requestId: requestIdOf(nowMs), log };
}

function requestIdOf(nowMs: number): number {
  return Math.floor((nowMs - REQUEST_IDS_FROM_MS) / 1_000);
}
