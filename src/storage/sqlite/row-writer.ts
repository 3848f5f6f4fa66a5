import { assertNever, RowsRefused } from '../rows.ts';
import type { CommandRow, LedgerEntry, NewReview, ReviewResolution, Row } from '../ports.ts';
import { alertWriter } from './alerts.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';
import { passwordWriter } from './credentials.ts';
import type { EventWriter } from './event-writer.ts';
import { forcedKeyWriter } from './forced-keys.ts';
import { messageWriter } from './post.ts';
import { departureWriter, sessionWriter } from './session-writer.ts';
import { unregisteredWriter } from './unregistered.ts';

/** Writes one row of a decision, inside the transaction of its group. Throws what SQLite throws. */
export type RowWriter = { readonly write: (row: Row) => void };

/** Compiles every statement once; values are bound in the order of the columns below. */
export function rowWriter(connection: Connection, events: EventWriter): RowWriter {
  const build = builder(connection);
  const writeSession = sessionWriter(connection);
  const countUnregistered = unregisteredWriter(connection);
  const writeDeparture = departureWriter(connection);
  const writeMessage = messageWriter(connection);
  const writeAlert = alertWriter(connection);
  const writePassword = passwordWriter(connection);
  const forcedKeys = forcedKeyWriter(connection);
  const ledgerEntry = prepare(
    connection,
    build
      .insertInto('ledger_entry')
      .values({ key: slot, wallet_id: slot, at_ms: slot, amount_cents: slot, transaction_id: slot }),
  );
  const command = prepare(
    connection,
    build
      .insertInto('command')
      .values({
        command_id: slot,
        charge_point_id: slot,
        connector_id: slot,
        name: slot,
        state: slot,
        requested_by: slot,
        requested_at_ms: slot,
        batch_id: slot,
      })
      .onConflict((conflict) =>
        conflict.column('command_id').doUpdateSet(({ ref }) => ({
          charge_point_id: ref('excluded.charge_point_id'),
          connector_id: ref('excluded.connector_id'),
          name: ref('excluded.name'),
          state: ref('excluded.state'),
          requested_by: ref('excluded.requested_by'),
          requested_at_ms: ref('excluded.requested_at_ms'),
          batch_id: ref('excluded.batch_id'),
        })),
      ),
  );
  const review = prepare(
    connection,
    build
      .insertInto('review')
      .values({
        key: slot,
        kind: slot,
        charge_point_id: slot,
        connector_id: slot,
        transaction_id: slot,
        at_ms: slot,
        frame: slot,
        stop: slot,
      })
      .onConflict((conflict) => conflict.column('key').doNothing()),
  );
  const reviewResolved = prepare(
    connection,
    build
      .updateTable('review')
      .set({ resolved_at_ms: slot, resolved_by: slot, outcome: slot, changes: slot })
      .where('key', '=', slot)
      .where('resolved_at_ms', 'is', null),
  );
  const envelope = prepare(
    connection,
    build.insertInto('outbox').values({ key: slot, to_actor: slot, at_ms: slot, message: slot }),
  );
  const envelopeTaken = prepare(connection, build.deleteFrom('outbox').where('key', '=', slot));
  const timer = prepare(
    connection,
    build
      .insertInto('timer')
      .values({ actor_id: slot, key: slot, at_ms: slot, message: slot })
      .onConflict((conflict) =>
        conflict
          .columns(['actor_id', 'key'])
          .doUpdateSet(({ ref }) => ({ at_ms: ref('excluded.at_ms'), message: ref('excluded.message') })),
      ),
  );
  const timerCancelled = prepare(
    connection,
    build.deleteFrom('timer').where('actor_id', '=', slot).where('key', '=', slot),
  );

  const writeEntry = (l: LedgerEntry): void => {
    ledgerEntry.run(l.key, l.walletId, l.atMs, l.amount, l.transactionId);
  };
  const writeCommand = (c: CommandRow): void => {
    const state = JSON.stringify(c.state);
    command.run(c.commandId, c.chargePointId, c.connectorId, c.name, state, c.requestedBy, c.requestedAtMs, c.batchId);
  };
  const writeReview = (r: NewReview): void => {
    const stop = r.stop === null ? null : JSON.stringify(r.stop);
    review.run(r.key, r.kind, r.chargePointId, r.connectorId, r.transactionId, r.atMs, r.frame, stop);
  };
  const writeResolution = (key: string, { atMs, by, outcome, changes }: ReviewResolution): void => {
    const written = changes === null ? null : JSON.stringify(changes);
    if (reviewResolved.run(atMs, by, outcome, written, key).changes === 0) throw new RowsRefused('duplicate');
  };

  const write = (row: Row): void => {
    switch (row.type) {
      case 'event':
        return events.append(row.event);
      case 'unregistered-charge':
        return countUnregistered(row.companyId, row.key);
      case 'session':
        return writeSession(row.session);
      case 'unplugged':
        return writeDeparture(row.transactionId, row.atMs);
      case 'ledger-entry':
        return writeEntry(row.entry);
      case 'command':
        return writeCommand(row.command);
      case 'forced-key':
        return forcedKeys.put(row.forced);
      case 'forced-key-gone':
        return forcedKeys.remove(row);
      case 'review':
        return writeReview(row.review);
      case 'review-resolved':
        return writeResolution(row.key, row.resolution);
      case 'envelope': {
        const { key, to, atMs, message } = row.envelope;
        envelope.run(key, to, atMs, JSON.stringify(message));
        return;
      }
      case 'envelope-taken':
        if (envelopeTaken.run(row.key).changes === 0) throw new RowsRefused('duplicate');
        return;
      case 'timer': {
        const { actorId, key, atMs, message } = row.timer;
        timer.run(actorId, key, atMs, JSON.stringify(message));
        return;
      }
      case 'timer-cancelled':
        timerCancelled.run(row.actorId, row.key);
        return;
      case 'alert':
        return writeAlert(row.alert);
      case 'charger-password':
        return writePassword(row);
      case 'post':
        return writeMessage(row.message);
      default:
        return assertNever(row);
    }
  };
  return { write };
}
