import { isBelievable } from '#src/domain/clock-offset.ts';
import { idTagKey } from '#src/domain/ids.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import type { StartMessage, StopMessage } from './messages.ts';
import type { ConnectorState, OpenSession } from './state.ts';

/** Can this stop, whose transaction id says nothing, be the end of that session? */
export function fits(
  stop: Pick<StopMessage, 'call' | 'stoppedAtMs'>,
  session: Pick<OpenSession, 'idTag' | 'startedAtMs' | 'meterStartWh'>,
): boolean {
  const sameTag = stop.call.idTag === undefined || idTagKey(stop.call.idTag) === idTagKey(session.idTag);
  return sameTag && stop.stoppedAtMs >= session.startedAtMs && stop.call.meterStop >= session.meterStartWh;
}

/** The session that this start has begun already, or null. */
export function startedBefore(
  connector: ConnectorState,
  message: StartMessage & { readonly known: SessionRow | null },
): Pick<OpenSession, 'transactionId' | 'verdict'> | null {
  if (message.known !== null) return message.known;
  const { use } = connector;
  if (use.phase === 'free' || isBelievable(message.call.timestamp.ms)) return null;
  return use.session.startKey === startKey(connector, message.call, use.session.transactionId) ? use.session : null;
}

/**
 * What makes two starts the same start (field-02). A clock that stands still makes every start look the same (field-20):
 * then it is the same one only while its session is open, and `transactionId` keeps the keys apart.
 */
export function startKey(
  place: Pick<ConnectorState, 'chargePointId'>,
  call: StartMessage['call'],
  transactionId: number,
): string {
  const { connectorId, idTag, timestamp, meterStart } = call;
  const when = isBelievable(timestamp.ms) ? String(timestamp.ms) : `${timestamp.raw}|${transactionId}`;
  return `${place.chargePointId}|${connectorId}|${idTagKey(idTag)}|${when}|${meterStart}`;
}
