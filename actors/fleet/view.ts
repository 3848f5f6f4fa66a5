import type { ChargePointState } from '#actors/charge-point/state.ts';
import type { ConnectorState } from '#actors/connector/state.ts';
import type { RosterRow } from '#src/storage/registry-port.ts';
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
  const fault = isFaulty({ status, errorCode }) || connectors.some(isFaulty);
  const moved = before === null || before.state !== state || before.fault !== fault;
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
    leniency: roster.leniency,
    freeServiceTag: roster.freeServiceTag,
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
    statusTold: status !== null || connectors.some(hasTold),
    linked: chargePoint !== null && chargePoint.live.link !== null,
    heardAtMs,
    status,
    errorCode,
    connectors,
    fault,
    faultSinceMs: fault ? ((before?.fault === true ? before.faultSinceMs : faultStart(connectors)) ?? nowMs) : null,
    faultRevision: fault && before?.fault === false ? revision : (before?.faultRevision ?? 0),
    declaredRevision: before?.declaredRevision ?? revision,
    movedRevision: moved ? revision : before.movedRevision,
    revision,
  };
}

/** The connectors that were declared, and those that the charger speaks of. */
function connectorsOf(known: Known): ConnectorView[] {
  const ids = new Set<number>(known.connectors.keys());
  for (let connectorId = 1; connectorId <= known.roster.connectors; connectorId++) ids.add(connectorId);
  const views = [...ids]
    .toSorted((a, b) => a - b)
    .map((connectorId) => connectorView(connectorId, known.connectors.get(connectorId)));
  return known.roster.shared === undefined ? views : views.map((one) => besideOthers(one, views, known.roster));
}

/** What a vehicle at another socket of its point does to this one. */
function besideOthers(view: ConnectorView, all: readonly ConnectorView[], { shared = [] }: RosterRow): ConnectorView {
  const own = shared.find((group) => group.includes(view.connectorId)) ?? [];
  if (own.length === 0 || isTaken(view)) return view;
  const beside = all.find((one) => own.includes(one.connectorId) && isTaken(one));
  return beside === undefined ? view : { ...view, busyBeside: beside.connectorId };
}

const WITH_A_VEHICLE: ReadonlySet<ChargePointStatus | null> = new Set<ChargePointStatus>([
  'Preparing',
  'Charging',
  'SuspendedEV',
  'SuspendedEVSE',
  'Finishing',
]);

function isTaken({ status, session }: ConnectorView): boolean {
  return session !== null || WITH_A_VEHICLE.has(status);
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

/**
 * MOD-07..10, the first that fits. « Non connectée » is silence and nothing else (MOD-07), so a charger that is heard but
 * has told no status is none of it. Nor may it be called free, for a driver would be sent there for nothing, nor out of
 * service, for nothing is broken: what remains is the last state of the manual, and `statusTold` lets pages say why.
 */
function stateOf(of: {
  status: ChargePointStatus | null;
  connectors: readonly ConnectorView[];
  heardAtMs: number | null;
  nowMs: number;
}): FleetState {
  const { status, connectors, heardAtMs, nowMs } = of;
  const told = connectors.filter(hasTold);
  if (heardAtMs === null || nowMs - heardAtMs > SILENCE_MS) return 'offline';
  if (isOut(status) || (told.length > 0 && told.every((one) => isOut(one.status) && one.session === null)))
    return 'out-of-service';
  const isFree = ({ status: own, session, busyBeside }: ConnectorView): boolean =>
    own === 'Available' && session === null && busyBeside === undefined;
  if (told.some(isFree)) return 'free';
  // A box that speaks of itself only, as some do before their first connector.
  return told.length === 0 && status !== null ? 'free' : 'occupied';
}

function hasTold({ status, session }: ConnectorView): boolean {
  return status !== null || session !== null;
}

function isFaulty(part: Pick<ConnectorView, 'status' | 'errorCode'>): boolean {
  return part.status === 'Faulted' || part.errorCode !== 'NoError';
}

/** When the earliest fault of a connector was told; null when it is the box itself that has one. */
function faultStart(connectors: readonly ConnectorView[]): number | null {
  const starts = connectors.flatMap((one) => (isFaulty(one) && one.statusAtMs !== null ? [one.statusAtMs] : []));
  return starts.length === 0 ? null : Math.min(...starts);
}

function isOut(status: ChargePointStatus | null): boolean {
  return status === 'Faulted' || status === 'Unavailable';
}
