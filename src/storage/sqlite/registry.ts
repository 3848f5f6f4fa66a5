import type { ChargePointRow, LoginRow, Registry, StationRow, UserRow } from '../registry-port.ts';
import { builder, prepare, slot, type Connection, type Statement } from './connection.ts';
import { forcedKeyWriter } from './forced-keys.ts';
import type { GroupCommitter } from './group-commit.ts';
import { EventPurge, type Follower } from './purge.ts';

/** What people declare; written through the group committer, so that ten thousand at once share their commits. */
export function sqliteRegistry(connection: Connection, committer: GroupCommitter, follower: Follower): Registry {
  const statements = registryStatements(connection);
  const purge = new EventPurge(connection, committer, follower);
  const forcedKeys = forcedKeyWriter(connection);
  const put = (statement: Statement<unknown>, ...values: readonly unknown[]): Promise<void> =>
    committer.write<void>({
      apply: () => void statement.run(...values),
      refused: (error) => {
        throw error;
      },
    });
  return {
    putStation: (s: StationRow) =>
      put(
        statements.station,
        s.stationId,
        s.name,
        s.address,
        s.postcode,
        s.city,
        s.merchant,
        s.access,
        s.subscriberId,
        s.companyId,
      ),
    putChargePoint: (c: ChargePointRow) =>
      put(
        statements.chargePoint,
        c.key,
        c.chargePointId,
        c.stationId,
        c.connectors,
        c.powerMaxW,
        c.energyPriceMillsPerKwh,
        c.serialNumber,
        c.freeServiceTag,
        c.leniency,
        c.limits.chargeMinutes,
        c.limits.chargeWh,
        c.limits.unlockMinutes,
        c.inactive ? 1 : 0,
      ),
    putIdToken: (t) =>
      put(
        statements.idToken,
        t.key,
        t.idTag,
        t.blocked ? 1 : 0,
        t.expiresAtMs,
        t.walletId,
        t.driver,
        t.freeService ? 1 : 0,
      ),
    declareForcedKey: (forced) =>
      committer.write<void>({
        apply: () => forcedKeys.declare(forced),
        refused: (error) => {
          throw error;
        },
      }),
    putUser: (u) => put(statements.putUser, u.username, u.passwordHash, u.displayName, u.createdAtMs),
    user: async (username): Promise<UserRow | null> => statements.user.get(username) ?? null,
    putLogin: (l) =>
      put(
        statements.putLogin,
        l.tokenHash,
        l.username,
        l.userId,
        l.createdAtMs,
        l.expiresAtMs,
        l.address,
        l.browser,
        l.enteredId,
      ),
    login: async (tokenHash): Promise<LoginRow | null> => statements.login.get(tokenHash) ?? null,
    loginsOf: async (userId, username) => statements.loginsOf.all(userId, username),
    deleteLogin: (tokenHash) => put(statements.deleteLogin, tokenHash),
    deleteExpiredLogins: (nowMs) => put(statements.deleteExpiredLogins, nowMs),
    putApiToken: (a) => put(statements.putApiToken, a.tokenHash, a.label, a.createdAtMs),
    apiToken: async (tokenHash) => statements.apiToken.get(tokenHash) ?? null,
    purgeEvents: (cut) => purge.purge(cut),
  };
}

