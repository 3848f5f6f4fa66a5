import { sql } from 'kysely';
import type { KitRegistry, KitSettings } from '#src/domain/kit.ts';
import { FRANCE } from '#src/domain/time-zone.ts';
import type { Connection } from './connection.ts';
import { databaseOver, rows } from './office/database.ts';

type Row = Readonly<Record<string, unknown>>;

/** Kits with their keys, and what the page of their station says, on SQLite. What is inactive is not there (MOD-06). */
export function sqliteKits(connection: Connection): KitRegistry {
  const database = databaseOver(connection);
  return {
    async find(serial) {
      const [row] = rows(
        database,
        sql`select k.serial_number as kit, k.secret_key, s.*, c.charger_message from office_kit as k
          left join office_station as s on s.kit_serial = k.serial_number collate nocase
            and s.protocol = 'lafon-pulse' and s.deletion_id is null
          left join office_company as c on c.id = s.company
          where k.serial_number = ${serial} collate nocase and k.deletion_id is null and k.inactive = 0
            and k.secret_key is not null`,
      );
      if (row === undefined) return null;
      return {
        serial: String(row['kit']),
        key: Buffer.from(String(row['secret_key']), 'hex'),
        settings: row['id'] === null ? null : settingsOf(row),
      };
    },
  };
}

function settingsOf(row: Row): KitSettings {
  const number = (name: string) => row[name] as number | null;
  const text = (name: string) => row[name] as string | null;
  const powerW = number('max_power_w');
  const from = text('max_power_from');
  const to = text('max_power_to');
  return {
    permanentPowerW: number('permanent_power_w') ?? 0,
    maxPower: powerW === null || from === null || to === null ? null : { powerW, from, to },
    timeZone: text('time_zone') ?? FRANCE,
    unlockToken: text('unlock_token'),
    chargeMinutesMax: number('charge_minutes_max'),
    chargeWhMax: number('charge_wh_max'),
    unlockMinutes: number('unlock_minutes'),
    parkingBeforeMinutes: number('parking_before_minutes'),
    parkingAfterMinutes: number('parking_after_minutes'),
    parkingMinutesMax: number('parking_minutes_max'),
    language: text('language') ?? 'fr',
    // SOC-08: what the company has its chargers show goes before what one station tells its customers.
    text: text('charger_message') ?? text('customer_info'),
  };
}
