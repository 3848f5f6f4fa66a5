import { operatorNamed, type Doer } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { DoorAct, Office, OfficeWrite } from '#src/storage/office-port.ts';

const EVERYTHING = [{}] as const;

/** What goes with a change of somebody's way in: the line of the audit, with his subscriber, and the notice to him. */
export async function doorAudit(
  office: Office,
  ownerId: string,
  act: DoorAct,
  { by, atMs, notice }: Doer,
): Promise<readonly OfficeWrite[]> {
  const user = await office.find(ENTITIES.user, ownerId, EVERYTHING);
  const label = String(user?.values['name'] ?? operatorNamed(ownerId) ?? ownerId);
  const about = { entity: 'user', recordId: ownerId, label, fields: [], subscriberId: user?.subscriberId ?? null };
  const audit: OfficeWrite = { type: 'audit', audit: { by, atMs, ...about, act } };
  return notice == null ? [audit] : [audit, { type: 'post', message: notice }];
}
