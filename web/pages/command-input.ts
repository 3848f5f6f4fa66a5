import { z } from 'zod';
import { PASSWORD_KEY } from '#actors/charge-point/secrets.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { messageInput, type MessageRefusal } from './message-input.ts';
import { profileInputs, type ProfileRefusal } from './profile-input.ts';
import type { CommandName } from '#web/views/command-form-spec.ts';

/** OCPP 1.6: idTag is at most 20 characters; some readers take no blank inside. */
const ID_TAG = /^\S{1,20}$/;
const CONNECTOR_MAX = 64;

/** A refusal is a key of ours; the page says it in the reader's language. */
type Refusal =
  | 'form.authorization-key'
  | MessageRefusal
  | ProfileRefusal
  | 'form.required'
  | 'form.badge'
  | 'form.choice'
  | 'form.confirm'
  | 'form.connector'
  | `max:${number}`;
const refuse = (refusal: Refusal): { readonly error: string } => ({ error: refusal });

const connectorId = z.coerce
  .number(refuse('form.connector'))
  .int(refuse('form.connector'))
  .min(0, refuse('form.connector'))
  .max(CONNECTOR_MAX, refuse('form.connector'));
const text = (max: number) =>
  z
    .string(refuse('form.required'))
    .trim()
    .min(1, refuse('form.required'))
    .max(max, refuse(`max:${max}`));
const optional = (max: number) =>
  z
    .string()
    .trim()
    .max(max, refuse(`max:${max}`))
    .optional();
const choice = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values, refuse('form.choice'));

/** One schema per form: from the fields as posted to the call that goes to the charger. */
const forms = {
  'remote-start': z
    .object({
      connectorId,
      idTag: z
        .string(refuse('form.required'))
        .trim()
        .min(1, refuse('form.required'))
        .regex(ID_TAG, refuse('form.badge')),
    })
    .transform((input): CallToChargePoint => ({ action: 'RemoteStartTransaction', ...input })),
  'remote-stop': z
    .object({ transactionId: z.coerce.number(refuse('form.required')).int(refuse('form.required')) })
    .transform((input): CallToChargePoint => ({ action: 'RemoteStopTransaction', ...input })),
  unlock: z.object({ connectorId }).transform((input): CallToChargePoint => ({ action: 'UnlockConnector', ...input })),
  availability: z
    .object({ connectorId, type: choice('Operative', 'Inoperative') })
    .transform((input): CallToChargePoint => ({ action: 'ChangeAvailability', ...input })),
  reset: z
    .object({ type: choice('Soft', 'Hard'), confirm: z.literal('on', refuse('form.confirm')) })
    .transform(({ type }): CallToChargePoint => ({ action: 'Reset', type })),
  'trigger-message': z
    .object({
      requestedMessage: choice(
        'BootNotification',
        'DiagnosticsStatusNotification',
        'FirmwareStatusNotification',
        'Heartbeat',
        'MeterValues',
        'StatusNotification',
      ),
      connectorId: z.union([z.literal(''), connectorId]).optional(),
    })
    .transform(({ requestedMessage, connectorId: point }): CallToChargePoint =>
      typeof point === 'number'
        ? { action: 'TriggerMessage', requestedMessage, connectorId: point }
        : { action: 'TriggerMessage', requestedMessage },
    ),
  'get-configuration': z.object({}).transform((): CallToChargePoint => ({ action: 'GetConfiguration' })),
  'change-configuration': z
    .object({ key: text(50), value: z.string().max(500, refuse('max:500')).default('') })
    // The standard's own bounds (security whitepaper): with another one the charger could not come back.
    .refine(({ key, value }) => key.toLowerCase() !== PASSWORD_KEY || /^(?:[\da-f]{2}){16,20}$/i.test(value), {
      ...refuse('form.authorization-key'),
      path: ['value'],
    })
    .transform((input): CallToChargePoint => ({ action: 'ChangeConfiguration', ...input })),
  'clear-cache': z.object({}).transform((): CallToChargePoint => ({ action: 'ClearCache' })),
  'data-transfer': z
    .object({ vendorId: text(255), messageId: optional(50), data: optional(10_000) })
    .transform(({ vendorId, messageId, data }): CallToChargePoint => ({
      action: 'DataTransfer',
      vendorId,
      ...(messageId ? { messageId } : {}),
      ...(data ? { data } : {}),
    })),
  'show-message': messageInput,
};

export type ReadCommand =
  | { readonly ok: true; readonly call: CallToChargePoint }
  /** One sentence per field. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** `nowMs`: what a duration that was typed counts from. */
export function readCommand(
  t: Translate,
  name: CommandName,
  input: Readonly<Record<string, string>>,
  nowMs: number,
): ReadCommand {
  const all: Readonly<Record<CommandName, z.ZodType<CallToChargePoint>>> = { ...forms, ...profileInputs(nowMs) };
  const read = all[name].safeParse(input);
  if (read.success) return { ok: true, call: read.data };
  const errors: Record<string, string> = {};
  for (const issue of read.error.issues) errors[String(issue.path[0] ?? '')] ??= sentence(t, issue.message);
  return { ok: false, errors };
}

function sentence(t: Translate, refusal: string): string {
  const max = /^max:(\d+)$/.exec(refusal)?.[1];
  if (max !== undefined) return t('form.too-long', Number(max));
  const bytes = /^datagram:(\d+)$/.exec(refusal)?.[1];
  if (bytes !== undefined) return t('message.datagram', Number(bytes));
  const [, min, top] = /^range:(-?\d+):(-?\d+)$/.exec(refusal) ?? [];
  if (min !== undefined) return t('form.number', Number(min), Number(top));
  switch (refusal as Refusal) {
    case 'form.badge':
      return t('form.badge');
    case 'form.confirm':
      return t('form.confirm');
    case 'form.connector':
      return t('form.connector');
    case 'form.required':
      return t('form.required');
    case 'message.required':
      return t('message.required');
    case 'form.authorization-key':
      return t('form.authorization-key');
    case 'form.limit':
      return t('form.limit');
    case 'form.pem':
      return t('form.pem');
    case 'form.hash':
      return t('form.hash');
    case 'form.tags':
      return t('form.tags');
    case 'form.profile-place':
      return t('form.profile-place');
    default:
      return t('form.choice');
  }
}
