import { sql } from 'kysely';
import type { Credentials } from '../../office-port.ts';
import { rows, type Database } from './database.ts';

/** Passwords, the links by which they are chosen, and second factors, on SQLite. Of passwords, links and codes only hashes are kept. */
export function sqliteCredentials(database: Database): Credentials {
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
    async linkedUser(tokenHash, nowMs) {
      const live = sql`token_hash = ${tokenHash} and expires_at_ms > ${nowMs}`;
      const [row] = rows(database, sql`select user_id from office_password_link where ${live}`);
      return row === undefined ? null : String(row['user_id']);
    },
    async invitation(tokenHash, nowMs) {
      const live = sql`token_hash = ${tokenHash} and expires_at_ms > ${nowMs}`;
      const [row] = rows(database, sql`select customer_id, user_id from office_customer_invitation where ${live}`);
      return row === undefined ? null : { customerId: String(row['customer_id']), userId: String(row['user_id']) };
    },
    async isInvited(userId, nowMs) {
      const live = sql`user_id = ${userId} and expires_at_ms > ${nowMs}`;
      return rows(database, sql`select 1 from office_customer_invitation where ${live} limit 1`).length > 0;
    },
    async factor(ownerId) {
      const [row] = rows(database, sql`select * from second_factor where owner_id = ${ownerId}`);
      return row === undefined
        ? null
        : { secret: String(row['secret']), sinceMs: Number(row['since_ms']), lastStep: Number(row['last_step']) };
    },
    async recoveryCodes(ownerId) {
      const [row] = rows(database, sql`select count(*) as n from recovery_code where owner_id = ${ownerId}`);
      return Number(row?.['n']);
    },
  };
}
