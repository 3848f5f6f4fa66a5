import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsFor, mayCreate, scopeOf, type Scope } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import {
  audienceOf,
  findsStation,
  LEVELS,
  may,
  mayCommand,
  platformViewer,
  SECTIONS,
  sectionsOf,
  SUBSCRIBER_KINDS,
  type Viewer,
} from '#src/domain/office/viewer.ts';
import { aRecord } from './arbitraries.ts';

const SUBSCRIBERS = ['s1', 's2', 's3'];
const IDS = ['a', 'b', 'c'];
const someIds = fc.uniqueArray(fc.constantFrom(...IDS)).map((ids) => new Set(ids));

/** Anybody who may sign in, with any role and restriction. */
const viewers: fc.Arbitrary<Viewer> = fc.record({
  name: fc.constant('anne'),
  kind: fc.constantFrom(...SUBSCRIBER_KINDS),
  subscriberId: fc.constantFrom(...SUBSCRIBERS),
  rights: fc.dictionary(fc.constantFrom(...SECTIONS), fc.constantFrom(...LEVELS)) as fc.Arbitrary<Viewer['rights']>,
  restriction: fc.oneof(
    fc.constant({ to: 'nothing' } as const),
    fc.record({ to: fc.constantFrom('companies' as const, 'stations' as const, 'customers' as const), ids: someIds }),
  ),
  options: fc.constant(new Set<never>()),
  merchantIds: fc.uniqueArray(fc.constantFrom(...SUBSCRIBERS)).map((ids) => new Set(ids)),
  maintainedCompanyIds: someIds,
});
const stations: fc.Arbitrary<RecordRow> = fc
  .record({
    id: fc.constantFrom(...IDS),
    subscriberId: fc.constantFrom(...SUBSCRIBERS),
    company: fc.constantFrom(...IDS),
  })
  .map(({ id, subscriberId, company }) => aRecord(ENTITIES.station, { id, subscriberId, values: { company } }));

/** What the storage does with a scope, in words of arrays. */
function isWithin(record: RecordRow, scope: Scope): boolean {
  return scope.some(({ subscriberIds, ids, field, values, part }) => {
    // A part is found by its whole, which the record is here.
    if (part !== undefined) return isWithin(record, part.scope);
    const own = subscriberIds === undefined || subscriberIds.includes(record.subscriberId ?? '');
    const value = field === 'id' ? record.id : String(record.values[field ?? ''] ?? '');
    return own && (ids?.includes(record.id) ?? true) && (field === undefined || (values ?? []).includes(value));
  });
}

