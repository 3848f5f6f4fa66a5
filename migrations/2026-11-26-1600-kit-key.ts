import { sql, type Kysely } from 'kysely';

/**
 * The key that a kit signs with stands beside its record. Stations with a kit become chargers of the fleet, as those
 * with an OCPP identity are; a card that was granted to somebody else keeps its kit out (LAF-04).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('office_kit').addColumn('secret_key', 'text').execute();
  await sql`insert or ignore into charge_point (key, charge_point_id, station_id, connectors, power_max_w,
      energy_price_mills_per_kwh, serial_number, free_service_tag, inactive, history_since_ms)
    select 'KIT:' || upper(s.kit_serial), 'kit:' || s.kit_serial, s.id, coalesce(s.evses, 0),
      max(coalesce(s.permanent_power_w, 0), coalesce(s.max_power_w, 0)), 0, s.kit_serial,
      coalesce(s.free_service_tag, 'LIBRE-SERVICE'),
      max(s.inactive, coalesce(s.charger_inactive, 0), coalesce(c.inactive, 0), coalesce(o.inactive, 0)), 0
    from office_station as s
      join station on station.station_id = s.id
      left join office_company as c on c.id = s.company
      left join office_subscriber as o on o.id = s.subscriber_id
    where s.deletion_id is null and s.protocol = 'lafon-pulse' and s.kit_serial is not null
      and not (s.media_type = 'gprs' and exists (select 1 from office_sim as m where m.iccid = s.sim_iccid collate nocase
        and m.deletion_id is null and m.inactive = 0 and m.merchant is not s.subscriber_id))`.execute(db);
}
