import type { Scope } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { hasTestMerchant, may, type SubscriberKind } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Choice, OfficeMessage } from './messages.ts';
import { testMerchantWrites } from './subscription.ts';

const { subscriber, company } = ENTITIES;
const EVERYTHING: Scope = [{}];
const ALL = { text: '', sort: 'name', descending: false, filters: [], offset: 0, limit: null } as const;

/** MPU-10: a maintainer goes by the name of company 1 of his test merchant, or by his own without one. */
export async function maintainerNames(office: Office, maintainers: readonly Choice[]): Promise<readonly Choice[]> {
  const scope: Scope = [{ ids: maintainers.map(({ id }) => id) }];
  const { rows } = await office.list(subscriber, { ...ALL, scope });
  const testIds = rows.flatMap(({ values }) =>
    typeof values['testMerchant'] === 'string' ? [values['testMerchant']] : [],
  );
  const first: Scope = [{ subscriberIds: testIds, field: 'number', values: ['1'] }];
  const companies = (await office.list(company, { ...ALL, scope: first })).rows;
  const names = new Map(companies.map(({ subscriberId, values }) => [subscriberId, String(values['name'])]));
  const ofTest = new Map(rows.map(({ id, values }) => [id, names.get(String(values['testMerchant']))]));
  return maintainers.map(({ id, name }) => ({ id, name: ofTest.get(id) ?? name }));
}

/** For a subscription that was made before there were test merchants, or whose own was deleted. */
export async function makeTestMerchant(
  office: Office,
  message: Extract<OfficeMessage, { type: 'make-test-merchant' }>,
): Promise<boolean> {
  const { viewer, subscriberId, newId, atMs } = message;
  if (!may(viewer, 'subscribers', 'modify')) return false;
  const owner = await office.find(subscriber, subscriberId, EVERYTHING);
  if (owner === null || !(await lacksTestMerchant(office, owner))) return false;
  const by = viewer.name;
  const changed = { version: owner.version + 1, changedAtMs: atMs, changedBy: by };
  const record = { ...owner, ...changed, values: { ...owner.values, testMerchant: newId } };
  const audit = { atMs, by, subscriberId: null, recordId: owner.id, label: String(owner.values['name']) };
  const written = await office.write([
    { type: 'put', entity: subscriber, record },
    ...testMerchantWrites(owner, { id: newId, by, atMs }),
    { type: 'audit', audit: { ...audit, act: 'changed', entity: 'subscriber', fields: ['testMerchant'] } },
  ]);
  return written === 'ok';
}

/** Should it have one, and has it none? */
export async function lacksTestMerchant(office: Office, owner: RecordRow): Promise<boolean> {
  const { kind, testMerchant } = owner.values;
  if (!hasTestMerchant(kind as SubscriberKind)) return false;
  return typeof testMerchant !== 'string' || (await office.find(subscriber, testMerchant, EVERYTHING)) === null;
}
