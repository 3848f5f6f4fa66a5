import { sql, type Kysely } from 'kysely';

/**
 * Reviews can be resolved: who, when, what came of it. `stop` keeps what a stop said, so that a person can still take
 * it; for older rows it is read from their frame. Doubts that a true stop has answered since are closed.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const columns = [
    ['stop', 'text'],
    ['resolved_at_ms', 'integer'],
    ['resolved_by', 'text'],
    ['outcome', 'text'],
    ['changes', 'text'],
  ] as const;
  for (const [name, type] of columns) await db.schema.alterTable('review').addColumn(name, type).execute();
  await sql`create index review_open on review (at_ms) where resolved_at_ms is null`.execute(db);
  await db.schema.createIndex('review_of_transaction').on('review').column('transaction_id').execute();
  await sql`
    update review set stop = json_object(
      'stoppedAtMs', at_ms,
      'meterStopWh', cast(json_extract(frame, '$[3].meterStop') as integer),
      'registerWh', null,
      'reason', coalesce(json_extract(frame, '$[3].reason'), 'Local'),
      'idTag', json_extract(frame, '$[3].idTag'))
    where kind in ('unmatched-stop', 'conflicting-stop') and json_valid(frame)
      and json_extract(frame, '$[3].meterStop') is not null`.execute(db);
  await sql`
    update review set resolved_at_ms = at_ms, outcome = 'answered-by-stop'
    where kind = 'implausible-energy' and not exists (
      select 1 from charging_session
      where transaction_id = review.transaction_id and charging_session.review = 'implausible-energy')`.execute(db);
}
