import type { Audience, LetterOf, Reachable, Recipient } from '#actors/alert/messages.ts';
import { mayReceiveAlerts, type AlertPlace } from '#src/domain/alert.ts';
import type { Account, Accounts } from '#src/domain/office/account.ts';
import { isTestMerchant } from '#src/domain/office/entities/subscriber.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { findsStation } from '#src/domain/office/viewer.ts';
import type { AlertStore } from '#src/storage/alert-port.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Reader } from '#src/storage/ports.ts';
import type { SqliteStorage } from '#src/storage/sqlite/open.ts';
import type { AlertDeps } from '../supervision.ts';

export type AudienceDeps = {
  readonly reader: Pick<Reader, 'rosterEntry'>;
  readonly office: Office;
  readonly alerts: AlertStore;
  readonly accounts: Pick<Accounts, 'account'>;
  /** The subscriber who has the chargers that nobody declared; null without one. */
  readonly strangersTo: string | null;
};
const EVERYTHING = [{}] as const;
/** One account has one administrator, and may give his role to a few more. */
const ADMINISTRATORS_MAX = 20;

/**
 * Whom the alerts of a charger concern now (ABO-07): who is named at its station, may still maintain it, and can be
 * reached by his own subscription's options. Null for a charger that raises none: undeclared, inactive, of a test
 * merchant, or of a subscriber who is no merchant, such as one of a gateway (ALR-04).
 */
export function audienceOver(deps: AudienceDeps): (chargePointId: string, atMs: number) => Promise<Audience | null> {
  const { reader, alerts } = deps;
  return async (chargePointId, atMs) => {
    const roster = await reader.rosterEntry(chargePointId);
    if (roster === null || roster.inactive || !(await isAlerted(deps, roster.station.subscriberId))) return null;
    const { stationId, name, city, subscriberId, companyId } = roster.station;
    const place: AlertPlace = { stationId, stationName: name, city, subscriberId, companyId };
    const named = await alerts.recipients(stationId);
    const found = await Promise.all(
      named.map(async ({ userId, fault, parking }): Promise<readonly Recipient[]> => {
        const someone = await reachable(deps, userId, atMs);
        if (someone === null) return [];
        const { account, who } = someone;
        const mayBeTold = mayReceiveAlerts(account.viewer) && findsStation(account.viewer, place);
        return mayBeTold ? [{ ...who, fault, parking }] : [];
      }),
    );
    const recipients = found.flat();
    const accounts = [...new Set(recipients.map((one) => one.subscriberId))];
    const administrators = await Promise.all(accounts.map((account) => administratorsOf(deps, account, atMs)));
    return { place, recipients, administrators: administrators.flat() };
  };
}

/** What the supervision of a server needs for its alerts. */
export function alertsOver(of: {
  readonly storage: Pick<SqliteStorage, 'reader' | 'office' | 'alerts'>;
  readonly accounts: Pick<Accounts, 'account'>;
  readonly strangersTo: string | null;
  readonly letterOf: LetterOf;
}): AlertDeps {
  const { storage, accounts, strangersTo, letterOf } = of;
  const { reader, office, alerts } = storage;
  return {
    store: alerts,
    office,
    accountOf: (username, nowMs) => accounts.account(username, nowMs),
    audienceOf: audienceOver({ reader, office, alerts, accounts, strangersTo }),
    letterOf,
  };
}

async function isAlerted({ office, strangersTo }: AudienceDeps, subscriberId: string | null): Promise<boolean> {
  if (subscriberId === null || subscriberId === strangersTo) return false;
  const subscriber = await office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
  return subscriber?.values['kind'] === 'merchant' && !isTestMerchant(subscriber.values);
}

async function administratorsOf(deps: AudienceDeps, account: string, atMs: number): Promise<readonly Reachable[]> {
  const page = await deps.office.list(ENTITIES.user, {
    scope: [{ subscriberIds: [account] }],
    text: '',
    filters: [{ field: 'isAdministrator', value: '1' }],
    sort: 'name',
    descending: false,
    offset: 0,
    limit: ADMINISTRATORS_MAX,
  });
  const found = await Promise.all(page.rows.map((user) => reachableUser(deps, user, atMs)));
  return found.flatMap((one) => (one === null ? [] : [one.who]));
}

async function reachable(deps: AudienceDeps, userId: string, atMs: number) {
  const user = await deps.office.find(ENTITIES.user, userId, EVERYTHING);
  return user === null ? null : reachableUser(deps, user, atMs);
}

/** Null for whoever could not sign in either: he is inactive, past his last day, or of an inactive subscription. */
async function reachableUser(
  { accounts }: AudienceDeps,
  user: RecordRow,
  atMs: number,
): Promise<{ readonly account: Account; readonly who: Reachable } | null> {
  const account = await accounts.account(String(user.values['username']), atMs);
  const { email, mobile, language } = user.values;
  // The platform operator may have the same name: his rights are not this user's.
  if (account === null || account.userId !== user.id || user.subscriberId === null) return null;
  const { options } = account.viewer;
  const to = {
    ...(options.has('mail') && typeof email === 'string' && { mail: email }),
    ...(options.has('sms') && typeof mobile === 'string' && { sms: mobile }),
  };
  const who: Reachable = {
    userId: user.id,
    subscriberId: user.subscriberId,
    name: account.displayName,
    language: language === 'en' ? 'en' : 'fr',
    to,
  };
  return { account, who };
}
