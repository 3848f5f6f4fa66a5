import { z } from 'zod';
import type { DropProtocol, FirmwareChoice, WantedFile } from '#src/storage/files-port.ts';
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
/** A call without the address of its file, which is made when it leaves: the same for every charger. */
export type FileCall = { readonly call: CallToChargePoint; readonly file: WantedFile };

/** A software of the library that chargers are to load; `atMs` in ms since 1970. */
export type WantedFirmware = {
  readonly firmware: FirmwareChoice;
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

/** The form of a firmware; `offered`: what may be chosen. */
export function readFirmware(
  t: Translate,
  input: Input,
  {
    offered,
    protocols,
    nowMs,
  }: { offered: readonly FirmwareChoice[]; protocols: readonly DropProtocol[]; nowMs: number },
): Read<WantedFirmware> {
  const errors: Record<string, string> = {};
  const { confirm, when = '' } = input;
  const firmware = offered.find(({ id }) => id === input['firmware']);
  const atMs = when === '' ? nowMs : localTimeMs(when, t.timeZone);
  if (firmware === undefined) errors['firmware'] = t('firmware.load.gone');
  if (atMs === null) errors['when'] = t('firmware.load.when.wrong');
  if (confirm !== 'on') errors['confirm'] = t('form.confirm');
  const [certificate, signature] = [input['signingCertificate'] ?? '', input['signature'] ?? ''];
  const isSigned = certificate.trim() !== '' || signature.trim() !== '';
  const pem = pemCertificate.safeParse(certificate);
  const base64 = signature.replaceAll(/\s/g, '');
  if (isSigned && !pem.success) errors['signingCertificate'] = t('form.pem');
  if (isSigned && !isBase64.safeParse(base64).success) errors['signature'] = t('firmware.sign.wrong');
  if (Object.keys(errors).length > 0 || firmware === undefined || atMs === null) return { ok: false, errors };
  return {
    ok: true,
    wanted: {
      firmware,
      protocol: protocolOf(protocols, input['protocol']),
      atMs: Math.max(atMs, nowMs),
      signed: isSigned && pem.success ? { signingCertificate: pem.data, signature: base64 } : null,
    },
  };
}

const isBase64 = z.base64().min(1).max(SIGNATURE_CHARACTERS_MAX);

/** The call by which a charger fetches a software. Until it leaves, the name of the software stands for the address. */
export function firmwareCall({ firmware, protocol, atMs, signed }: WantedFirmware, nowMs: number): FileCall {
  const location = `${firmware.name} ${firmware.softwareVersion}`.replaceAll(/[/?#]/g, '-');
  const file = { kind: 'firmware', firmwareId: firmware.id, protocol } as const;
  const retrieveAt = new Date(atMs).toISOString();
  const again = { retries: ATTEMPTS, retryInterval: RETRY_AFTER_S } as const;
  if (signed === null)
    return { call: { action: 'UpdateFirmware', location, retrieveDate: retrieveAt, ...again }, file };
  const told = { location, retrieveDateTime: retrieveAt, ...signed };
  return { call: { action: 'SignedUpdateFirmware', requestId: requestIdOf(nowMs), firmware: told, ...again }, file };
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

/** The call by which a charger leaves its journal of a period. */
export function logCall({ kind, protocol, fromMs, toMs }: WantedLog, nowMs: number): FileCall {
  const file = { kind: 'log', protocol, fromMs, toMs } as const;
  const [from, until] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  if (kind === 'GetDiagnostics')
    return { call: { action: 'GetDiagnostics', location: '', startTime: from, stopTime: until }, file };
  const log = { remoteLocation: '', oldestTimestamp: from, latestTimestamp: until };
  return { call: { action: 'GetLog', logType: kind, requestId: requestIdOf(nowMs), log }, file };
}

function requestIdOf(nowMs: number): number {
  return Math.floor((nowMs - REQUEST_IDS_FROM_MS) / 1_000);
}
