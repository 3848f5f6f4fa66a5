import type { Account, Accounts } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { restrictionOf, rightsOf } from '#src/domain/office/grant.ts';
import { platformViewer, type Option, type SubscriberKind, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Registry } from '#src/storage/ports.ts';
import { hashPassword, tokenHash } from './password.ts';

/** A link that is mailed or handed over is used the same day, or on Monday. */
const LINK_MS = 72 * 3_600_000;
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
  return {
    async account(username, nowMs) {
      // The operator first: a subscriber who gives his name to a user must not stand in his way.
      const operator = await registry.user(username);
      if (operator !== null) {
        const { displayName, passwordHash } = operator;
        const viewer = platformViewer(operator.username);
        return { userId: null, displayName, passwordHash, passwordSinceMs: 0, mustChange: false, viewer };
      }
      const user = await office.findBy(ENTITIES.user, 'username', username);
      return user === null ? null : accountOf(office, user, nowMs);
    },
    async passwordLink(userId, nowMs) {
      const token = deps.newId() + deps.newId();
      await office.credentials.putLink({ tokenHash: tokenHash(token), userId, expiresAtMs: nowMs + LINK_MS });
      return token;
    },
    async linkedUser(token, nowMs) {
      const userId = await office.credentials.linkedUser(tokenHash(token), nowMs);
      const user = userId === null ? null : await office.find(ENTITIES.user, userId, EVERYTHING);
      if (user === null) return null;
      const credential = await office.credentials.of(user.id);
      const passwordHash = credential?.passwordHash ?? null;
      return { userId: user.id, username: String(user.values['username']), passwordHash };
    },
    async setPassword(userId, password, nowMs) {
      const passwordHash = await hashPassword(password);
      await office.credentials.put(userId, { passwordHash, mustChange: false, changedAtMs: nowMs });
      await office.credentials.useLinks(userId);
    },
  };
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
    passwordHash: credential?.passwordHash ?? null,
    passwordSinceMs: credential?.changedAtMs ?? 0,
    mustChange: credential?.mustChange ?? false,
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
