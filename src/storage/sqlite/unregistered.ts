import { sql } from 'kysely';
import type { Allowance } from '../ports.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';

/** Reads how many charges a badge that is nobody's has left at a station, as the station says (SOC-09). */
export function allowanceReader(connection: Connection): (key: string, stationId: string | null) => Allowance | null {
  const read = prepare(
    connection,
    builder(connection)
      .selectFrom('station')
      .innerJoin(sql<{ id: string }>`office_station`.as('declared'), 'declared.id', 'station.station_id')
      .leftJoin('unregistered_charge', (join) =>
        join
          .onRef('unregistered_charge.company_id', '=', 'station.company_id')
          .on('unregistered_charge.key', '=', slot),
      )
      .select([
        'station.company_id as companyId',
        sql<number>`declared.charges_before_registration`.as('allowed'),
        sql<number>`coalesce(unregistered_charge.charges, 0)`.as('charged'),
      ])
      .where('station.station_id', '=', slot)
      .where(sql<boolean>`station.access = 'public' and station.public_customers = 1`)
      .where(sql<boolean>`declared.charges_before_registration > 0`),
  );
  return (key, stationId) => {
    const row = read.get(key, stationId);
    if (row === undefined || row.companyId === null) return null;
    return { companyId: row.companyId, left: Math.max(0, row.allowed - row.charged) };
  };
}

/** Counts one more charge of such a badge. */
export function unregisteredWriter(connection: Connection): (companyId: string, key: string) => void {
  const count = prepare(
    connection,
    builder(connection)
      .insertInto('unregistered_charge')
      .values({ company_id: slot, key: slot, charges: sql<number>`1` })
      .onConflict((conflict) =>
        conflict.columns(['company_id', 'key']).doUpdateSet({ charges: sql<number>`unregistered_charge.charges + 1` }),
      ),
  );
  return (companyId, key) => void count.run(companyId, key);
}
