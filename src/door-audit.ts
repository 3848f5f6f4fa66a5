import { operatorNamed, type Doer } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { DoorAct, Office, OfficeWrite } from '#src/storage/office-port.ts';

const EVERYTHING = [{}] as const;

/** The line of the audit about what was done to somebody's way in; it stands with his subscriber. */
export async function doorAudit(office: Office, ownerId: string, act: DoorAct, doer: Doer): Promise<OfficeWrite> {
  const user = await office.find(ENTITIES.user, ownerId, EVERYTHING);
  const label = String(user?.values['name'] ?? operatorNamed(ownerId) ?? ownerId);
  const about = { entity: 'user', recordId: ownerId, label, fields: [], subscriberId: user?.subscriberId ?? null };
  return { type: 'audit', audit: { ...doer, ...about, act } };
}
