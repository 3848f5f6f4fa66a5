import { sql } from 'kysely';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { DropJob, DropStore, FirmwareFile } from '../drop-port.ts';
import type { Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import { changesOf, databaseOver, execute, rows } from './office/database.ts';
import { tableOf } from './office/table.ts';

/** Jobs of the drop on SQLite: reads are immediate, writes go through the group committer like everyone's. */
export function sqliteDrop(connection: Connection, committer: GroupCommitter): DropStore {
  const database = databaseOver(connection);
  const written = <Result>(apply: () => Result): Promise<Result> =>
    committer.write<Result>({
      apply,
      refused(error) {
        throw error;
      },
    });
  return {
    putJob: (job) =>
      written(() =>
        execute(
          database,
          sql`insert into drop_job (job_id, charge_point_id, kind, secret_hash, firmware_id, file_name, bytes, state,
              created_at_ms, expires_at_ms, from_ms, to_ms)
            values (${sql.join([
              job.jobId,
              job.chargePointId,
              job.kind,
              job.secretHash,
              job.firmwareId,
              job.fileName,
              job.bytes,
              job.state,
              job.createdAtMs,
              job.expiresAtMs,
              job.fromMs,
              job.toMs,
            ])})
            on conflict (job_id) do update set secret_hash = excluded.secret_hash,
              created_at_ms = excluded.created_at_ms, expires_at_ms = excluded.expires_at_ms
              where drop_job.state = 'open'`,
        ),
      ),
    async job(jobId) {
      const [row] = rows(database, sql`select * from drop_job where job_id = ${jobId}`);
      return row === undefined ? null : jobOf(row);
    },
    arrived: (jobId, { fileName, bytes }) =>
      written(
        () =>
          changesOf(
            database,
            sql`update drop_job set state = 'arrived', file_name = ${fileName}, bytes = ${bytes}
              where job_id = ${jobId} and state = 'open'`,
          ) > 0,
      ),
    closed: (jobId) =>
      written(() => execute(database, sql`update drop_job set state = 'closed' where job_id = ${jobId}`)),
    forget: (beforeMs, limit) =>
      written(() => {
        const some = sql`select job_id from drop_job where expires_at_ms < ${beforeMs} order by expires_at_ms limit ${limit}`;
        const gone = rows(database, sql`delete from drop_job where job_id in (${some}) returning job_id`);
        return gone.map((row) => String(row['job_id']));
      }),
    putFirmwareFile: (file) =>
      written(() =>
        execute(
          database,
          sql`insert or replace into firmware_file
              (firmware_id, file_name, bytes, sha256, uploaded_at_ms, uploaded_by)
            values (${sql.join([
              file.firmwareId,
              file.fileName,
              file.bytes,
              file.sha256,
              file.uploadedAtMs,
              file.uploadedBy,
            ])})`,
        ),
      ),
    async firmwareFile(firmwareId) {
      const [row] = rows(database, sql`select * from firmware_file where firmware_id = ${firmwareId}`);
      return row === undefined ? null : fileOf(row);
    },
    async firmwareFilesOfNobody(limit) {
      const known = sql`select id from ${sql.table(tableOf(ENTITIES.firmware))}`;
      const found = rows(
        database,
        sql`select firmware_id from firmware_file where firmware_id not in (${known}) limit ${limit}`,
      );
      return found.map((row) => String(row['firmware_id']));
    },
    forgetFirmwareFile: (firmwareId) =>
      written(() => execute(database, sql`delete from firmware_file where firmware_id = ${firmwareId}`)),
  };
}

function jobOf(row: Readonly<Record<string, unknown>>): DropJob {
  return {
    jobId: String(row['job_id']),
    chargePointId: String(row['charge_point_id']),
    kind: row['kind'] as DropJob['kind'],
    secretHash: String(row['secret_hash']),
    firmwareId: row['firmware_id'] as string | null,
    fileName: row['file_name'] as string | null,
    bytes: row['bytes'] as number | null,
    state: row['state'] as DropJob['state'],
    createdAtMs: Number(row['created_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    fromMs: row['from_ms'] as number | null,
    toMs: row['to_ms'] as number | null,
  };
}

function fileOf(row: Readonly<Record<string, unknown>>): FirmwareFile {
  return {
    firmwareId: String(row['firmware_id']),
    fileName: String(row['file_name']),
    bytes: Number(row['bytes']),
    sha256: String(row['sha256']),
    uploadedAtMs: Number(row['uploaded_at_ms']),
    uploadedBy: String(row['uploaded_by']),
  };
}
