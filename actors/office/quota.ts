import type { Scope } from '#src/domain/office/access.ts';
import { hasCharger } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Deletion, Office } from '#src/storage/office-port.ts';
import type { SaveFacts, SaveRequest } from './decide.ts';

/** SUB-03..05: how many companies and chargers a contract allows. A station without charger does not count. */

const { subscriber, company, station } = ENTITIES;
const EVERYTHING: Scope = [{}];
type Kind = 'companies' | 'chargers';

/** What a save would add, beside what the contract allows; null where there is no limit, or nothing is added. */
export async function quotaOf(
  office: Office,
  { entity, viewer, values }: SaveRequest,
  before: RecordRow | null,
): Promise<SaveFacts['quota']> {
  const subscriberId = before?.subscriberId ?? viewer.subscriberId;
  if (subscriberId === null) return null;
  if (entity.name === 'company' && before === null)
    return afterMore(office, { subscriberId, kind: 'companies', more: 1 });
  const isNewCharger = hasCharger(values) && (before === null || !hasCharger(before.values));
  if (entity.name !== 'station' || !isNewCharger) return null;
  return afterMore(office, { subscriberId, kind: 'chargers', more: 1 });
}

/** Would bringing this back exceed the contract? A subscription that comes back brings its contract with it. */
export async function exceedsOnReturn(office: Office, deletion: Deletion): Promise<boolean> {
  const { subscriberId, deletionId, counts } = deletion;
  if (subscriberId === null) return false;
  const stations = counts['station'] === undefined ? [] : await office.inBin(station, deletionId);
  const back: Readonly<Record<Kind, number>> = {
    companies: counts['company'] ?? 0,
    chargers: stations.filter(({ values }) => hasCharger(values)).length,
  };
  for (const kind of ['companies', 'chargers'] as const) {
    if (back[kind] === 0) continue;
    const quota = await afterMore(office, { subscriberId, kind, more: back[kind] });
    if (quota !== null && quota.after > quota.max) return true;
  }
  return false;
}

async function afterMore(
  office: Office,
  { subscriberId, kind, more }: { readonly subscriberId: string; readonly kind: Kind; readonly more: number },
): Promise<SaveFacts['quota']> {
  const contract = await office.find(subscriber, subscriberId, EVERYTHING);
  const max = contract?.values[kind === 'companies' ? 'companiesMax' : 'chargersMax'];
  if (typeof max !== 'number') return null;
  const scope: Scope = [{ subscriberIds: [subscriberId] }];
  const known =
    kind === 'companies'
      ? await office.count(company, { scope, text: '', filters: [] })
      : await chargers(office, scope);
  return { max, after: known + more };
}

/** Those of each protocol that have the number by which it knows them. */
async function chargers(office: Office, scope: Scope): Promise<number> {
  let count = 0;
  for (const [protocol, number] of [
    ['ocpp', 'identity'],
    ['lafon-pulse', 'kitSerial'],
  ] as const) {
    const speaking = { field: 'protocol', value: protocol };
    const all = await office.count(station, { scope, text: '', filters: [speaking] });
    const without = await office.count(station, {
      scope,
      text: '',
      filters: [speaking, { field: number, value: null }],
    });
    count += all - without;
  }
  return count;
}
