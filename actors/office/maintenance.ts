import { scopeOf } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import { may } from '#src/domain/office/viewer.ts';
import type { Office, OfficeWrite, RecordQuery } from '#src/storage/office-port.ts';
import type { SaveRequest } from './decide.ts';
import type { Maintainer, OfferPage, OfficeMessage } from './messages.ts';
import { maintainerNames } from './test-merchant.ts';

/**
 * MPU-01, MPU-06: a maintainer whom a company names is offered its maintenance; one whom it no longer names has lost
 * it, and must accept again when he is named again.
 */
export async function maintenanceWrites(
  office: Office,
  request: SaveRequest,
  company: RecordRow,
): Promise<readonly OfficeWrite[]> {
  const known = await office.maintenanceOf({ companyId: company.id });
  const wanted = new Set((company.values['maintainers'] ?? []) as readonly string[]);
  const withdrawn = known.filter((row) => !wanted.has(row.maintainerId));
  const offered = [...wanted].filter((id) => !known.some((row) => row.maintainerId === id));
  const { atMs, viewer } = request;
  const audit = (act: 'granted' | 'withdrawn', maintainerId: string): OfficeWrite => ({
    type: 'audit',
    audit: {
      atMs,
      by: viewer.name,
      subscriberId: company.subscriberId,
      act,
      entity: 'company',
      recordId: company.id,
      label: maintainerId,
      fields: ['maintainers'],
    },
  });
  return [
    ...withdrawn.flatMap(({ companyId, maintainerId }): OfficeWrite[] => [
      { type: 'maintenance-gone', companyId, maintainerId },
      audit('withdrawn', maintainerId),
    ]),
    ...offered.flatMap((maintainerId): OfficeWrite[] => [
      {
        type: 'maintenance',
        row: { companyId: company.id, maintainerId, offeredAtMs: atMs, acceptedAtMs: null },
      },
      audit('granted', maintainerId),
    ]),
  ];
}

/** MPU-07: what this maintainer was offered, whether or not he has accepted. */
export async function offersTo(
  office: Office,
  viewer: Viewer,
  query: Pick<RecordQuery, 'text' | 'offset' | 'limit'>,
): Promise<OfferPage> {
  if (viewer.kind !== 'maintainer' || viewer.subscriberId === null || !may(viewer, 'merchants', 'view'))
    return { offers: [], found: 0, isMore: false };
  const all = await office.maintenanceOf({ maintainerId: viewer.subscriberId });
  const rowOf = new Map(all.filter(({ companyId }) => reaches(viewer, companyId)).map((row) => [row.companyId, row]));
  const { rows, found, isMore } = await office.list(ENTITIES.company, {
    scope: [{ ids: [...rowOf.keys()] }],
    filters: [],
    sort: 'name',
    descending: false,
    ...query,
  });
  const offers = rows.flatMap((company) => {
    const row = rowOf.get(company.id);
    return row === undefined ? [] : [{ row, company }];
  });
  return { offers, found, isMore };
}

/** USR-14: whoever has but some companies, or some stations, is not offered the others. */
function reaches({ restriction }: Viewer, companyId: string): boolean {
  return restriction.to === 'nothing' || (restriction.to === 'companies' && restriction.ids.has(companyId));
}

/** MPU-05: whom this company has offered its maintenance to; nobody for a company that the viewer does not find. */
export async function maintainersOf(office: Office, viewer: Viewer, companyId: string): Promise<readonly Maintainer[]> {
  const { company, station, subscriber } = ENTITIES;
  if ((await office.find(company, companyId, scopeOf(viewer, company))) === null) return [];
  const scope = [{ field: 'company', values: [companyId] }];
  const stations = await office.count(station, { scope, text: '', filters: [] });
  const rows = await office.maintenanceOf({ companyId });
  const maintainers: Omit<Maintainer, 'name'>[] = [];
  for (const row of rows) {
    const found = await office.find(subscriber, row.maintainerId, [{}]);
    if (found !== null)
      maintainers.push({ row, subscriber: found, stations: row.acceptedAtMs === null ? 0 : stations });
  }
  const own = maintainers.map(({ subscriber: { id, values } }) => ({ id, name: String(values['name']) }));
  const names = new Map((await maintainerNames(office, own)).map(({ id, name }) => [id, name]));
  return maintainers.map((one) => ({ ...one, name: names.get(one.subscriber.id) ?? '' }));
}

/** MPU-02: he sees nothing of a company before he has accepted. */
export async function answerOffer(
  office: Office,
  message: Extract<OfficeMessage, { type: 'answer-offer' }>,
): Promise<boolean> {
  const { viewer, companyId, accept, atMs } = message;
  const { subscriberId } = viewer;
  if (viewer.kind !== 'maintainer' || subscriberId === null || !may(viewer, 'merchants', 'modify')) return false;
  const row = (await office.maintenanceOf({ maintainerId: subscriberId })).find((one) => one.companyId === companyId);
  if (row === undefined || !reaches(viewer, companyId)) return false;
  const company = await office.find(ENTITIES.company, companyId, [{}]);
  const written = await office.write([
    { type: 'maintenance', row: { ...row, acceptedAtMs: accept ? atMs : null } },
    {
      type: 'audit',
      audit: {
        atMs,
        by: viewer.name,
        subscriberId: company?.subscriberId ?? null,
        act: accept ? 'accepted' : 'declined',
        entity: 'company',
        recordId: companyId,
        label: String(company?.values['name'] ?? companyId),
        fields: [],
      },
    },
  ]);
  return written === 'ok';
}
