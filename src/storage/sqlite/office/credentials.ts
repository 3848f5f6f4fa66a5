import { sql, type RawBuilder } from 'kysely';
import type { Credentials } from '../../office-port.ts';
import type { GroupCommitter } from '../group-commit.ts';
import { execute, rows, type Database } from './database.ts';

/** Passwords and the links by which they are chosen, on SQLite. Only hashes are kept, of both. */
export function sqliteCredentials(database: Database, committer: GroupCommitter): Credentials {
  const write = (query: RawBuilder<unknown>): Promise<void> =>
    committer.write<void>({
      apply: () => execute(database, query),
      refused(error) {
        throw error;
      },
    });
  return {
    async of(userId) {
      const [row] = rows(database, sql`select * from office_credential where user_id = ${userId}`);
      return row === undefined
        ? null
        : {
            passwordHash: String(row['password_hash']),
            mustChange: row['must_change'] === 1,
            changedAtMs: Number(row['changed_at_ms']),
          };
    },
    put: (userId, { passwordHash, mustChange, changedAtMs }) =>
      write(sql`insert or replace into office_credential (user_id, password_hash, must_change, changed_at_ms)
        values (${sql.join([userId, passwordHash, mustChange ? 1 : 0, changedAtMs])})`),
    putLink: ({ tokenHash, userId, expiresAtMs }) =>
      write(sql`insert into office_password_link (token_hash, user_id, expires_at_ms)
        values (${sql.join([tokenHash, userId, expiresAtMs])})`),
    async linkedUser(tokenHash, nowMs) {
      const live = sql`token_hash = ${tokenHash} and expires_at_ms > ${nowMs}`;
      const [row] = rows(database, sql`select user_id from office_password_link where ${live}`);
      return row === undefined ? null : String(row['user_id']);
    },
    useLinks: (userId) => write(sql`delete from office_password_link where user_id = ${userId}`),
  };
}
