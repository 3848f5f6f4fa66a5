import { sql, type Kysely } from 'kysely';

/**
 * What a list of recharges looks for is found sooner: badges by an index of trigrams, which wants a row number; free
 * charges by themselves, for they are few as abnormal ends are; and what is added up and sorted by, in the index of the
 * station, which costs the end of a session one more page.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('session_badge').renameTo('session_badge_before').execute();
  await db.schema
    .createTable('session_badge')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('id_tag', 'text', (column) => column.notNull())
    .addColumn('driver', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addUniqueConstraint('session_badge_names', ['id_tag', 'driver'])
    .modifyEnd(sql`strict`)
    .execute();
  await sql`insert into session_badge (id_tag, driver, search)
    select id_tag, driver, search from session_badge_before`.execute(db);
  await db.schema.dropTable('session_badge_before').execute();

  await sql`create virtual table session_badge_words
    using fts5(search, content='', contentless_delete=1, tokenize='trigram')`.execute(db);
  await sql`insert into session_badge_words (rowid, search) select id, search from session_badge order by id`.execute(
    db,
  );
  await sql`create trigger session_badge_words_added after insert on session_badge
    begin insert into session_badge_words (rowid, search) values (new.id, new.search); end`.execute(db);
  await sql`create trigger session_badge_words_gone after delete on session_badge
    begin delete from session_badge_words where rowid = old.id; end`.execute(db);

  await sql`drop index charging_session_of_station`.execute(db);
  await sql`create index charging_session_of_station on charging_session (station_id, started_at_ms, closing,
    stopped_at_ms, unplugged_at_ms, energy_wh, charged_ms, price_cents)`.execute(db);
  await sql`create index charging_session_free_of_station on charging_session (station_id, started_at_ms)
    where free_service = 1`.execute(db);
  await sql`create index charging_session_free_by_start on charging_session (started_at_ms)
    where free_service = 1`.execute(db);
}
