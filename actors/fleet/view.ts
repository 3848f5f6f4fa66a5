import type { ChargePointState } from '#actors/charge-point/state.ts';
import type { ConnectorState } from '#actors/connector/state.ts';
import type { RosterRow } from '#src/storage/ports.ts';
import type { ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import type { ChargePointView, ConnectorView, FleetState, RunningSessionView } from './messages.ts';

/** MOD-07: a charger that has said nothing for longer is not connected. */
export const SILENCE_MS = 3_600_000;

/** What is known of one charger: its declaration, and the latest states of its actors. */
export type Known = {
  readonly roster: RosterRow;
  readonly chargePoint: ChargePointState | null;
  /** By connector id. */
  readonly connectors: ReadonlyMap<number, ConnectorState>;
  readonly heardAtMs: number | null;
};

/** The view of one charger at `nowMs`; `before` keeps the time since when its state holds. */
export function viewOf(known: Known, nowMs: number, before: ChargePointView | null, revision: number): ChargePointView {
  const { roster, chargePoint, heardAtMs } = known;
  const { station } = roster;
  const connectors = connectorsOf(known);
  const durable = chargePoint?.durable ?? null;
  const status = durable?.status ?? null;
  const errorCode = durable?.errorCode ?? 'NoError';
  const state = stateOf({ status, connectors, heardAtMs, nowMs });
  const faulty =
    status === 'Faulted' ||
    errorCode !== 'NoError' ||
    connectors.some((one) => one.status === 'Faulted' || one.errorCode !== 'NoError');
  return {
    chargePointId: roster.chargePointId,
    stationId: station.stationId,
    subscriberId: station.subscriberId,
    companyId: station.companyId,
    stationName: station.name,
    address: station.address,
    postcode: station.postcode,
    city: station.city,
    merchant: station.merchant,
    access: station.access,
    vendor: durable?.boot?.chargePointVendor ?? null,
    model: durable?.boot?.chargePointModel ?? null,
    firmwareVersion: durable?.boot?.firmwareVersion ?? null,
    state,
    stateSinceMs:
      before !== null && before.state === state
        ? before.stateSinceMs
        : state === 'offline' && heardAtMs !== null
          ? heardAtMs
          : nowMs,
    linked: chargePoint !== null && chargePoint.live.link !== null,
    heardAtMs,
    status,
    errorCode,
    connectors,
    fault: faulty,
    revision,
  };
}

/** The connectors that were declared, and those that the charger speaks of. */
function connectorsOf(known: Known): ConnectorView[] {
  const ids = new Set<number>(known.connectors.keys());
  for (let connectorId = 1; connectorId <= known.roster.connectors; connectorId++) ids.add(connectorId);
  return [...ids]
    .toSorted((a, b) => a - b)
    .map((connectorId) => connectorView(connectorId, known.connectors.get(connectorId)));
}

function connectorView(connectorId: number, state: ConnectorState | undefined): ConnectorView {
  if (state === undefined) {
    return {
      connectorId,
      status: null,
      errorCode: 'NoError',
      info: null,
      vendorErrorCode: null,
      statusAtMs: null,
      session: null,
    };
  }
  const { status, errorCode, info, vendorErrorCode, atMs } = state.reported;
  const session = state.use.phase === 'charging' ? running(state.use.session) : null;
  return { connectorId, status, errorCode, info, vendorErrorCode, statusAtMs: atMs, session };
}

function running(session: Extract<ConnectorState['use'], { phase: 'charging' }>['session']): RunningSessionView {
  const {
    transactionId,
    idTag,
    driver,
    verdict,
    freeService,
    startedAtMs,
    energyWh,
    powerW,
    socPercent,
    lastSampleAtMs,
  } = session;
  return {
    transactionId,
    idTag,
    driver,
    verdict,
    freeService,
    startedAtMs,
    energyWh,
    powerW,
    socPercent,
    lastSampleAtMs,
  };
}

/** MOD-07..10, the first that fits. A charger that never told a status is not connected, whatever its socket does. */
function stateOf(of: {
  status: ChargePointStatus | null;
  connectors: readonly ConnectorView[];
  heardAtMs: number | null;
  nowMs: number;
}): FleetState {
  const { status, connectors, heardAtMs, nowMs } = of;
  const told = connectors.filter((one) => one.status !== null || one.session !== null);
  if (heardAtMs === null || nowMs - heardAtMs > SILENCE_MS || (told.length === 0 && status === null)) return 'offline';
  if (isOut(status) || (told.length > 0 && told.every((one) => isOut(one.status) && one.session === null)))
    return 'out-of-service';
  if (told.length === 0 || told.some((one) => one.status === 'Available' && one.session === null)) return 'free';
  return 'occupied';
}

function isOut(status: ChargePointStatus | null): boolean {
  return status === 'Faulted' || status === 'Unavailable';
}
