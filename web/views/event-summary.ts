import type { StoredEvent } from '#src/storage/ports.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import type { CommandName } from './command-form.ts';
import { energy, power, whole } from './format.ts';
import { isFields, readFrame, wordOf, type ReadFrame } from './frames.ts';

/** One sentence for a person who watches chargers; the frames themselves unfold below it. */
export function eventSummary(t: Translate, event: StoredEvent): string {
  const request = readFrame(event.request);
  const answer = readFrame(event.answer);
  if (event.kind === 'refused')
    return [`${t('event.refused')} : ${event.name}`, event.note].filter(Boolean).join(' — ');
  const sentence = bySort(t, event, request, answer) ?? event.name;
  return [sentence, answer.error ?? own(event)].filter(Boolean).join(' — ');
}

/** What a line of ours, which has no frames, adds of its own. */
function own({ kind, request, answer, note }: StoredEvent): string | null {
  const framed = kind === 'frame-in' || kind === 'frame-out' || request !== null || answer !== null;
  return framed ? null : note;
}

type Fields = ReadFrame['fields'];

function bySort(t: Translate, event: StoredEvent, request: ReadFrame, answer: ReadFrame): string | null {
  const asked = request.fields;
  if (event.kind === 'frame-out' || event.kind === 'command') return outgoing(t, event, asked, answer.fields);
  const command = commandName.get(event.name);
  if (command !== undefined && event.request === null && event.answer !== null) {
    const status = spoken(t, 'answer', answer.fields['status']);
    return status === '' ? t('event.answer', t(command)) : `${t('event.answer', t(command))} ${status}`;
  }
  switch (event.name) {
    case 'BootNotification': {
      const box = [asked['chargePointVendor'], asked['chargePointModel']].map(wordOf).filter(Boolean).join(' ');
      const waits = wordOf(answer.fields['status']) === 'Pending' ? ` (${t('event.boot.pending')})` : '';
      return t('event.boot', box, wordOf(asked['firmwareVersion'])) + waits;
    }
    case 'Heartbeat':
      return t('event.heartbeat');
    case 'StatusNotification':
      return t('event.status', where(t, asked), statusOf(t, asked));
    case 'Authorize':
      return t('event.authorize', wordOf(asked['idTag']), verdictOf(t, answer.fields));
    case 'StartTransaction': {
      const began = t('event.start', where(t, asked), wordOf(asked['idTag']));
      const given = wordOf(answer.fields['transactionId']);
      return given === '' ? began : `${began} (${t('event.start.verdict', given, verdictOf(t, answer.fields))})`;
    }
    case 'MeterValues':
      return [t('event.meter', where(t, asked)), readings(t, asked)].filter(Boolean).join(' ');
    case 'StopTransaction': {
      const meter = Number(asked['meterStop']);
      const end = t('event.stop', wordOf(asked['transactionId']), Number.isFinite(meter) ? energy(t, meter) : '?');
      const reason = spoken(t, 'reason', asked['reason']);
      return reason === '' ? end : `${end} (${reason})`;
    }
    case 'DataTransfer':
      return t('event.data-transfer', wordOf(asked['vendorId']), wordOf(asked['messageId']));
    case 'FirmwareStatusNotification':
      return t('event.firmware', wordOf(asked['status']));
    case 'DiagnosticsStatusNotification':
      return t('event.diagnostics', wordOf(asked['status']));
    default:
      return translated(t, `event.${event.name}`);
  }
}

/** A command, with what it was about and what the charger said to it. */
function outgoing(t: Translate, event: StoredEvent, asked: Fields, answered: Fields): string {
  const known = commandName.get(event.name);
  const about = [
    asked['connectorId'] === undefined ? '' : where(t, asked),
    ...['idTag', 'transactionId', 'type', 'key', 'value', 'requestedMessage', 'vendorId'].map((field) =>
      wordOf(asked[field]),
    ),
  ];
  const status = spoken(t, 'answer', answered['status']);
  const sentence = [known === undefined ? event.name : t(known), ...about].filter(Boolean).join(' · ');
  return status === '' ? sentence : `${sentence} → ${status}`;
}

/** Texts of commands that take no argument. */
type CommandText = Extract<MessageKey, `command.${CommandName}`>;

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
]);

function where(t: Translate, fields: Fields): string {
  const id = Number(fields['connectorId'] ?? 0);
  return t('connector.number', Number.isFinite(id) ? id : 0);
}

function statusOf(t: Translate, fields: Fields): string {
  const status = spoken(t, 'connector.status', fields['status']);
  const code = wordOf(fields['errorCode']);
  const error = code === '' || code === 'NoError' ? '' : spoken(t, 'error', code);
  return [status, error, wordOf(fields['info'])].filter(Boolean).join(', ');
}

function verdictOf(t: Translate, answered: Fields): string {
  const info = answered['idTagInfo'];
  return isFields(info) ? spoken(t, 'verdict', info['status']) : '?';
}

/** The latest value of each measurand that we can name; single values only, phases are in the frame. */
function readings(t: Translate, asked: Fields): string {
  const meterValue = asked['meterValue'];
  const last: unknown = Array.isArray(meterValue) ? meterValue.at(-1) : undefined;
  const sampled = isFields(last) && Array.isArray(last['sampledValue']) ? last['sampledValue'] : [];
  const texts = sampled.filter(isFields).flatMap((sample) => {
    const value = Number(sample['value']);
    if (!Number.isFinite(value) || sample['phase'] !== undefined) return [];
    const kilo = wordOf(sample['unit']).startsWith('k') ? 1000 : 1;
    switch (sample['measurand'] ?? 'Energy.Active.Import.Register') {
      case 'Energy.Active.Import.Register':
        return [energy(t, value * kilo)];
      case 'Power.Active.Import':
        return [power(t, value * kilo)];
      case 'SoC':
        return [`${whole(t, value)}\u00a0%`];
      default:
        return [];
    }
  });
  return texts.join(' · ');
}

/** A word of the standard in the reader's language, or as it came when the standard does not have it (field-19). */
function spoken(
  t: Translate,
  family: 'reason' | 'answer' | 'verdict' | 'error' | 'connector.status',
  value: unknown,
): string {
  const word = wordOf(value);
  return translated(t, `${family}.${word}`) ?? word;
}
