import type { StoredEvent } from '#src/storage/ports.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { commandSummary } from './event-command.ts';
import { eventNote, faultWords } from './event-notes.ts';
import { energy, power, whole } from './format.ts';
import { isFields, readFrame, wordOf, type ReadFrame } from './frames.ts';

/** One sentence for a person who watches chargers; the frames themselves unfold below it. */
export function eventSummary(t: Translate, event: StoredEvent): string {
  const command = commandSummary(t, event);
  if (command !== null) return command;
  const note = eventNote(t, event);
  if (event.kind === 'refused') return [t('event.refused', event.name), note].filter(Boolean).join(' — ');
  const request = readFrame(event.request);
  const answer = readFrame(event.answer);
  const sentence = bySort(t, event, request, answer) ?? event.name;
  // A line of ours, which has no frames, says all it knows at once.
  const own = event.kind === 'frame-in' || event.request !== null || event.answer !== null ? null : note;
  return [sentence, own].filter(Boolean).join(' — ');
}

/** What kind of line it is: the action's name in the standard, or a word of ours. */
export function eventName(t: Translate, { kind, name }: Pick<StoredEvent, 'kind' | 'name'>): string {
  return kind !== 'refused' && /^[A-Z][A-Za-z]+$/.test(name) ? name : t(`journal.kind.${kindOf({ kind, name })}`);
}

/** Lines about SMS had the kind of mails before they got their own. */
export function kindOf({ kind, name }: Pick<StoredEvent, 'kind' | 'name'>): StoredEvent['kind'] {
  return kind === 'post' && name.startsWith('sms-') ? 'sms' : kind;
}

type Fields = ReadFrame['fields'];

function bySort(t: Translate, event: StoredEvent, request: ReadFrame, answer: ReadFrame): string | null {
  const asked = request.fields;
  if (event.kind === 'account') return translated(t, `event.${event.name}`) ?? translated(t, `audit.act.${event.name}`);
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
    case 'SignedFirmwareStatusNotification':
      return t('event.firmware', spoken(t, 'firmware', asked['status']));
    case 'DiagnosticsStatusNotification':
    case 'LogStatusNotification':
      return t('event.diagnostics', spoken(t, 'diagnostics', asked['status']));
    case 'SecurityEventNotification':
      return t('event.security', spoken(t, 'security', asked['type']), wordOf(asked['techInfo']));
    case 'SignCertificate':
      return t('event.sign-certificate');
    case 'bad-frame':
      return badFrame(t, request.action, answer.error?.code ?? '');
    default:
      return translated(t, `event.${event.name}`);
  }
}

/** Unreadable is only what cannot be read: a message that we do not know, or that breaks its own rules, can (field-16). */
function badFrame(t: Translate, action: string, code: string): string {
  switch (code) {
    case 'NotImplemented':
    case 'NotSupported':
      return t('event.bad-frame.unsupported', action);
    case 'TypeConstraintViolation':
    case 'PropertyConstraintViolation':
    case 'OccurenceConstraintViolation':
    case 'ProtocolError':
      return `${t('event.bad-frame.invalid', action)} — ${faultWords(t, { code, text: '' })}`;
    default:
      return t('event.bad-frame');
  }
}

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
  family: 'reason' | 'verdict' | 'error' | 'connector.status' | 'firmware' | 'diagnostics' | 'security',
  value: unknown,
): string {
  const word = wordOf(value);
  return translated(t, `${family}.${word}`) ?? word;
}
