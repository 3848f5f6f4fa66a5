import type { z } from '@hono/zod-openapi';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { ChargePointView, ConnectorView } from '#actors/fleet/messages.ts';
import type { ChargePoint, Command } from './schemas.ts';

type Connector = z.infer<typeof ChargePoint>['connectors'][number];

const iso = (atMs: number): string => new Date(atMs).toISOString();
const isoOrNull = (atMs: number | null): string | null => (atMs === null ? null : iso(atMs));

/** A charger as the API tells it: the same facts as the fleet page, times in ISO 8601 UTC. */
export function chargePointAnswer(view: ChargePointView): z.infer<typeof ChargePoint> {
  const { chargePointId, access, vendor, model, firmwareVersion, state, linked, fault } = view;
  return {
    chargePointId,
    station: {
      id: view.stationId,
      name: view.stationName,
      address: view.address,
      postcode: view.postcode,
      city: view.city,
    },
    access,
    vendor,
    model,
    firmwareVersion,
    state,
    stateSince: iso(view.stateSinceMs),
    linked,
    heardAt: isoOrNull(view.heardAtMs),
    fault,
    connectors: view.connectors.map(connectorAnswer),
  };
}

function connectorAnswer({ connectorId, status, errorCode, info, statusAtMs, session }: ConnectorView): Connector {
  return {
    connectorId,
    status,
    errorCode,
    info,
    statusAt: isoOrNull(statusAtMs),
    session: session && {
      transactionId: session.transactionId,
      idTag: session.idTag,
      driver: session.driver,
      authorisation: session.verdict,
      freeService: session.freeService,
      startedAt: iso(session.startedAtMs),
      energyWh: session.energyWh,
      powerW: session.powerW,
      socPercent: session.socPercent,
    },
  };
}

export function commandAnswer(command: CommandView): z.infer<typeof Command> {
  const { commandId, requestedBy, phase, cause, detail, ended } = command;
  return {
    commandId,
    call: { ...command.call },
    requestedBy,
    requestedAt: iso(command.requestedAtMs),
    expiresAt: isoOrNull(command.expiresAtMs ?? null),
    limit: command.limit ?? null,
    phase,
    cause,
    detail,
    steps: command.steps.map((step) => ({ phase: step.phase, at: iso(step.atMs) })),
    answer: command.answer && { ...command.answer },
    transfer: command.transfer ?? null,
    ended,
  };
}