function registryStatements(connection: Connection) {
  const build = builder(connection);
  const logins = build
    .selectFrom('login')
    .select([
      'token_hash as tokenHash',
      'username',
      'user_id as userId',
      'created_at_ms as createdAtMs',
      'expires_at_ms as expiresAtMs',
      'address',
      'browser',
      'entered_id as enteredId',
    ]);
  return {
    station: prepare(
      connection,
      build
        .insertInto('station')
        .values({
          station_id: slot,
          name: slot,
          address: slot,
          postcode: slot,
          city: slot,
          merchant: slot,
          access: slot,
          subscriber_id: slot,
          company_id: slot,
        })
        .onConflict((conflict) =>
          conflict.column('station_id').doUpdateSet(({ ref }) => ({
            name: ref('excluded.name'),
            address: ref('excluded.address'),
            postcode: ref('excluded.postcode'),
            city: ref('excluded.city'),
            merchant: ref('excluded.merchant'),
            access: ref('excluded.access'),
            subscriber_id: ref('excluded.subscriber_id'),
            company_id: ref('excluded.company_id'),
          })),
        ),
    ),
    chargePoint: prepare(
      connection,
      build
        .insertInto('charge_point')
        .values({
          key: slot,
          charge_point_id: slot,
          station_id: slot,
          connectors: slot,
          power_max_w: slot,
          energy_price_mills_per_kwh: slot,
          serial_number: slot,
          free_service_tag: slot,
          leniency: slot,
          charge_minutes_max: slot,
          charge_wh_max: slot,
          unlock_minutes: slot,
          inactive: slot,
        })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet(({ ref }) => ({
            charge_point_id: ref('excluded.charge_point_id'),
            station_id: ref('excluded.station_id'),
            connectors: ref('excluded.connectors'),
            power_max_w: ref('excluded.power_max_w'),
            energy_price_mills_per_kwh: ref('excluded.energy_price_mills_per_kwh'),
            serial_number: ref('excluded.serial_number'),
            free_service_tag: ref('excluded.free_service_tag'),
            leniency: ref('excluded.leniency'),
            charge_minutes_max: ref('excluded.charge_minutes_max'),
            charge_wh_max: ref('excluded.charge_wh_max'),
            unlock_minutes: ref('excluded.unlock_minutes'),
            inactive: ref('excluded.inactive'),
          })),
        ),
    ),
    idToken: prepare(
      connection,
      build
        .insertInto('id_token')
        .values({
          key: slot,
          id_tag: slot,
          blocked: slot,
          expires_at_ms: slot,
          wallet_id: slot,
          driver: slot,
          free_service: slot,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['key', 'owner'])
            .doUpdateSet(({ ref }) => ({
              id_tag: ref('excluded.id_tag'),
              blocked: ref('excluded.blocked'),
              expires_at_ms: ref('excluded.expires_at_ms'),
              wallet_id: ref('excluded.wallet_id'),
              driver: ref('excluded.driver'),
              free_service: ref('excluded.free_service'),
            }))
            .where('id_token.customer_id', 'is', null),
        ),
    ),
    putUser: prepare(
      connection,
      build
        .insertInto('user_account')
        .values({ username: slot, password_hash: slot, display_name: slot, created_at_ms: slot })
        .onConflict((conflict) =>
          conflict.column('username').doUpdateSet(({ ref }) => ({
            password_hash: ref('excluded.password_hash'),
            display_name: ref('excluded.display_name'),
            created_at_ms: ref('excluded.created_at_ms'),
          })),
        ),
    ),
    user: prepare(
      connection,
      build
        .selectFrom('user_account')
        .select([
          'username',
          'password_hash as passwordHash',
          'display_name as displayName',
          'created_at_ms as createdAtMs',
        ])
        .where('username', '=', slot),
    ),
    putLogin: prepare(
      connection,
      build
        .insertInto('login')
        .values({
          token_hash: slot,
          username: slot,
          user_id: slot,
          created_at_ms: slot,
          expires_at_ms: slot,
          address: slot,
          browser: slot,
          entered_id: slot,
        })
        .onConflict((conflict) =>
          conflict.column('token_hash').doUpdateSet(({ ref }) => ({
            username: ref('excluded.username'),
            user_id: ref('excluded.user_id'),
            created_at_ms: ref('excluded.created_at_ms'),
            expires_at_ms: ref('excluded.expires_at_ms'),
            address: ref('excluded.address'),
            browser: ref('excluded.browser'),
            entered_id: ref('excluded.entered_id'),
          })),
        ),
    ),
    login: prepare(connection, logins.where('token_hash', '=', slot)),
    loginsOf: prepare(
      connection,
      logins.where('user_id', 'is', slot).where('username', '=', slot).orderBy('created_at_ms', 'desc'),
    ),
    deleteLogin: prepare(connection, build.deleteFrom('login').where('token_hash', '=', slot)),
    deleteExpiredLogins: prepare(connection, build.deleteFrom('login').where('expires_at_ms', '<=', slot)),
    putApiToken: prepare(
      connection,
      build
        .insertInto('api_token')
        .values({ token_hash: slot, label: slot, created_at_ms: slot })
        .onConflict((conflict) =>
          conflict.column('token_hash').doUpdateSet(({ ref }) => ({
            label: ref('excluded.label'),
            created_at_ms: ref('excluded.created_at_ms'),
          })),
        ),
    ),
    apiToken: prepare(connection, build.selectFrom('api_token').select('label').where('token_hash', '=', slot)),
  };
}
