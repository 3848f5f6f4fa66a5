import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import { decideSave, type SaveRequest } from './decide.ts';
import { saveFacts } from './facts.ts';
import type { OfficeMessage, Saved } from './messages.ts';

/** « Mon compte » (ABO-04): what each user may change of himself, whatever his role lets him do with users. */
export const OWN_FIELDS = ['name', 'username', 'email', 'mobile', 'language'] as const;
const EVERYTHING = [{}] as const;

export async function own(office: Office, userId: string): Promise<RecordRow | null> {
  return office.find(ENTITIES.user, userId, EVERYTHING);
}

/** Saves his own record by the rules of every save: one name among all users, and a version that nobody has replaced. */
export async function saveOwn(office: Office, message: Extract<OfficeMessage, { type: 'save-own' }>): Promise<Saved> {
  const before = await own(office, message.userId);
  if (before === null) return { ok: false, why: 'not-found' };
  const mine = Object.fromEntries(OWN_FIELDS.map((name) => [name, message.values[name] ?? null]));
  const { version, atMs } = message;
  return write(office, requestOf(before, message.viewer, { version, atMs, values: mine }));
}

/** GEN-06: the language that he chose in the bar of any page. */
export async function saveOwnLanguage(
  office: Office,
  { userId, language, viewer, atMs }: Extract<OfficeMessage, { type: 'save-own-language' }>,
): Promise<Saved> {
  const before = await own(office, userId);
  if (before === null) return { ok: false, why: 'not-found' };
  return write(office, requestOf(before, viewer, { version: before.version, atMs, values: { language } }));
}

function requestOf(
  before: RecordRow,
  viewer: Viewer,
  { version, atMs, values }: { readonly version: number; readonly atMs: number; readonly values: Values },
): SaveRequest {
  return {
    entity: ENTITIES.user,
    // He acts in his own subscription, also while he has entered another account.
    viewer: {
      ...viewer,
      // No section exists for a customer, but of himself he is as much of a user as anybody.
      kind: viewer.kind === 'customer' ? 'platform' : viewer.kind,
      subscriberId: before.subscriberId,
      rights: { users: 'modify' },
      restriction: { to: 'nothing' },
    },
    id: before.id,
    newId: before.id,
    version,
    values: { ...before.values, ...values },
    custom: {},
    inactive: before.inactive,
    atMs,
  };
}

async function write(office: Office, request: SaveRequest): Promise<Saved> {
  // Nothing of what he may do is in these fields, so nothing can be more than he has.
  const facts = { ...(await saveFacts(office, request)), denied: {} };
  const { outcome, writes } = decideSave(request, facts);
  if (!outcome.ok || writes.length === 0) return outcome;
  const written = await office.write(writes);
  if (written === 'ok') return outcome;
  if (written === 'taken') return { ok: false, why: 'faults', faults: { username: { why: 'taken' } } };
  const now = await own(office, request.newId);
  return now === null ? { ok: false, why: 'not-found' } : { ok: false, why: 'stale', record: now };
}
