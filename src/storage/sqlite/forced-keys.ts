import { sql } from 'kysely';
import { foldedKey, type ForcedKeyRow, type StationKeys } from '#src/domain/forced-keys.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';

/** Writes of forced values, inside the transaction of whoever asks. Statements are compiled once. */
export function forcedKeyWriter(connection: Connection): {
  readonly put: (forced: ForcedKeyRow) => void;
  /** Left alone when it is there. */
  readonly declare: (forced: ForcedKeyRow) => void;
  readonly remove: (of: Pick<ForcedKeyRow, 'stationId' | 'key'>) => void;
} {
  const build = builder(connection);
  const insert = build
    .insertInto('forced_key')
    .values({ station_id: slot, folded: slot, key: slot, value: slot, forced_by: slot, at_ms: slot });
  const put = prepare(
    connection,
    insert.onConflict((conflict) =>
      conflict.columns(['station_id', 'folded']).doUpdateSet(({ ref }) => ({
        key: ref('excluded.key'),
        value: ref('excluded.value'),
        forced_by: ref('excluded.forced_by'),
        at_ms: ref('excluded.at_ms'),
      })),
    ),
  );
  const declare = prepare(
    connection,
    insert.onConflict((conflict) => conflict.columns(['station_id', 'folded']).doNothing()),
  );
  const remove = prepare(
    connection,
    build.deleteFrom('forced_key').where('station_id', '=', slot).where('folded', '=', slot),
  );
  const values = (f: ForcedKeyRow) => [f.stationId, foldedKey(f.key), f.key, f.value, f.by, f.atMs] as const;
  return {
    put: (forced) => void put.run(...values(forced)),
    declare: (forced) => void declare.run(...values(forced)),
    remove: ({ stationId, key }) => void remove.run(stationId, foldedKey(key)),
  };
}

/** What the station of a charger says of its keys. The back office has more to say of it where there is one. */
export function stationKeysReader(connection: Connection): (chargePointKey: string) => StationKeys | null {
  const build = builder(connection);
  const station = prepare(
    connection,
    build
      .selectFrom('charge_point')
      .leftJoin(
        sql<{
          id: string;
          manufacturer: string | null;
          make: string | null;
          permanent_power_w: number | null;
          company: string | null;
        }>`office_station`.as('office'),
        'office.id',
        'charge_point.station_id',
      )
      .leftJoin(
        sql<{ id: string; charger_message: string | null }>`office_company`.as('company'),
        'company.id',
        'office.company',
      )
      .select([
        'charge_point.station_id as stationId',
        'charge_point.charge_wh_max as chargeWh',
        'office.manufacturer as manufacturer',
        'office.make as make',
        'office.permanent_power_w as permanentPowerW',
        'company.charger_message as message',
      ])
      .where('charge_point.key', '=', slot),
  );
  const forced = prepare(
    connection,
    build
      .selectFrom('forced_key')
      .select(['station_id as stationId', 'key', 'value', 'forced_by as by', 'at_ms as atMs'])
      .where('station_id', '=', slot)
      .orderBy('folded'),
  );
  return (chargePointKey) => {
    const row = station.get(chargePointKey);
    if (row === undefined) return null;
    const { chargeWh, ...declared } = row;
    return { ...declared, limitsEnergy: chargeWh !== null, forced: forced.all(row.stationId) };
  };
}
