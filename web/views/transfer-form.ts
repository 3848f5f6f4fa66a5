import type { DropProtocol, FirmwareChoice } from '#src/storage/files-port.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { CommandField, FormSpec } from './command-form-spec.ts';
import { bytes } from './format.ts';
import { PEM_CHARACTERS_MAX } from './profile-forms.ts';

/** OCPP 1.6 security extension: `signature` of `SignedUpdateFirmware`. */
export const SIGNATURE_CHARACTERS_MAX = 800;
export const LOG_KINDS = ['GetDiagnostics', 'DiagnosticsLog', 'SecurityLog'] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** A software, and of how many of the chargers it is; null where there is one charger alone. */
export type OfferedFirmware = FirmwareChoice & {
  readonly fits: { readonly some: number; readonly all: number } | null;
};

type Common = Pick<FormSpec, 'action' | 'waits'> & { readonly protocols: readonly DropProtocol[] };

/** « Chargement logiciel » (PRC-12, PRC-17); `maySign`: the chargers may know the security extension. */
export function firmwareForm(
  t: Translate,
  { choices, protocols, maySign, ...common }: Common & { choices: readonly OfferedFirmware[]; maySign: boolean },
): FormSpec {
  const signature: FormSpec['rare'] = {
    title: t('firmware.sign'),
    hint: t('firmware.sign.hint'),
    fields: [
      lines('signingCertificate', t('firmware.sign.certificate'), PEM_CHARACTERS_MAX),
      lines('signature', t('firmware.sign.signature'), SIGNATURE_CHARACTERS_MAX + 20),
    ],
  };
  return {
    ...common,
    name: 'firmware',
    connectorId: null,
    title: t('firmware.load'),
    icon: 'download',
    submit: t('firmware.load.submit'),
    warning: t('command.trained'),
    fields: [
      {
        kind: 'choice',
        name: 'firmware',
        label: t('firmware.load.which'),
        required: true,
        options: choices.map((one) => [one.id, optionText(t, one)]),
      },
      {
        kind: 'datetime-local',
        name: 'when',
        label: t('firmware.load.when'),
        required: false,
        hint: t('firmware.load.when.hint'),
      },
      ...protocolFields(t, t('firmware.load.by'), protocols),
      { kind: 'check', name: 'confirm', label: t('command.confirm') },
    ],
    ...(maySign && { rare: signature }),
  };
}

/** « Événements sur la borne » (PRC-10); the days as `<input type="date">` has them. */
export function logForm(
  t: Translate,
  { protocols, from, to, ...common }: Common & { readonly from: string; readonly to: string },
): FormSpec {
  return {
    ...common,
    name: 'logs',
    connectorId: null,
    title: t('logs.title'),
    icon: 'scroll-text',
    submit: t('logs.submit'),
    warning: null,
    fields: [
      { kind: 'date', name: 'from', label: t('logs.from'), required: true, initial: from },
      { kind: 'date', name: 'to', label: t('logs.to'), required: true, initial: to },
      {
        kind: 'choice',
        name: 'kind',
        label: t('logs.kind'),
        options: LOG_KINDS.map((kind) => [kind, t(`logs.kind.${kind}`)]),
      },
      ...protocolFields(t, t('logs.by'), protocols),
    ],
  };
}

function lines(name: string, label: string, max: number): CommandField {
  return { kind: 'lines', name, label, hint: null, max };
}

function optionText(t: Translate, { name, softwareVersion, bytes: length, fits }: OfferedFirmware): string {
  const size = length === null ? t('firmware.load.elsewhere') : bytes(t, length);
  const option = t('firmware.load.option', name, softwareVersion, size);
  return fits === null ? option : t('firmware.load.fits', option, fits.some, fits.all);
}

/** By what the file goes: asked for only where there is a choice. */
function protocolFields(t: Translate, label: string, protocols: readonly DropProtocol[]): readonly CommandField[] {
  if (protocols.length < 2) return [];
  return [{ kind: 'choice', name: 'protocol', label, options: protocols.map((one) => [one, t(`files.${one}`)]) }];
}

/** The one that was chosen, or the first there is. */
export function protocolOf(protocols: readonly DropProtocol[], chosen: string | undefined): DropProtocol {
  return protocols.find((one) => one === chosen) ?? protocols[0] ?? 'http';
}
