import { scopeOf, type Scope } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { OpenDataStation } from '#src/domain/office/open-data.ts';
import { may, type Viewer } from '#src/domain/office/viewer.ts';
import type { Office } from '#src/storage/office-port.ts';
import { partsOf } from './points.ts';

const EVERYTHING: Scope = [{}];

/** The next of his stations that are to be in the national list, by name (STA-04). */
export async function openDataOf(
  office: Office,
  viewer: Viewer,
  { after, limit }: { after: RecordRow | null; limit: number },
): Promise<readonly OpenDataStation[]> {
  if (!may(viewer, 'station-management', 'view')) return [];
  const { station, company, evse } = ENTITIES;
  const filters = [{ field: 'openData', value: '1' }];
  const found = await office.next(station, { scope: scopeOf(viewer, station), text: '', filters, after, limit });
  const companies = new Map<string, RecordRow | null>();
  const firstOf = new Map<string | null, RecordRow | null>();
  const stations: OpenDataStation[] = [];
  for (const one of found) {
    const companyId = String(one.values['company']);
    const { subscriberId } = one;
    if (!companies.has(companyId)) companies.set(companyId, await office.find(company, companyId, EVERYTHING));
    if (!firstOf.has(subscriberId)) firstOf.set(subscriberId, await firstCompany(office, subscriberId));
    const own = companies.get(companyId)?.values ?? {};
    const cpoId = own['cpoId'] ?? firstOf.get(subscriberId)?.values['cpoId'] ?? null;
    stations.push({
      station: one,
      company: own,
      cpoId: typeof cpoId === 'string' ? cpoId : null,
      points: await partsOf(office, evse, one.id),
    });
  }
  return stations;
}

/** « ID CPO » of a station's company, else of the first company of its merchant (GIR-02); null without. */
export async function cpoIdOf(office: Office, { values, subscriberId }: RecordRow): Promise<string | null> {
  const own = await office.find(ENTITIES.company, String(values['company']), EVERYTHING);
  const cpoId = own?.values['cpoId'] ?? (await firstCompany(office, subscriberId))?.values['cpoId'] ?? null;
  return typeof cpoId === 'string' ? cpoId : null;
}

async function firstCompany(office: Office, subscriberId: string | null): Promise<RecordRow | null> {
  if (subscriberId === null) return null;
  const scope: Scope = [{ subscriberIds: [subscriberId] }];
  const query = { scope, text: '', sort: 'number', descending: false, filters: [], offset: 0, limit: 1 };
  return (await office.list(ENTITIES.company, query)).rows[0] ?? null;
}
