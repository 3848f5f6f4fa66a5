import { sql, type Kysely } from 'kysely';

const COLUMNS = {
  protocol: 'text',
  ws_addressing: 'integer',
  charger_url: 'text',
  remember_address: 'integer',
  charger_port: 'integer',
  kit_serial: 'text',
  media_type: 'text',
  udp_port: 'integer',
  unlock_token: 'text',
  max_power_w: 'integer',
  max_power_from: 'text',
  max_power_to: 'text',
  sim_apn: 'text',
  sim_login: 'text',
  sim_password: 'text',
  sim_phone: 'text',
  sim_iccid: 'text',
  unlock_minutes: 'integer',
  gireve_advenir: 'integer',
  gireve_customers: 'integer',
  gireve_offline: 'integer',
  easyconnect_customers: 'integer',
} as const;

/** How a charger is reached, by OCPP or LafonPulse; every charger so far speaks OCPP 1.6 JSON. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [name, type] of Object.entries(COLUMNS))
    await db.schema.alterTable('office_station').addColumn(name, type).execute();
  await sql`update office_station set protocol = 'ocpp', media_type = 'gprs',
    ocpp_version = coalesce(ocpp_version, '1.6-json'), token_type = coalesce(token_type, 'rfid')`.execute(db);
  await sql`create unique index office_station_unique_kit_serial on office_station (kit_serial collate nocase)
    where deletion_id is null`.execute(db);
}
