import { kitChargePointId } from '#src/domain/kit.ts';
import { sql } from 'kysely';
import type { AlertRecipient, AlertRow, ParkingLimits } from '#src/domain/alert.ts';
import type { ChargePointId } from '#src/domain/ids.ts';
import type { PostChannel } from '#src/domain/post.ts';
import type { AlertStore } from '../alert-port.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import { changesOf, databaseOver, execute, rows, type Database } from './office/database.ts';

/** Writes an alert as it is now, inside the transaction of a commit. The statement is compiled once. */
export function alertWriter(connection: Connection): (alert: AlertRow) => void {
  const upsert = prepare(
    connection,
    builder(connection)
      .insertInto('alert')
      .values({
        alert_id: slot,
        charge_point_id: slot,
        cause: slot,
        code: slot,
        parts: slot,
        station_id: slot,
        station_name: slot,
        city: slot,
        subscriber_id: slot,
        company_id: slot,
        opened_at_ms: slot,
        times: slot,
        ended_at_ms: slot,
        acknowledged: slot,
        escalated_at_ms: slot,
        told: slot,
      })
      .onConflict((conflict) =>
        conflict.column('alert_id').doUpdateSet(({ ref }) => ({
          parts: ref('excluded.parts'),
          times: ref('excluded.times'),
          ended_at_ms: ref('excluded.ended_at_ms'),
          acknowledged: ref('excluded.acknowledged'),
          escalated_at_ms: ref('excluded.escalated_at_ms'),
          told: ref('excluded.told'),
        })),
      ),
  );
  return (a) => {
    upsert.run(
      a.alertId,
      a.chargePointId,
      a.cause,
      a.code,
      JSON.stringify(a.parts),
      a.stationId,
      a.stationName,
      a.city,
      a.subscriberId,
      a.companyId,
      a.openedAtMs,
      a.times,
      a.endedAtMs,
      a.acknowledged === null ? null : JSON.stringify(a.acknowledged),
      a.escalatedAtMs,
      JSON.stringify(a.told),
    );
  };
}

/** Names the recipients of a station among these users: the others are left as they are. */
export function writeRecipients(deps: Database, stationId: string, recipients: readonly AlertRecipient[]): void {
  const users = JSON.stringify(recipients.map(({ userId }) => userId));
  const these = sql`user_id in (select value from json_each(${users}))`;
  execute(deps, sql`delete from alert_recipient where station_id = ${stationId} and ${these}`);
  for (const { userId, fault, parking } of recipients) {
    if (fault.length + parking.length === 0) continue;
    const values = sql.join([stationId, userId, JSON.stringify(fault), JSON.stringify(parking)]);
    execute(deps, sql`insert into alert_recipient (station_id, user_id, fault, parking) values (${values})`);
  }
}

/** MPU-06: whoever loses the maintenance of a company loses its alerts, and names his people again if he gets it back. */
export function forgetMaintainer(deps: Database, of: { companyId: string; maintainerId: string }): void {
  const stations = sql`select id from office_station where company = ${of.companyId}`;
  const users = sql`select id from office_user where subscriber_id = ${of.maintainerId}`;
  execute(deps, sql`delete from alert_recipient where station_id in (${stations}) and user_id in (${users})`);
}

/** Alerts on SQLite: reads are immediate, writes go through the group committer like everyone's. */
export function sqliteAlerts(connection: Connection, committer: GroupCommitter): AlertStore {
  const database = databaseOver(connection);
  return {
    async list({ open, among, offset, limit }) {
      const state = open ? sql`ended_at_ms is null` : sql`ended_at_ms is not null`;
      const his =
        among === undefined ? sql`1` : sql`station_id in (select value from json_each(${JSON.stringify(among)}))`;
      const where = sql`${state} and ${his}`;
      const [count] = rows(database, sql`select count(*) as found from alert where ${where}`);
      const order = sql`order by opened_at_ms desc, alert_id limit ${limit} offset ${offset}`;
      const found = rows(database, sql`select * from alert where ${where} ${order}`);
      return { rows: found.map(alertOf), found: Number(count?.['found']) };
    },
    async find(alertId) {
      return rows(database, sql`select * from alert where alert_id = ${alertId}`).map(alertOf)[0] ?? null;
    },
    async recipients(stationId) {
      return rows(database, sql`select * from alert_recipient where station_id = ${stationId}`).map((row) => ({
        userId: String(row['user_id']),
        fault: JSON.parse(String(row['fault'])) as PostChannel[],
        parking: JSON.parse(String(row['parking'])) as PostChannel[],
      }));
    },
    purgeEnded: (beforeMs, limit) =>
      committer.write<number>({
        apply() {
          const some = sql`select alert_id from alert where ended_at_ms < ${beforeMs} order by ended_at_ms limit ${limit}`;
          return changesOf(database, sql`delete from alert where alert_id in (${some})`);
        },
        refused(error) {
          throw error;
        },
      }),
    async parkingLimits(chargePointId) {
      const known = sql`case when protocol = 'lafon-pulse' then ${kitChargePointId('')} || kit_serial else identity end`;
      const which = chargePointId === undefined ? sql`${known} is not null` : sql`${known} = ${chargePointId}`;
      const limited = sql`coalesce(parking_before_minutes, parking_after_minutes, parking_minutes_max) is not null`;
      const found = rows(
        database,
        sql`select ${known} as identity, parking_before_minutes, parking_after_minutes, parking_minutes_max from office_station
          where deletion_id is null and ${which} and ${limited}`,
      );
      return new Map(
        found.map((row): [ChargePointId, ParkingLimits] => [
          String(row['identity']),
          {
            beforeMinutes: row['parking_before_minutes'] as number | null,
            afterMinutes: row['parking_after_minutes'] as number | null,
            maxMinutes: row['parking_minutes_max'] as number | null,
          },
        ]),
      );
    },
  };
}

function alertOf(row: Readonly<Record<string, unknown>>): AlertRow {
  const acknowledged = row['acknowledged'];
  return {
    alertId: String(row['alert_id']),
    chargePointId: String(row['charge_point_id']),
    cause: row['cause'] as AlertRow['cause'],
    code: row['code'] as string | null,
    parts: JSON.parse(String(row['parts'])) as number[],
    stationId: String(row['station_id']),
    stationName: String(row['station_name']),
    city: String(row['city']),
    subscriberId: row['subscriber_id'] as string | null,
    companyId: row['company_id'] as string | null,
    openedAtMs: Number(row['opened_at_ms']),
    times: Number(row['times']),
    endedAtMs: row['ended_at_ms'] as number | null,
    acknowledged: acknowledged === null ? null : (JSON.parse(String(acknowledged)) as AlertRow['acknowledged']),
    escalatedAtMs: row['escalated_at_ms'] as number | null,
    told: JSON.parse(String(row['told'])) as AlertRow['told'],
  };
}
