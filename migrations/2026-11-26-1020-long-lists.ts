import { sql, type Kysely } from 'kysely';

/**
 * Lists of stations and users grow long: hundreds of thousands of rows in front of the platform operator. Each column
 * that they are sorted by gets an index whose end is the id, as in the order of pages; the name of a referred record
 * becomes a column that triggers keep. What is searched goes into an index of trigrams, `<table>_words`, of what is not
 * deleted: it finds any part of a word from three letters on.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sorted(db, 'office_station', ['identity', 'city', 'address', 'contact_name', 'contact_phone']);
  await sorted(db, 'office_user', ['email', 'mobile', 'restriction']);
  await sql`create index office_user_by_last_day on office_user (last_day, id) where deletion_id is null`.execute(db);
  await sql`create index office_user_of_role on office_user (role)`.execute(db);
  await sortedByName(db, 'office_station', 'company', 'office_company');
  await sortedByName(db, 'office_user', 'role', 'office_role');
  for (const table of ['office_station', 'office_user']) await words(db, table);
}

async function sorted(db: Kysely<unknown>, table: string, columns: readonly string[]): Promise<void> {
  for (const column of columns) {
    const name = sql.ref(`${table}_by_${column}`);
    const key = sql`${sql.ref(column)} collate nocase, id`;
    await sql`create index ${name} on ${sql.table(table)} (${key}) where deletion_id is null`.execute(db);
  }
}

/** `sort_company` is what the company of a station is sorted by, and follows it. */
async function sortedByName(db: Kysely<unknown>, table: string, column: string, other: string): Promise<void> {
  const [owner, referred] = [sql.table(table), sql.table(other)];
  const [field, key] = [sql.ref(column), sql.ref(`sort_${column}`)];
  await db.schema.alterTable(table).addColumn(`sort_${column}`, 'text').execute();
  await sql`update ${owner} set ${key} = (select sort_name from ${referred} where id = ${owner}.${field})`.execute(db);
  await sql`create index ${sql.ref(`${table}_by_${column}`)} on ${owner} (${key}, id) where deletion_id is null`.execute(
    db,
  );
  const named = sql`update ${owner} set ${key} = (select sort_name from ${referred} where id = new.${field}) where id = new.id`;
  await sql`create trigger ${sql.ref(`${table}_${column}_set`)} after insert on ${owner} begin ${named}; end`.execute(
    db,
  );
  await sql`create trigger ${sql.ref(`${table}_${column}_changed`)} after update of ${field} on ${owner}
    when new.${field} is not old.${field} begin ${named}; end`.execute(db);
  await sql`create trigger ${sql.ref(`${table}_${column}_renamed`)} after update of sort_name on ${referred}
    when new.sort_name is not old.sort_name
    begin update ${owner} set ${key} = new.sort_name where ${field} = new.id; end`.execute(db);
}

async function words(db: Kysely<unknown>, table: string): Promise<void> {
  const [owner, index] = [sql.table(table), sql.table(`${table}_words`)];
  await sql`create virtual table ${index}
    using fts5(search, content='', contentless_delete=1, tokenize='trigram')`.execute(db);
  await sql`insert into ${index} (rowid, search)
    select rowid, search from ${owner} where deletion_id is null order by rowid`.execute(db);
  const add = sql`insert into ${index} (rowid, search) select new.rowid, new.search where new.deletion_id is null`;
  const remove = sql`delete from ${index} where rowid = old.rowid`;
  await sql`create trigger ${sql.ref(`${table}_words_added`)} after insert on ${owner} begin ${add}; end`.execute(db);
  await sql`create trigger ${sql.ref(`${table}_words_changed`)} after update of search, deletion_id on ${owner}
    when new.search is not old.search or new.deletion_id is not old.deletion_id
    begin ${remove}; ${add}; end`.execute(db);
  await sql`create trigger ${sql.ref(`${table}_words_gone`)} after delete on ${owner} begin ${remove}; end`.execute(db);
}
