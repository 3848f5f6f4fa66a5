import { z } from 'zod';
import type { LocalListEntry } from '#src/wire/ocpp/management-messages.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import type { CommandName } from '#web/views/command-form-spec.ts';
import { LIST_TAGS_MAX, PEM_CHARACTERS_MAX } from '#web/views/profile-forms.ts';

/** A refusal is a key of ours, with its bounds where it has some; the page says it in the reader's language. */
export type ProfileRefusal =
  | 'form.required'
  | 'form.choice'
  | 'form.badge'
  | 'form.limit'
  | 'form.pem'
  | 'form.hash'
  | 'form.tags'
  | 'form.profile-place'
  | `range:${number}:${number}`;
const refuse = (refusal: ProfileRefusal): { readonly error: string } => ({ error: refusal });

/** Chargers keep ids in 32 bits; nine digits fit. */
const ID_MAX = 999_999_999;
const CONNECTOR_MAX = 64;
const DAY_MINUTES = 1_440;
const LEVEL_MAX = 99;

function whole(min: number, max: number) {
  const wrong = refuse(`range:${min}:${max}`);
  return z
    .string(wrong)
    .trim()
    .regex(/^-?\d+$/, wrong)
    .transform(Number)
    .pipe(z.number().min(min, wrong).max(max, wrong));
}
const choice = <const T extends readonly [string, ...string[]]>(...values: T) => z.enum(values, refuse('form.choice'));
const certificateType = choice('CentralSystemRootCertificate', 'ManufacturerRootCertificate');
/** One certificate, with line ends of Unix and one at its end. */
export const pemCertificate = z
  .string(refuse('form.pem'))
  .transform((pem) => `${pem.replaceAll('\r\n', '\n').trim()}\n`)
  .pipe(
    z
      .string()
      .max(PEM_CHARACTERS_MAX, refuse('form.pem'))
      .regex(/^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+\n-----END CERTIFICATE-----\n$/, refuse('form.pem')),
  );
const hash = (max: number) =>
  z
    .string(refuse('form.hash'))
    .trim()
    .max(max, refuse('form.hash'))
    .regex(/^[\da-f]+$/i, refuse('form.hash'));
const purpose = choice('ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile');

/** One badge a line; `-` before it takes it off, which only changes can do. */
function entriesOf(lines: string, isFull: boolean): readonly LocalListEntry[] | null {
  const badges = lines.split(/\r?\n/).map((line) => line.trim());
  const entries = badges
    .filter((badge) => badge !== '')
    .map((badge): LocalListEntry | null => {
      const isGone = badge.startsWith('-');
      const idTag = isGone ? badge.slice(1).trim() : badge;
      if (!/^\S{1,20}$/.test(idTag) || (isGone && isFull)) return null;
      return isGone ? { idTag } : { idTag, idTagInfo: { status: 'Accepted' } };
    });
  return entries.includes(null) || entries.length > LIST_TAGS_MAX ? null : (entries as readonly LocalListEntry[]);
}

type ProfileCommand = Extract<
  CommandName,
  | 'list-version'
  | 'send-list'
  | 'reserve'
  | 'cancel-reservation'
  | 'set-profile'
  | 'clear-profile'
  | 'composite'
  | 'extended-trigger'
  | 'certificate-ids'
  | 'install-certificate'
  | 'delete-certificate'
>;

