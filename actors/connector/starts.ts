import { isBelievable } from '#src/domain/clock-offset.ts';
import { idTagKey } from '#src/domain/ids.ts';
import type { SessionRow } from '#src/storage/ports.ts';
import type { StartMessage } from './messages.ts';
import type { ConnectorState, OpenSession } from './state.ts';

/** The session that this start has begun already, or null. `known`: the one on disk with its `startKey`. */
export function startedBefore(
  connector: ConnectorState,
  { call, known }: StartMessage & { readonly known: SessionRow | null },
): Pick<OpenSession, 'transactionId' | 'verdict'> | null {
  if (known === null || known.closing !== 'final' || isBelievable(call.timestamp.ms)) return known;
  // Its clock stands still: every start of this badge looks the same, and `known` had its stop long ago (field-20).
  const { use } = connector;
  return use.phase === 'charging' && use.session.startKey.startsWith(`${known.startKey}|`) ? use.session : null;
}

/** What makes two starts the same start (field-02). */
export function startKey(place: Pick<ConnectorState, 'chargePointId'>, call: StartMessage['call']): string {
  const { connectorId, idTag, timestamp, meterStart } = call;
  return `${place.chargePointId}|${connectorId}|${idTagKey(idTag)}|${timestamp.ms ?? timestamp.raw}|${meterStart}`;
}

/** The key of a session that begins now, unlike that of an earlier one which looks the same. */
export function newStartKey(
  place: Pick<ConnectorState, 'chargePointId'>,
  { call, known, transactionId }: StartMessage & { readonly known: SessionRow | null },
): string {
  const key = startKey(place, call);
  return known === null ? key : `${key}|${transactionId}`;
}
