import { sql } from 'kysely';
import type { ChargerCertificate, ChargerCredential, ChargerCredentials } from '../credential-port.ts';
import type { Row } from '../ports.ts';
import type { Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import { databaseOver, execute, rows } from './office/database.ts';

type PasswordRow = Extract<Row, { type: 'charger-password' }>;

/** What became of a password that a charger was told to take, inside the transaction of a commit. */
export function passwordWriter(connection: Connection): (row: PasswordRow) => void {
  const database = databaseOver(connection);
  return ({ chargePointId, state, hash, atMs, by }) => {
    const station = sql`select station_id from charge_point where charge_point_id = ${chargePointId}`;
    if (state === 'refused') {
      return execute(
        database,
        sql`update charger_credential set next_hash = null where station_id in (${station}) and next_hash = ${hash}`,
      );
    }
    const [current, next] = state === 'taken' ? [hash, null] : [null, hash];
    const kept = state === 'taken' ? sql`excluded.password_hash` : sql`charger_credential.password_hash`;
    return execute(
      database,
      sql`insert into charger_credential (station_id, password_hash, next_hash, set_at_ms, set_by)
        select station_id, ${current}, ${next}, ${atMs}, ${by} from (${station}) where true
        on conflict (station_id) do update set password_hash = ${kept}, next_hash = excluded.next_hash,
          set_at_ms = excluded.set_at_ms, set_by = excluded.set_by`,
    );
  };
}

/** Hashes of the passwords of chargers on SQLite; writes go through the group committer like everyone's. */
export function sqliteCredentials(connection: Connection, committer: GroupCommitter): ChargerCredentials {
  const database = databaseOver(connection);
  const written = (apply: () => void): Promise<void> =>
    committer.write<void>({
      apply,
      refused(error) {
        throw error;
      },
    });
  return {
    async of(key) {
      const station = sql`select station_id from charge_point where key = ${key}`;
      const [row] = rows(database, sql`select * from charger_credential where station_id = (${station})`);
      return row === undefined ? null : credentialOf(row);
    },
    async ofStation(stationId) {
      const [row] = rows(database, sql`select * from charger_credential where station_id = ${stationId}`);
      return row === undefined ? null : credentialOf(row);
    },
    put: ({ stationId, passwordHash, nextHash, setAtMs, setBy }) =>
      written(() =>
        execute(
          database,
          sql`insert or replace into charger_credential (station_id, password_hash, next_hash, set_at_ms, set_by)
            values (${sql.join([stationId, passwordHash, nextHash, setAtMs, setBy])})`,
        ),
      ),
    clear: (stationId) =>
      written(() => execute(database, sql`delete from charger_credential where station_id = ${stationId}`)),
    changed: (stationId) =>
      written(() =>
        execute(
          database,
          sql`update charger_credential set password_hash = next_hash, next_hash = null
            where station_id = ${stationId} and next_hash is not null`,
        ),
      ),
    putCertificate: ({ fingerprint, chargePointId, serialNumber, subject, issuedAtMs, expiresAtMs }) =>
      written(() =>
        execute(
          database,
          sql`insert or replace into charger_certificate (fingerprint, charge_point_id, station_id, serial_number,
              subject, issued_at_ms, expires_at_ms)
            select ${fingerprint}, charge_point_id, station_id, ${serialNumber}, ${subject}, ${issuedAtMs}, ${expiresAtMs}
            from charge_point where charge_point_id = ${chargePointId}`,
        ),
      ),
    async certificate(fingerprint) {
      const [row] = rows(database, sql`select * from charger_certificate where fingerprint = ${fingerprint}`);
      return row === undefined ? null : certificateOf(row);
    },
    async certificates(limit) {
      const found = rows(
        database,
        sql`select * from (select *, max(issued_at_ms) from charger_certificate where revoked_at_ms is null
            group by charge_point_id)
          order by expires_at_ms limit ${limit}`,
      );
      return found.map(certificateOf);
    },
    async certificatesOf(stationId, limit) {
      const found = rows(
        database,
        sql`select * from charger_certificate where station_id = ${stationId}
          order by issued_at_ms desc, fingerprint limit ${limit}`,
      );
      return found.map(certificateOf);
    },
    revoke: ({ fingerprint, atMs, by }) =>
      written(() =>
        execute(
          database,
          sql`update charger_certificate set revoked_at_ms = ${atMs}, revoked_by = ${by}
            where fingerprint = ${fingerprint} and revoked_at_ms is null`,
        ),
      ),
  };
}

function credentialOf(row: Readonly<Record<string, unknown>>): ChargerCredential {
  return {
    stationId: String(row['station_id']),
    passwordHash: row['password_hash'] as string | null,
    nextHash: row['next_hash'] as string | null,
    setAtMs: Number(row['set_at_ms']),
    setBy: String(row['set_by']),
  };
}

function certificateOf(row: Readonly<Record<string, unknown>>): ChargerCertificate {
  return {
    fingerprint: String(row['fingerprint']),
    chargePointId: String(row['charge_point_id']),
    stationId: String(row['station_id']),
    serialNumber: String(row['serial_number']),
    subject: String(row['subject']),
    issuedAtMs: Number(row['issued_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    revokedAtMs: row['revoked_at_ms'] as number | null,
    revokedBy: row['revoked_by'] as string | null,
  };
}
