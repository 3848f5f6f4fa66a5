import { sql } from 'kysely';
import { changesOf, execute, rows, type Database } from './office/database.ts';
import { forgetBadges, renameSessions } from './session-badges.ts';

/** Recharges between their deletion and the day when the bin forgets them (SUB-02). */

/**
 * Takes an ended recharge out of all lists and sums, as it stands; the ledger keeps its entry. False, and nothing is
 * changed, for one that runs, or about which a question waits for a person. What its connector tells of it later is left
 * out, as of one that is gone for good.
 */
export function putSessionInBin(database: Database, transactionId: number, deletionId: string): boolean {
  const which = sql`transaction_id = ${transactionId}`;
  const asked = sql`select 1 from review where ${which} and charge_point_id = charging_session.charge_point_id
    and resolved_at_ms is null`;
  const columns = columnsOf(database);
  const found = sql`select ${columns} from charging_session where ${which} and closing <> 'open' and not exists (${asked})`;
  const [session] = rows(database, found);
  if (session === undefined) return false;
  const values = sql.join([transactionId, deletionId, JSON.stringify(session)]);
  execute(database, sql`insert into session_in_bin (transaction_id, deletion_id, cells) values (${values})`);
  execute(database, sql`insert or ignore into purged_session (transaction_id) values (${transactionId})`);
  execute(database, sql`delete from charging_session where ${which}`);
  forgetBadges(database, [{ id_tag: session['id_tag'], driver: session['driver'] ?? '' }]);
  return true;
}

/** Brings back what a deletion has taken: it is found, searched and added up again. */
export function bringBackSessions(database: Database, deletionId: string): void {
  const mine = sql`deletion_id = ${deletionId}`;
  for (const { cells } of rows(database, sql`select cells from session_in_bin where ${mine}`)) {
    const kept = JSON.parse(String(cells)) as Readonly<Record<string, string | number | null>>;
    const session = isOfDeletedCustomer(database, kept['wallet_id']) ? { ...kept, driver: null } : kept;
    const names = sql.join(Object.keys(session).map((name) => sql.ref(name)));
    execute(database, sql`insert into charging_session (${names}) values (${sql.join(Object.values(session))})`);
  }
  const these = sql`transaction_id in (select transaction_id from session_in_bin where ${mine})`;
  // They are searched by their badges again, whose numbers may be others by now.
  renameSessions(database, { set: sql`driver = driver`, which: these });
  execute(database, sql`delete from purged_session where ${these}`);
  execute(database, sql`delete from session_in_bin where ${mine}`);
}

/** What a customer charged has lost his name when he was deleted (CPT-10), wherever it was then. */
function isOfDeletedCustomer(database: Database, walletId: unknown): boolean {
  const gone = sql`id = ${walletId} and deletion_id is not null`;
  const found = sql`select 1 from office_customer where ${gone} union all select 1 from office_public_customer where ${gone}`;
  return rows(database, found).length > 0;
}

/** Forgets them for good, with what was asked about them. Returns how many went. */
export function purgeSessionsInBin(database: Database, deletionId: string): number {
  const mine = sql`from session_in_bin where deletion_id = ${deletionId}`;
  execute(
    database,
    sql`delete from review where transaction_id in (select transaction_id ${mine})
      and charge_point_id in (select json_extract(cells, '$.charge_point_id') ${mine})`,
  );
  return changesOf(database, sql`delete ${mine}`);
}

/** Those that are written; the others follow from them, and so does the number of the badge. */
function columnsOf(database: Database) {
  const named = rows(database, sql`select name from pragma_table_info('charging_session') where name <> 'badge_id'`);
  return sql.join(named.map(({ name }) => sql.ref(String(name))));
}