/** As the forms of Core: from the fields as posted to the call that goes to the charger. Times count from `nowMs`. */
export function profileInputs(nowMs: number) {
  return {
    'list-version': z.object({}).transform((): CallToChargePoint => ({ action: 'GetLocalListVersion' })),
    'send-list': z
      .object({
        updateType: choice('Full', 'Differential'),
        listVersion: whole(1, ID_MAX),
        tags: z.string().default(''),
      })
      .transform((input, context): CallToChargePoint => {
        const { updateType, listVersion } = input;
        const localAuthorizationList = entriesOf(input.tags, updateType === 'Full');
        if (localAuthorizationList !== null)
          return { action: 'SendLocalList', listVersion, updateType, localAuthorizationList };
        context.addIssue({ code: 'custom', message: 'form.tags', path: ['tags'] });
        return z.NEVER;
      }),
    reserve: z
      .object({
        connectorId: whole(0, CONNECTOR_MAX),
        idTag: z
          .string(refuse('form.required'))
          .trim()
          .regex(/^\S{1,20}$/, refuse('form.badge')),
        minutes: whole(1, DAY_MINUTES),
        reservationId: whole(0, ID_MAX),
      })
      .transform(({ minutes, ...input }): CallToChargePoint => ({
        action: 'ReserveNow',
        ...input,
        expiryDate: new Date(nowMs + minutes * 60_000).toISOString(),
      })),
    'cancel-reservation': z
      .object({ reservationId: whole(0, ID_MAX) })
      .transform((input): CallToChargePoint => ({ action: 'CancelReservation', ...input })),
    'set-profile': z
      .object({
        purpose,
        connectorId: whole(0, CONNECTOR_MAX),
        limit: z
          .string(refuse('form.limit'))
          .trim()
          .regex(/^\d{1,7}(?:[.,]\d)?$/, refuse('form.limit'))
          .transform((typed) => Number(typed.replace(',', '.'))),
        unit: choice('A', 'W'),
        stackLevel: whole(0, LEVEL_MAX),
        profileId: whole(0, ID_MAX),
        transactionId: z.union([z.literal(''), whole(1, 2_147_483_647)]).optional(),
      })
      .transform((input, context): CallToChargePoint => {
        const isOfBox = input.purpose === 'ChargePointMaxProfile';
        const isOfSession = input.purpose === 'TxProfile';
        // OCPP 1.6 §3.13: where each purpose may lie.
        if ((isOfBox && input.connectorId !== 0) || (isOfSession && input.connectorId === 0)) {
          context.addIssue({ code: 'custom', message: 'form.profile-place', path: ['connectorId'] });
          return z.NEVER;
        }
        const { transactionId } = input;
        return {
          action: 'SetChargingProfile',
          connectorId: input.connectorId,
          csChargingProfiles: {
            chargingProfileId: input.profileId,
            ...(isOfSession && typeof transactionId === 'number' ? { transactionId } : {}),
            stackLevel: input.stackLevel,
            chargingProfilePurpose: input.purpose,
            chargingProfileKind: isOfSession ? 'Relative' : 'Absolute',
            chargingSchedule: {
              chargingRateUnit: input.unit,
              chargingSchedulePeriod: [{ startPeriod: 0, limit: input.limit }],
              // In the past, so that it holds at once (OCPP 1.6 §3.13.4).
              ...(isOfSession ? {} : { startSchedule: new Date(nowMs - 60_000).toISOString() }),
            },
          },
        };
      }),
    'clear-profile': z
      .object({
        id: z.union([z.literal(''), whole(0, ID_MAX)]).optional(),
        purpose: z.union([z.literal(''), purpose]).optional(),
      })
      .transform((input): CallToChargePoint => ({
        action: 'ClearChargingProfile',
        ...(typeof input.id === 'number' ? { id: input.id } : {}),
        ...(input.purpose ? { chargingProfilePurpose: input.purpose } : {}),
      })),
    composite: z
      .object({ connectorId: whole(0, CONNECTOR_MAX), minutes: whole(1, DAY_MINUTES) })
      .transform(({ connectorId, minutes }): CallToChargePoint => ({
        action: 'GetCompositeSchedule',
        connectorId,
        duration: minutes * 60,
      })),
    'extended-trigger': z
      .object({
        requestedMessage: choice(
          'BootNotification',
          'LogStatusNotification',
          'FirmwareStatusNotification',
          'Heartbeat',
          'MeterValues',
          'SignChargePointCertificate',
          'StatusNotification',
        ),
      })
      .transform((input): CallToChargePoint => ({ action: 'ExtendedTriggerMessage', ...input })),
    'certificate-ids': z
      .object({ certificateType })
      .transform((input): CallToChargePoint => ({ action: 'GetInstalledCertificateIds', ...input })),
    'install-certificate': z
      .object({
        certificateType,
        certificate: pemCertificate,
      })
      .transform((input): CallToChargePoint => ({ action: 'InstallCertificate', ...input })),
    'delete-certificate': z
      .object({
        hashAlgorithm: choice('SHA256', 'SHA384', 'SHA512'),
        issuerNameHash: hash(128),
        issuerKeyHash: hash(128),
        serialNumber: hash(40),
      })
      .transform((certificateHashData): CallToChargePoint => ({ action: 'DeleteCertificate', certificateHashData })),
  } satisfies Record<ProfileCommand, z.ZodType<CallToChargePoint>>;
}
