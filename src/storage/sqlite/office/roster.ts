import { sql, type RawBuilder } from 'kysely';
import { chargePointKey } from '#src/domain/ids.ts';
import { leniencyOf } from '#src/domain/leniency.ts';
import { KIT_FREE_BADGE, kitChargePointId } from '#src/domain/kit.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { highestConnectorId } from '#src/domain/office/points.ts';
import { execute, rows, type Database } from './database.ts';
import { recordOf, type Cells } from './table.ts';

/**
 * What chargers' actors know of stations follows what people write of them: the roster is a projection, made in the
 * transaction that changes the record. An inactive station, company, subscriber or charger is treated as non-existent (MOD-06).
 */
export function projectStations(deps: Database, which: RawBuilder<unknown>, atMs: number): void {
  const found = rows(
    deps,
    sql`select s.id, s.name, s.address, s.postcode, s.city, s.access, s.public_customers,
        s.identity, s.serial_number, s.free_service_tag, s.leniency, s.evses, s.charge_minutes_max,
        s.charge_wh_max, s.unlock_minutes, s.protocol, s.kit_serial, s.max_power_w,
        -- LAF-04: a kit whose card the platform granted to somebody else, or to nobody, belongs to no charger.
        s.media_type = 'gprs' and exists (select 1 from office_sim where iccid = s.sim_iccid collate nocase
          and deletion_id is null and inactive = 0 and merchant is not s.subscriber_id) as unattached,
        s.permanent_power_w, s.subscriber_id, s.company, c.name as merchant,
        max(s.inactive, coalesce(s.charger_inactive, 0), coalesce(c.inactive, 0),
          coalesce(o.inactive, 0)) as inactive
      from (select * from office_station where deletion_id is null and ${which}) as s
      left join office_company as c on c.id = s.company
      left join office_subscriber as o on o.id = s.subscriber_id`,
  );
  const points = pointsOf(
    deps,
    found.map(({ id }) => String(id)),
  );
  for (const row of found) {
    const described = highestConnectorId(points.get(String(row['id'])) ?? []);
    const connectors = described > 0 ? described : (row['evses'] ?? 0);
    projectOne(deps, { ...row, connectors, ...(row['protocol'] === 'lafon-pulse' && asKit(row)) }, atMs);
  }
}

/** A kit is known by its own serial number, and its connectors are its points. */
function asKit(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const serial = row['unattached'] === 1 ? null : row['kit_serial'];
  return {
    identity: typeof serial === 'string' ? kitChargePointId(serial) : null,
    serial_number: serial,
    connectors: row['evses'] ?? 0,
    permanent_power_w: Math.max(Number(row['permanent_power_w'] ?? 0), Number(row['max_power_w'] ?? 0)),
    free_service_tag: row['free_service_tag'] ?? KIT_FREE_BADGE,
    // It holds its vehicles to them by itself.
    charge_minutes_max: null,
    charge_wh_max: null,
    unlock_minutes: null,
  };
}

/** The live points of each of these stations. */
function pointsOf(deps: Database, stationIds: readonly string[]): ReadonlyMap<string, readonly RecordRow[]> {
  const these = sql`(select value from json_each(${JSON.stringify(stationIds)}))`;
  const found = rows(deps, sql`select * from office_evse where deletion_id is null and station in ${these}`);
  return Map.groupBy(
    found.map((row) => recordOf(ENTITIES.evse, row as Cells)),
    ({ values }) => String(values['station']),
  );
}

/** Their chargers become strangers. */
export function forgetStations(deps: Database, ids: readonly string[], atMs: number): void {
  const these = sql`station_id in (select value from json_each(${JSON.stringify(ids)}))`;
  release(deps, these, atMs);
  execute(deps, sql`delete from charge_point where ${these}`);
  execute(deps, sql`delete from station where ${these}`);
}

/** These chargers leave their stations: whoever gets their identities next does not get their history. */
function release(deps: Database, which: RawBuilder<unknown>, atMs: number): void {
  execute(
    deps,
    sql`insert or replace into identity_release (key, station_id, until_ms)
      select key, station_id, ${atMs} from charge_point where ${which}`,
  );
}

function projectOne(deps: Database, row: Readonly<Record<string, unknown>>, atMs: number): void {
  const { id, identity } = row;
  const station = sql.join([
    id,
    row['name'],
    String(row['address'] ?? '').replaceAll('\n', ', '),
    row['postcode'] ?? '',
    row['city'] ?? '',
    row['merchant'] ?? '',
    row['access'] ?? 'public',
    row['subscriber_id'],
    row['company'],
    row['public_customers'] ?? 0,
  ]);
  execute(
    deps,
    sql`insert into station (station_id, name, address, postcode, city, merchant, access, subscriber_id, company_id,
        public_customers)
      values (${station})
      on conflict (station_id) do update set name = excluded.name, address = excluded.address,
        postcode = excluded.postcode, city = excluded.city, merchant = excluded.merchant, access = excluded.access,
        subscriber_id = excluded.subscriber_id, company_id = excluded.company_id,
        public_customers = excluded.public_customers`,
  );
  const key = typeof identity === 'string' ? chargePointKey(identity) : null;
  // A station has one charger (MOD-02): another identity is another charger.
  const another = sql`station_id = ${id} and key is not ${key}`;
  release(deps, another, atMs);
  execute(deps, sql`delete from charge_point where ${another}`);
  if (key === null) return;
  // What it was under the stations before is theirs.
  const since = sql`coalesce((select max(until_ms) from identity_release where key = ${key} and station_id <> ${id}), 0)`;
  const chargePoint = sql.join([
    key,
    identity,
    id,
    row['connectors'],
    row['permanent_power_w'] ?? 0,
    0,
    row['serial_number'],
    row['free_service_tag'],
    leniencyOf(row['leniency']),
    row['charge_minutes_max'],
    row['charge_wh_max'],
    row['unlock_minutes'],
    row['inactive'],
    since,
  ]);
  execute(
    deps,
    sql`insert into charge_point (key, charge_point_id, station_id, connectors, power_max_w,
        energy_price_mills_per_kwh, serial_number, free_service_tag, leniency,
        charge_minutes_max, charge_wh_max, unlock_minutes, inactive, history_since_ms)
      values (${chargePoint})
      on conflict (key) do update set charge_point_id = excluded.charge_point_id, station_id = excluded.station_id,
        connectors = excluded.connectors, power_max_w = excluded.power_max_w,
        serial_number = excluded.serial_number,
        free_service_tag = excluded.free_service_tag, leniency = excluded.leniency,
        charge_minutes_max = excluded.charge_minutes_max, charge_wh_max = excluded.charge_wh_max,
        unlock_minutes = excluded.unlock_minutes, inactive = excluded.inactive,
        history_since_ms = excluded.history_since_ms`,
  );
}
