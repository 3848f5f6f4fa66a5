import type { StoredEvent } from '#src/storage/ports.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import type { CommandName } from './command-form-spec.ts';
import { faultWords, splitNote } from './event-notes.ts';
import { listWords } from './list-version.ts';
import { KIT_VENDOR, kitOrderTitle } from './message-forms.ts';
import { readFrame, wordOf, type ReadFrame } from './frames.ts';

/** Texts of commands that take no argument. */
type CommandText = Extract<
  MessageKey,
  `command.${CommandName}` | 'firmware.load' | 'firmware.load.signed' | 'logs.title' | 'command.certificate-signed'
>;
type Fields = ReadFrame['fields'];

const commandName: ReadonlyMap<string, CommandText> = new Map<string, CommandText>([
  ['RemoteStartTransaction', 'command.remote-start'],
  ['RemoteStopTransaction', 'command.remote-stop'],
  ['UnlockConnector', 'command.unlock'],
  ['Reset', 'command.reset'],
  ['ChangeAvailability', 'command.availability'],
  ['GetConfiguration', 'command.get-configuration'],
  ['ChangeConfiguration', 'command.change-configuration'],
  ['ClearCache', 'command.clear-cache'],
  ['TriggerMessage', 'command.trigger-message'],
  ['DataTransfer', 'command.data-transfer'],
  ['UpdateFirmware', 'firmware.load'],
  ['SignedUpdateFirmware', 'firmware.load.signed'],
  ['GetDiagnostics', 'logs.title'],
  ['GetLog', 'logs.title'],
  ['GetLocalListVersion', 'command.list-version'],
  ['SendLocalList', 'command.send-list'],
  ['ReserveNow', 'command.reserve'],
  ['CancelReservation', 'command.cancel-reservation'],
  ['SetChargingProfile', 'command.set-profile'],
  ['ClearChargingProfile', 'command.clear-profile'],
  ['GetCompositeSchedule', 'command.composite'],
  ['ExtendedTriggerMessage', 'command.extended-trigger'],
  ['GetInstalledCertificateIds', 'command.certificate-ids'],
  ['InstallCertificate', 'command.install-certificate'],
  ['DeleteCertificate', 'command.delete-certificate'],
  ['CertificateSigned', 'command.certificate-signed'],
]);

/**
 * A command of ours: that it left, what the charger said to it, or why nothing came of it. Null for lines that are
 * about something else.
 */
export function commandSummary(t: Translate, event: StoredEvent): string | null {
  const { kind, name, note } = event;
  // Until the answers got lines of their own kind, they came as frames without a request.
  const isAnswer = kind === 'frame-in' && commandName.has(name) && event.request === null && event.answer !== null;
  if (kind !== 'frame-out' && kind !== 'command' && !isAnswer) return null;
  const title = titleOf(t, name, readFrame(event.request).fields);
  const answer = event.answer === null ? null : answerWords(t, readFrame(event.answer));
  const { word, by } = splitNote(note ?? '');
  const sender = by === '' ? '' : t('command.by', by);
  const forced = word.split(',').includes('forced') ? t('remark.forced') : '';
  if (kind === 'frame-out')
    return [answer ? `${title} → ${answer}` : title, forced, sender].filter(Boolean).join(' — ');
  const cause = translated(t, `cause.${word.replace(/,?forced$/, '')}`) ?? '';
  // A line with a cause and no answer is an end that the charger did not speak; in a flood answers are not kept.
  if (answer === null && word !== 'late-answer' && cause !== '') return t('event.command.failed', title, cause);
  return [t('event.answer', title, answer ?? ''), cause].filter(Boolean).join(' — ');
}

/** A command with what it is about: `Démarrer une recharge · Point 1 · 04A2B3C4`. */
function titleOf(t: Translate, action: string, asked: Fields): string {
  const order =
    asked['vendorId'] === KIT_VENDOR ? kitOrderTitle(t, asked['messageId'], asked['texts'] ?? asked['text']) : null;
  if (order !== null) return order;
  const known = commandName.get(action);
  const type = wordOf(asked['type']);
  const precise =
    action === 'Reset' || action === 'ChangeAvailability' ? translated(t, `${known ?? ''}.${type}`) : null;
  const connectorId = Number(asked['connectorId']);
  const about = [
    Number.isInteger(connectorId) ? t('connector.number', connectorId) : '',
    ...['idTag', 'transactionId', 'requestedMessage', 'vendorId', 'messageId'].map((field) => wordOf(asked[field])),
    [asked['key'], asked['value']].map(wordOf).filter(Boolean).join(' = '),
    precise === null ? type : '',
  ];
  const title = precise ?? (known === undefined ? action : t(known));
  return [title, ...about].filter(Boolean).join(' · ');
}

function answerWords(t: Translate, { fields, error }: ReadFrame): string {
  if (error !== null) return faultWords(t, error);
  const keys = fields['configurationKey'];
  if (Array.isArray(keys)) return t('event.answer.keys', keys.length);
  const version = fields['listVersion'];
  if (typeof version === 'number') return listWords(t, version);
  const file = wordOf(fields['fileName']);
  if (file !== '') return file;
  const status = wordOf(fields['status']);
  return translated(t, `answer.${status}`) ?? status;
}
