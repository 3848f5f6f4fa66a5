import type { Connection } from './connection.ts';

/** Whether people may make themselves known by SMS at a station: its box, and the option of its merchant. */
export function smsReader(connection: Connection): (stationId: string) => boolean {
  const found = connection.prepare<[string]>(
    `select 1 from office_station as s join office_subscriber as o on o.id = s.subscriber_id
      where s.id = +? and s.deletion_id is null and s.sms_identification = 1
        and exists (select 1 from json_each(o.options) where value = 'sms')`,
  );
  return (stationId) => found.get(stationId) !== undefined;
}
