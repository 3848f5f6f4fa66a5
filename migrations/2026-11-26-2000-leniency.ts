import { sql, type Kysely } from 'kysely';

/** How much a charger is forgiven is a choice of three, where there was a switch for strictness alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_station').addColumn('leniency', 'text').execute();
  await db.schema
    .alterTable('charge_point')
    .addColumn('leniency', 'text', (column) => column.notNull().defaultTo(sql`'tolerant'`))
    .execute();
  await sql`update office_station set leniency = case strict when 1 then 'strict' else 'tolerant' end`.execute(db);
  await sql`update charge_point set leniency = 'strict' where strict = 1`.execute(db);
  await db.schema.alterTable('office_station').dropColumn('strict').execute();
  await db.schema.alterTable('charge_point').dropColumn('strict').execute();
}
