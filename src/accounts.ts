import {
  ownerIdOf,
  type Account,
  type Accounts,
  type Doer,
  type Entered,
  type Level,
  type LinkedUser,
} from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { restrictionOf, rightsOf } from '#src/domain/office/grant.ts';
import { rightsBelow } from '#src/domain/office/levels.ts';
import {
  customerViewer,
  platformViewer,
  type Option,
  type SubscriberKind,
  type Viewer,
} from '#src/domain/office/viewer.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { Registry } from '#src/storage/registry-port.ts';
import { UntilWritten } from '#src/storage/until-written.ts';
import { customerLevels } from './customer-levels.ts';
import { doorAudit } from './door-audit.ts';
import { invitationsOver } from './invitations.ts';
import { hashPassword, tokenHash } from './password.ts';
import { recipientOf } from './recipient.ts';

const EVERYTHING = [{}] as const;

export function accountsOver(deps: {
  readonly office: Office;
  readonly registry: Pick<Registry, 'user'>;
  readonly newId: () => string;
  /** IANA name: a user may sign in until his last day is over there. */
  readonly timeZone: string;
}): Accounts {
  const { office, registry } = deps;
  const { credentials } = office;
  const days = new Intl.DateTimeFormat('sv-SE', { timeZone: deps.timeZone });
  const kept = new UntilWritten<Account>(office);
  return {
    async account(username, nowMs) {
      // The operator first: a subscriber who gives his name to a user must not stand in his way.
      const operator = await registry.user(username);
      if (operator !== null) {
        const { displayName, passwordHash } = operator;
        const viewer = platformViewer(operator.username);
        const hasSecondFactor = (await credentials.factor(ownerIdOf(null, operator.username))) !== null;
        const password = { passwordHash, passwordSinceMs: 0, mustChange: false };
        return {
          userId: null,
          displayName,
          language: null,
          ...password,
          hasSecondFactor,
          viewer,
          below: [],
          isCustomer: false,
        };
      }
      const today = days.format(nowMs);
      return kept.get(`${today} ${username}`, async () => {
        const user = await office.findBy(ENTITIES.user, 'username', username);
        return user === null ? null : accountOf(office, user, { today, nowMs });
      });
    },
    async enter({ viewer, below }, subscriberId) {
      if (viewer.kind !== 'platform' && !below.some((one) => one.subscriberId === subscriberId)) return null;
      return enteredBy(office, viewer, subscriberId);
    },
    async hasEntered({ subscriberId, name }, { by, atMs }) {
      const about = { act: 'entered', entity: 'subscriber', recordId: subscriberId, label: name, fields: [] } as const;
      await office.write([{ type: 'audit', audit: { by, atMs, subscriberId, ...about } }]);
    },
    ...invitationsOver(deps),
    customersOf: (userId) => customerLevels(office, userId),
    async recipient(userId) {
      const user = await office.find(ENTITIES.user, userId, EVERYTHING);
      return user === null ? null : recipientOf(user);
    },
    async recipientAt(email, nowMs) {
      const user = await office.findBy(ENTITIES.user, 'email', email);
      return user === null || (await accountOf(office, user, { today: days.format(nowMs), nowMs })) === null
        ? null
        : recipientOf(user);
    },
    async passwordLink({ userId, lastsMs, letter }, doer) {
      const token = deps.newId() + deps.newId();
      const link = { tokenHash: tokenHash(token), userId, expiresAtMs: doer.atMs + lastsMs };
      const audit = await doorAudit(office, userId, 'link-made', { ...doer, notice: letter?.(token) ?? null });
      const expired = { type: 'links-expired', nowMs: doer.atMs } as const;
      await office.write([expired, { type: 'password-link', ...link }, ...audit]);
      return token;
    },
    linkedUser,
    async choosePassword({ token, password }, doer) {
      const user = await linkedUser(token, doer.atMs);
      if (user === null) return false;
      const changes = await passwordWrites({ userId: user.userId, password, temporary: false }, doer);
      return (await office.write([{ type: 'link-used', tokenHash: tokenHash(token) }, ...changes])) === 'ok';
    },
    async setPassword(of, doer) {
      await office.write(await passwordWrites(of, doer));
    },
    async loginsEnded(ownerId, doer) {
      await office.write(await doorAudit(office, ownerId, 'logins-ended', doer));
    },
  };

  async function linkedUser(token: string, nowMs: number): Promise<LinkedUser | null> {
    const userId = await credentials.linkedUser(tokenHash(token), nowMs);
    const user = userId === null ? null : await office.find(ENTITIES.user, userId, EVERYTHING);
    if (user === null) return null;
    const passwordHash = (await credentials.of(user.id))?.passwordHash ?? null;
    return { userId: user.id, username: String(user.values['username']), passwordHash };
  }

  async function passwordWrites(
    { userId, password, temporary }: { userId: string; password: string; temporary: boolean },
    doer: Doer,
  ): Promise<readonly OfficeWrite[]> {
    const credential = {
      passwordHash: await hashPassword(password),
      mustChange: temporary,
      changedAtMs: doer.atMs,
    };
    const audit = await doorAudit(office, userId, temporary ? 'password-set' : 'password-changed', doer);
    return [{ type: 'password', userId, credential }, { type: 'links-gone', userId }, ...audit];
  }
}

