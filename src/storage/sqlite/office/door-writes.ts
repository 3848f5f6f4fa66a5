import { sql, type RawBuilder } from 'kysely';
import type { DoorWrite } from '../../office-port.ts';
import { changesOf, execute, type Database } from './database.ts';
import { Stale } from './stale.ts';

/** Carries out a change of how somebody gets in. @throws Stale for a code or link that was used meanwhile. */
export function carryOutAtDoor(database: Database, write: DoorWrite): void {
  const run = (query: RawBuilder<unknown>): void => execute(database, query);
  const once = (query: RawBuilder<unknown>): void => {
    if (changesOf(database, query) === 0) throw new Stale();
  };
  switch (write.type) {
    case 'password': {
      const { passwordHash, mustChange, changedAtMs } = write.credential;
      return run(sql`insert or replace into office_credential (user_id, password_hash, must_change, changed_at_ms)
        values (${sql.join([write.userId, passwordHash, mustChange ? 1 : 0, changedAtMs])})`);
    }
    case 'password-link':
      return run(sql`insert into office_password_link (token_hash, user_id, expires_at_ms)
        values (${sql.join([write.tokenHash, write.userId, write.expiresAtMs])})`);
    case 'link-used':
      return once(sql`delete from office_password_link where token_hash = ${write.tokenHash}`);
    case 'customer-invitation':
      return run(sql`insert into office_customer_invitation (token_hash, customer_id, user_id, expires_at_ms)
        values (${sql.join([write.tokenHash, write.customerId, write.userId, write.expiresAtMs])})`);
    case 'invitation-used':
      return once(sql`delete from office_customer_invitation where token_hash = ${write.tokenHash}`);
    case 'links-expired':
      run(sql`delete from office_customer_invitation where expires_at_ms <= ${write.nowMs}`);
      return run(sql`delete from office_password_link where expires_at_ms <= ${write.nowMs}`);
    case 'links-gone':
      return run(sql`delete from office_password_link where user_id = ${write.userId}`);
    case 'factor-on': {
      const { ownerId, factor, recoveryHashes } = write;
      run(sql`insert or replace into second_factor (owner_id, secret, since_ms, last_step)
        values (${sql.join([ownerId, factor.secret, factor.sinceMs, factor.lastStep])})`);
      run(sql`delete from recovery_code where owner_id = ${ownerId}`);
      for (const hash of recoveryHashes)
        run(sql`insert into recovery_code (owner_id, code_hash) values (${sql.join([ownerId, hash])})`);
      return;
    }
    case 'factor-off':
      run(sql`delete from second_factor where owner_id = ${write.ownerId}`);
      return run(sql`delete from recovery_code where owner_id = ${write.ownerId}`);
    case 'code-used':
      return once(sql`update second_factor set last_step = ${write.step}
        where owner_id = ${write.ownerId} and last_step < ${write.step}`);
    case 'recovery-used':
      return once(sql`delete from recovery_code where owner_id = ${write.ownerId} and code_hash = ${write.codeHash}`);
  }
}

/** Forgets how the users of a deletion got in, when they are purged for good. */
export function forgetDoors(database: Database, deletionId: string): void {
  const gone = sql`(select id from office_user where deletion_id = ${deletionId})`;
  execute(database, sql`delete from office_credential where user_id in ${gone}`);
  execute(database, sql`delete from office_password_link where user_id in ${gone}`);
  execute(database, sql`delete from office_customer_invitation where user_id in ${gone}`);
  execute(database, sql`delete from second_factor where owner_id in ${gone}`);
  execute(database, sql`delete from recovery_code where owner_id in ${gone}`);
}
