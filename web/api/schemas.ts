import { z } from '@hono/zod-openapi';
import { ChargingProfile, PROFILE_CALLS } from './profile-calls.ts';
import { PART_STATUSES } from '#actors/fleet/messages.ts';
import { STAY_LIMITS } from '#src/domain/stay-limits.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';

const CONNECTOR_MAX = 64;
const ids = { connectorId: z.int().min(1).max(CONNECTOR_MAX), idTag: z.string().min(1).max(20) };
const time = () => z.iso.datetime();

const FleetStateSchema = z.enum(['free', 'occupied', 'out-of-service', 'offline']);

export const Problem = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string(),
  })
  .openapi('Problem');

const Session = z
  .object({
    transactionId: z.int(),
    idTag: z.string(),
    driver: z.string().nullable(),
    authorisation: z
      .string()
      .openapi({ description: 'OCPP AuthorizationStatus; other than Accepted means a session without right.' }),
    freeService: z.boolean(),
    startedAt: time(),
    energyWh: z.number(),
    powerW: z.number().nullable(),
    socPercent: z.number().nullable(),
  })
  .openapi('RunningSession');

const Connector = z
  .object({
    connectorId: z.int(),
    status: z
      .string()
      .nullable()
      .openapi({ description: 'OCPP 1.6 ChargePointStatus; null until the charger has told.' }),
    errorCode: z.string(),
    info: z.string().nullable(),
    statusAt: time().nullable(),
    session: Session.nullable(),
  })
  .openapi('Connector');

export const ChargePoint = z
  .object({
    chargePointId: z.string(),
    station: z.object({
      id: z.string(),
      name: z.string(),
      address: z.string(),
      postcode: z.string(),
      city: z.string(),
    }),
    access: z.enum(['public', 'private']),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    firmwareVersion: z.string().nullable(),
    state: FleetStateSchema.openapi({
      description:
        'The first that fits: offline (silent for an hour, or never heard), out-of-service, free (a connector is known to be free), else occupied: also while no connector has told its status.',
    }),
    stateSince: time(),
    linked: z.boolean(),
    heardAt: time().nullable(),
    fault: z.boolean(),
    connectors: z.array(Connector),
  })
  .openapi('ChargePoint');

export const ChargePointList = z
  .object({ chargePoints: z.array(ChargePoint), found: z.int(), page: z.int(), pageSize: z.int() })
  .openapi('ChargePointList');

export const ListQuery = z.object({
  state: z
    .union([FleetStateSchema, z.array(FleetStateSchema)])
    .optional()
    .openapi({ description: 'Repeat it for several states.' }),
  fault: z.enum(['true', 'false']).optional(),
  access: z.enum(['public', 'private']).optional(),
  status: z.enum(PART_STATUSES).optional().openapi({ description: 'Told by the charger or by one of its connectors.' }),
  station: z.string().max(100).optional().openapi({ description: 'Any part of the name of the station.' }),
  q: z.string().max(100).optional().openapi({
    description: 'Any part of identity, station, city, address, merchant, model, running badge or driver.',
  }),
  sort: z.enum(['urgency', 'name', 'chargePointId', 'heard', 'state']).optional(),
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(500).default(100),
});

export const ChargePointParam = z.object({
  id: z
    .string()
    .min(1)
    .max(255)
    .openapi({ param: { name: 'id', in: 'path' }, example: 'CP-0042' }),
});
export const CommandParam = z.object({
  commandId: z
    .string()
    .min(1)
    .max(100)
    .openapi({ param: { name: 'commandId', in: 'path' } }),
});

/** Longest that `?wait=` holds a request. */
export const WAIT_S_MAX = 60;
export const WaitQuery = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .max(WAIT_S_MAX)
    .default(0)
    .openapi({ description: 'Seconds to wait for the outcome.' }),
});