/** `today` is the day there, as `YYYY-MM-DD`. */
type When = { readonly today: string; readonly nowMs: number };

/** Null for whoever is inactive, past his last day, or of a subscription that is not served any more (AUT-13, MOD-06). */
async function accountOf(office: Office, user: RecordRow, when: When): Promise<Account | null> {
  const { values, subscriberId } = user;
  const lastDay = values['lastDay'];
  if (user.inactive) return null;
  if (subscriberId === null) return customerAccount(office, user, when.nowMs);
  if (typeof lastDay === 'string' && lastDay < when.today) return null;
  const subscriber = await office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
  const role = await office.find(ENTITIES.role, String(values['role']), EVERYTHING);
  if (subscriber === null || subscriber.inactive || role === null) return null;
  const restriction = restrictionOf(values);
  const username = String(values['username']);
  const viewer = await viewerOf(office, subscriber, {
    name: username,
    rights: rightsOf(role.values, kindOf(subscriber)),
    restriction,
  });
  return {
    ...(await ownOf(office, user)),
    viewer,
    below: await levelsBelow(office, viewer, subscriber),
    isCustomer: (await customerLevels(office, user.id)).length > 0,
  };
}

/** « Utilisateur client »: of no subscription, and nobody once he is no customer any more (CPT-13). */
async function customerAccount(office: Office, user: RecordRow, nowMs: number): Promise<Account | null> {
  const isNobody = (await customerLevels(office, user.id)).length === 0;
  // He signs in to say that a new customer is he.
  if (isNobody && !(await office.credentials.isInvited(user.id, nowMs))) return null;
  const viewer = customerViewer(String(user.values['username']));
  return { ...(await ownOf(office, user)), viewer, below: [], isCustomer: true };
}

/** How he signs in, and what he is called. */
async function ownOf(office: Office, { id, values }: RecordRow) {
  const credential = await office.credentials.of(id);
  return {
    userId: id,
    displayName: String(values['name']),
    language: values['language'] === 'en' ? ('en' as const) : ('fr' as const),
    passwordHash: credential?.passwordHash ?? null,
    passwordSinceMs: credential?.changedAtMs ?? 0,
    mustChange: credential?.mustChange ?? false,
    hasSecondFactor: (await office.credentials.factor(id)) !== null,
  };
}

function kindOf(subscriber: RecordRow): SubscriberKind {
  return subscriber.values['kind'] as SubscriberKind;
}

/** « Accès commerçant de test » (MPU-10, INT-07): the one that its subscription names. */
async function levelsBelow(office: Office, viewer: Viewer, subscriber: RecordRow): Promise<readonly Level[]> {
  const testMerchant = subscriber.values['testMerchant'];
  if (typeof testMerchant !== 'string') return [];
  const entered = await enteredBy(office, viewer, testMerchant);
  return entered === null ? [] : [{ subscriberId: entered.subscriberId, name: entered.name }];
}

async function enteredBy(office: Office, above: Viewer, subscriberId: string): Promise<Entered | null> {
  const subscriber = await office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
  if (subscriber === null || subscriber.inactive) return null;
  const rights = rightsBelow(above, kindOf(subscriber));
  if (rights === null) return null;
  const viewer = await viewerOf(office, subscriber, { name: above.name, rights, restriction: { to: 'nothing' } });
  return { subscriberId, name: String(subscriber.values['name']), viewer };
}

/** Somebody who works in this subscriber's account. */
async function viewerOf(
  office: Office,
  subscriber: RecordRow,
  who: Pick<Viewer, 'name' | 'rights' | 'restriction'>,
): Promise<Viewer> {
  const kind = kindOf(subscriber);
  const accepted =
    kind === 'maintainer'
      ? (await office.maintenanceOf({ maintainerId: subscriber.id })).filter((row) => row.acceptedAtMs !== null)
      : [];
  return {
    ...who,
    kind,
    subscriberId: subscriber.id,
    options: new Set((subscriber.values['options'] ?? []) as readonly Option[]),
    merchantIds: new Set((subscriber.values['merchants'] ?? []) as readonly string[]),
    maintainedCompanyIds: new Set(accepted.map((row) => row.companyId)),
  };
}