describe('what anybody finds', () => {
  test('nobody finds a record of another subscriber, but for what a maintainer was entrusted with', () => {
    fc.assert(
      fc.property(viewers, stations, fc.constantFrom(...Object.values(ENTITIES)), (viewer, record, entity: Entity) => {
        if (!isWithin(record, scopeOf(viewer, entity)) || record.subscriberId === viewer.subscriberId) return;
        expect(viewer.kind).toBe('maintainer');
        const companyId = entity.name === 'company' ? record.id : String(record.values['company']);
        expect(viewer.maintainedCompanyIds).toContain(companyId);
      }),
    );
  });

  test('USR-14: a restricted user finds nothing outside his restriction, on lists and on live pages alike', () => {
    fc.assert(
      fc.property(viewers, stations, (viewer, station) => {
        const { restriction } = viewer;
        const companyId = String(station.values['company']);
        const place = { stationId: station.id, subscriberId: station.subscriberId, companyId };
        const isOut =
          (restriction.to === 'companies' && !restriction.ids.has(companyId)) ||
          (restriction.to === 'stations' && !restriction.ids.has(station.id));
        if (!isOut) return;
        expect(findsStation(viewer, place)).toBe(false);
        expect(isWithin(station, scopeOf(viewer, ENTITIES.station))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('USR-04: without a right on a section its records are not there, and cannot be made', () => {
    fc.assert(
      fc.property(viewers, fc.constantFrom(...Object.values(ENTITIES)), (viewer, entity: Entity) => {
        const sections = [entity.section, ...Object.values(entity.sections ?? {})];
        if (!sections.some((section) => may(viewer, section, 'view'))) expect(scopeOf(viewer, entity)).toEqual([]);
        if (!may(viewer, entity.section, 'modify')) expect(mayCreate(viewer, entity)).toBe(false);
      }),
    );
  });

  test('USR-05, USR-06: a right on a section that his kind of account has not is no right', () => {
    fc.assert(
      fc.property(viewers, fc.constantFrom(...SECTIONS), (viewer, section) => {
        if (!sectionsOf(viewer.kind).includes(section)) expect(may(viewer, section, 'view')).toBe(false);
      }),
    );
  });

  test('two viewers of one audience find the same stations', () => {
    fc.assert(
      fc.property(viewers, viewers, stations, (one, other, station) => {
        if (audienceOf(one) !== audienceOf(other)) return;
        const { id: stationId, subscriberId, values } = station;
        const place = { stationId, subscriberId, companyId: String(values['company']) };
        expect(findsStation(one, place)).toBe(findsStation(other, place));
      }),
      { numRuns: 1_000 },
    );
  });

  test('the platform operator finds everything', () => {
    fc.assert(
      fc.property(stations, (station) => {
        const viewer = platformViewer('operator');
        expect(isWithin(station, scopeOf(viewer, ENTITIES.station))).toBe(true);
      }),
    );
  });
});

describe('a station', () => {
  const base = { name: 'x', subscriberId: 's1', restriction: { to: 'nothing' }, options: new Set<never>() } as const;
  const nobody = { merchantIds: new Set<never>(), maintainedCompanyIds: new Set(['a']) };
  const entity: Entity = ENTITIES.station;

  test('PRC-13: commands need either right over stations, to modify', () => {
    const rights = [
      ['station-management', 'modify', true],
      ['station-maintenance', 'modify', true],
      ['station-management', 'view', false],
      ['station-maintenance', 'view', false],
      ['sessions', 'modify', false],
    ] as const;
    for (const [section, level, isOpen] of rights)
      expect(mayCommand({ ...base, ...nobody, kind: 'merchant', rights: { [section]: level } }), section).toBe(isOpen);
    // A role of a kind of account that has no such section gives nothing.
    const everything = { 'station-management': 'modify', 'station-maintenance': 'modify' } as const;
    expect(mayCommand({ ...base, ...nobody, kind: 'integrator', rights: everything })).toBe(false);
  });

  test('USR-08, STA-08, STA-20: management and maintenance change different fields, and both see all of them', () => {
    const manager: Viewer = { ...base, ...nobody, kind: 'merchant', rights: { 'station-management': 'modify' } };
    const technician: Viewer = { ...base, ...nobody, kind: 'merchant', rights: { 'station-maintenance': 'modify' } };
    expect(fieldsFor(manager, entity).changed.has('address')).toBe(true);
    expect(fieldsFor(manager, entity).changed.has('identity')).toBe(false);
    expect(fieldsFor(technician, entity).changed.has('identity')).toBe(true);
    expect(fieldsFor(technician, entity).changed.has('address')).toBe(false);
    expect(fieldsFor(technician, entity).seen).toEqual(fieldsFor(manager, entity).seen);
  });

  test('MPU-04: a maintainer completes a station, and makes or deletes none', () => {
    const maintainer: Viewer = { ...base, ...nobody, kind: 'maintainer', rights: { 'station-maintenance': 'modify' } };
    expect(mayCreate(maintainer, entity)).toBe(false);
    expect(fieldsFor(maintainer, entity).changed.has('serialNumber')).toBe(true);
    expect(fieldsFor(maintainer, entity).changed.has('company')).toBe(false);
  });
});
