import type { Behaviour, World } from '#actors/behaviour.ts';
import type { ReviewRow, SessionRow } from '#src/storage/ports.ts';
import { decide } from './decide.ts';
import type {
  ConnectorMessage,
  ConnectorReady,
  MeterMessage,
  ReadyResolve,
  ResolveMessage,
  StopMessage,
} from './messages.ts';
import { startKey } from './starts.ts';
import { connectorOf, freshConnector, restoredConnector, type ConnectorState } from './state.ts';
import { endsOrRepeats, fits } from './stops.ts';

/** A connector of a charge point: its whole state is durable; a repeat or a late stop is looked up on disk. */
export const connectorBehaviour: Behaviour<ConnectorState, ConnectorMessage, ConnectorReady> = {
  kind: 'connector',
  schema: 2,
  initial: (id) => {
    const { chargePointId, connectorId } = connectorOf(id);
    return freshConnector(chargePointId, connectorId);
  },
  restore: (_id, snapshot) => restoredConnector(snapshot),
  durable: (state) => state,
  snapshot: (state) => state,
  prepare,
  decide,
};

/** How far back a stop without a usable transaction id is matched. */
const CANDIDATES_MAX = 10;
/** Beyond this many contradictions of one session, a repeat may be asked about twice. */
const REVIEWS_OF_SESSION_MAX = 100;

function prepare(
  connector: ConnectorState,
  message: ConnectorMessage,
  world: World,
): ConnectorReady | Promise<ConnectorReady> {
  switch (message.type) {
    case 'start':
      return world.reader.sessionByStartKey(startKey(connector, message.call)).then((known) => ({ ...message, known }));
    case 'meter': {
      const named = message.call.transactionId;
      if (named === null || isOpen(connector, named)) return withSession(message, null);
      return world.reader.sessionByTransaction(named).then((known) => withSession(message, known));
    }
    case 'stop': {
      const named = message.call.transactionId;
      if (named !== null && isOpen(connector, named)) return { ...message, known: null, reviews: [] };
      return endedBy(connector, message, world.reader).then(async (known) => ({
        ...message,
        known,
        reviews: await reviewsOf(known, world.reader),
      }));
    }
    case 'limit-due':
      // After an outage it rings late, and what follows from it happens then.
      return { ...message, atMs: world.now() };
    case 'resolve':
      return toResolve(message, world.reader);
    case 'settle':
      return world.reader.sessionByTransaction(message.transactionId).then((known) => ({ ...message, known }));
    default:
      return message;
  }
}

/** Field by field: samples are most of what is said, and a spread costs several times as much. */
function withSession(message: MeterMessage, known: SessionRow | null): MeterMessage & { known: SessionRow | null } {
  const { type, from, frame, tolerated, atMs, call, sampledAtMs } = message;
  return { type, from, frame, tolerated, atMs, call, sampledAtMs, known };
}

function isOpen(connector: ConnectorState, transactionId: number): boolean {
  return connector.use.phase === 'charging' && connector.use.session.transactionId === transactionId;
}

/**
 * The closed session that a stop names, or, when its id says nothing, the one without a stop that it fits (field-03,
 * field-04). Null when the open session is the better guess, and when there is none.
 */
async function endedBy(
  connector: ConnectorState,
  stop: StopMessage,
  reader: World['reader'],
): Promise<SessionRow | null> {
  const { chargePointId, connectorId, use } = connector;
  if (stop.call.transactionId !== null) {
    const named = await reader.sessionByTransaction(stop.call.transactionId);
    if (named?.chargePointId === chargePointId) return named;
  }
  if (use.phase === 'charging' && fits(stop, use.session)) return null;
  const candidates = await reader.sessions({ chargePointId, limit: CANDIDATES_MAX });
  const here = candidates.filter((session) => session.connectorId === connectorId);
  return here.find((session) => session.closing !== 'open' && endsOrRepeats(stop, session, here)) ?? null;
}

/** A person's decision with what it is about, as it is now. */
async function toResolve(message: ResolveMessage, reader: World['reader']): Promise<ReadyResolve> {
  const { key, choice } = message;
  const review = await reader.review(key);
  // The id that an unmatched stop named is nobody's here.
  const named = review === null || review.kind === 'unmatched-stop' ? null : review.transactionId;
  const transactionId = choice.type === 'attach' ? choice.transactionId : named;
  const known = transactionId === null ? null : await reader.sessionByTransaction(transactionId);
  return { ...message, review, known, reviews: await reviewsOf(known, reader) };
}

async function reviewsOf(session: SessionRow | null, reader: World['reader']): Promise<readonly ReviewRow[]> {
  if (session === null) return [];
  const { chargePointId, transactionId } = session;
  return reader.reviews({ chargePointId, transactionId, limit: REVIEWS_OF_SESSION_MAX });
}
