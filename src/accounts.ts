import {
  ownerIdOf,
  type Account,
  type Accounts,
  type Doer,
  type LinkedUser,
  type Recipient,
} from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { restrictionOf, rightsOf } from '#src/domain/office/grant.ts';
import { platformViewer, type Option, type SubscriberKind, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { Registry } from '#src/storage/ports.ts';
import { doorAudit } from './door-audit.ts';
import { hashPassword, tokenHash } from './password.ts';

const EVERYTHING = [{}] as const;
/** Dates of records are days in France; a user may sign in until his last day is over. */
const TIME_ZONE = 'Europe/Paris';
const days = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE });

export function accountsOver(deps: {
  readonly office: Office;
  readonly registry: Pick<Registry, 'user'>;
  readonly newId: () => string;
}): Accounts {
  const { office, registry } = deps;
  const { credentials } = office;
  return {
    async account(username, nowMs) {
      // The operator first: a subscriber who gives his name to a user must not stand in his way.
      const operator = await registry.user(username);
      if (operator !== null) {
        const { displayName, passwordHash } = operator;
        const viewer = platformViewer(operator.username);
        const hasSecondFactor = (await credentials.factor(ownerIdOf(null, operator.username))) !== null;
        const password = { passwordHash, passwordSinceMs: 0, mustChange: false };
        return { userId: null, displayName, language: null, ...password, hasSecondFactor, viewer };
      }
      const user = await office.findBy(ENTITIES.user, 'username', username);
      return user === null ? null : accountOf(office, user, nowMs);
    },
    async recipient(userId) {
      const user = await office.find(ENTITIES.user, userId, EVERYTHING);
      return user === null ? null : recipientOf(user);
    },
    async recipientAt(email, nowMs) {
      const user = await office.findBy(ENTITIES.user, 'email', email);
      return user === null || (await accountOf(office, user, nowMs)) === null ? null : recipientOf(user);
    },
    async passwordLink({ userId, lastsMs, letter }, doer) {
      const token = deps.newId() + deps.newId();
      const link = { tokenHash: tokenHash(token), userId, expiresAtMs: doer.atMs + lastsMs };
      const audit = await doorAudit(office, userId, 'link-made', { ...doer, notice: letter?.(token) ?? null });
      await office.write([{ type: 'password-link', ...link }, ...audit]);
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

function recipientOf({ id, values, subscriberId }: RecordRow): Recipient | null {
  const { email, name, username, language } = values;
  if (typeof email !== 'string') return null;
  const who = { userId: id, username: String(username), name: String(name), email, subscriberId };
  return { ...who, language: language === 'en' ? 'en' : 'fr' };
}

/** Null for whoever is inactive, past his last day, or of a subscription that is not served any more (AUT-13, MOD-06). */
async function accountOf(office: Office, user: RecordRow, nowMs: number): Promise<Account | null> {
  const { values, subscriberId } = user;
  const lastDay = values['lastDay'];
  if (user.inactive || subscriberId === null) return null;
  if (typeof lastDay === 'string' && lastDay < days.format(nowMs)) return null;
  const subscriber = await office.find(ENTITIES.subscriber, subscriberId, EVERYTHING);
  const role = await office.find(ENTITIES.role, String(values['role']), EVERYTHING);
  if (subscriber === null || subscriber.inactive || role === null) return null;
  const credential = await office.credentials.of(user.id);
  return {
    userId: user.id,
    displayName: String(values['name']),
    language: values['language'] === 'en' ? 'en' : 'fr',
    passwordHash: credential?.passwordHash ?? null,
    passwordSinceMs: credential?.changedAtMs ?? 0,
    mustChange: credential?.mustChange ?? false,
    hasSecondFactor: (await office.credentials.factor(user.id)) !== null,
    viewer: await viewerOf(office, { user, subscriber, role }),
  };
}

async function viewerOf(
  office: Office,
  of: { user: RecordRow; subscriber: RecordRow; role: RecordRow },
): Promise<Viewer> {
  const { user, subscriber, role } = of;
  const kind = subscriber.values['kind'] as SubscriberKind;
  const accepted =
    kind === 'maintainer'
      ? (await office.maintenanceOf({ maintainerId: subscriber.id })).filter((row) => row.acceptedAtMs !== null)
      : [];
  return {
    name: String(user.values['username']),
    kind,
    subscriberId: subscriber.id,
    rights: rightsOf(role.values, kind),
    restriction: restrictionOf(user.values),
    options: new Set((subscriber.values['options'] ?? []) as readonly Option[]),
    merchantIds: new Set((subscriber.values['merchants'] ?? []) as readonly string[]),
    maintainedCompanyIds: new Set(accepted.map((row) => row.companyId)),
  };
}