/** As long as a command may wait for an absent charger. */
const KEEP_S_MAX = 86_400;
export const KeepQuery = z.object({
  keepFor: z.coerce.number().int().min(60).max(KEEP_S_MAX).optional().openapi({
    description:
      'Seconds that the command may wait for an absent charger; without it, it is refused while there is no link. At most 300 for remote starts and unlocks, which are for somebody who stands at the plug, and not beyond the end of a reservation.',
  }),
});
export const WithdrawParam = ChargePointParam.extend(CommandParam.shape);

const Triggerable = z.enum([
  'BootNotification',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'MeterValues',
  'StatusNotification',
]);

export const CommandCall = z
  .discriminatedUnion('action', [
    z.strictObject({
      action: z.literal('RemoteStartTransaction'),
      idTag: ids.idTag
        .optional()
        .openapi({ description: 'Without it, the free-service badge of the station, where it has one.' }),
      connectorId: ids.connectorId.optional(),
      chargingProfile: ChargingProfile.optional(),
    }),
    z.strictObject({ action: z.literal('RemoteStopTransaction'), transactionId: z.int() }),
    z.strictObject({ action: z.literal('Reset'), type: z.enum(['Hard', 'Soft']) }),
    z.strictObject({ action: z.literal('UnlockConnector'), connectorId: ids.connectorId }),
    z.strictObject({
      action: z.literal('ChangeAvailability'),
      connectorId: z.int().min(0).max(CONNECTOR_MAX),
      type: z.enum(['Operative', 'Inoperative']),
    }),
    z.strictObject({
      action: z.literal('GetConfiguration'),
      key: z.array(z.string().min(1).max(50)).max(100).optional(),
    }),
    z.strictObject({
      action: z.literal('ChangeConfiguration'),
      key: z.string().min(1).max(50),
      value: z.string().max(500),
    }),
    z.strictObject({ action: z.literal('ClearCache') }),
    z.strictObject({
      action: z.literal('TriggerMessage'),
      requestedMessage: Triggerable,
      connectorId: ids.connectorId.optional(),
    }),
    z.strictObject({
      action: z.literal('DataTransfer'),
      vendorId: z.string().min(1).max(255),
      messageId: z.string().max(50).optional(),
      data: z.string().max(10_000).optional(),
    }),
    ...PROFILE_CALLS,
  ])
  .openapi('CommandCall');

export const Command = z
  .object({
    commandId: z.string(),
    call: z.record(z.string(), z.unknown()).openapi({ description: 'The call as it was asked for.' }),
    requestedBy: z.string(),
    requestedAt: time(),
    expiresAt: time().nullable().openapi({ description: 'Until when it waits for an absent charger.' }),
    limit: z
      .enum(STAY_LIMITS)
      .nullable()
      .openapi({ description: 'The limit of the station for whose sake the server asked by itself.' }),
    phase: z.enum([
      'queued',
      'sent',
      'accepted',
      'authorised',
      'plugged',
      'started',
      'transferring',
      'transferred',
      'installing',
      'confirmed',
      'measured',
      'done',
      'refused',
      'failed',
    ]),
    cause: z
      .string()
      .nullable()
      .openapi({ description: 'Why it was refused or failed; a closed word such as no-link.' }),
    detail: z.string().nullable().openapi({ description: 'The charger’s own words.' }),
    steps: z.array(z.object({ phase: z.string(), at: time() })),
    answer: z.record(z.string(), z.unknown()).nullable(),
    transfer: z
      .object({ bytes: z.int(), totalBytes: z.int().nullable() })
      .nullable()
      .openapi({ description: 'How much of its file has moved through our drop.' }),
    ended: z.boolean().openapi({ description: 'No further step will come.' }),
  })
  .openapi('Command');

/** Drops the members that are absent, so that `key?: string` stays just that under exact optional types. */
export function callOf(asked: z.infer<typeof CommandCall>): CallToChargePoint {
  return JSON.parse(JSON.stringify(asked)) as CallToChargePoint;
}
