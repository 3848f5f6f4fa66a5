import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENTITIES, referred } from '#src/domain/office/entities/all.ts';
import { SECTIONS, sectionsOf, SUBSCRIBER_KINDS } from '#src/domain/office/viewer.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { LANGUAGES, translated, translator } from '#web/i18n/t.ts';
import { SCREENS } from '#web/screens/all.ts';
import { choiceText, entityOf, labelOf, listTitle, tabTitle } from '#web/screens/screen.ts';
import { databasePath } from '../storage/files.ts';
import { recordOf } from './arbitraries.ts';

const names = Object.keys(ENTITIES) as (keyof typeof ENTITIES)[];

describe('every declared entity', () => {
  test.each(names)('%s has a table that keeps each of its values as it is', async (name) => {
    const entity = ENTITIES[name];
    const storage = await openSqlite({ path: await databasePath(), node: 'test' });
    await fc.assert(
      fc.asyncProperty(recordOf(entity), async (record) => {
        expect(await storage.office.write([{ type: 'put', entity, record }])).not.toBe('stale');
        const found = await storage.office.find(entity, record.id, [{}]);
        // Two random records may want the same unique value: then the first one keeps it.
        if (found !== null) expect(found).toEqual(record);
      }),
      { numRuns: 25 },
    );
    await storage.close();
  });

  test.each(names)('%s is called, searched and restricted by fields that it has', (name) => {
    const {
      fields,
      label,
      searched,
      company,
      fixed = [],
    } = ENTITIES[name] as (typeof ENTITIES)['company'] & {
      readonly fixed?: readonly string[];
    };
    expect(Object.keys(fields)).toEqual(expect.arrayContaining([label, ...searched, ...fixed]));
    if (company !== undefined && company !== 'id') expect(Object.keys(fields)).toContain(company);
    for (const field of Object.values(fields)) {
      if (field.kind === 'ref' || field.kind === 'refs') expect(referred(field.to).entity.name).not.toBe('');
    }
  });
});

describe.each(SCREENS.map((screen) => [screen.entity, screen] as const))('the screen of %s', (_name, screen) => {
  const entity = entityOf(screen);
  const shown = screen.tabs.flatMap((tab) => tab.fields);

  test('shows each of its fields once, and none that it has not', () => {
    expect(new Set(shown).size).toBe(shown.length);
    const own = Object.keys(entity.fields).filter((field) => entity.fixed?.includes(field) !== true);
    expect(own).toEqual(expect.arrayContaining(shown));
    // Two screens may show the same records, to one kind of account each.
    const together = SCREENS.filter((one) => one.entity === screen.entity).flatMap(({ tabs }) => tabs);
    expect(new Set(together.flatMap(({ fields }) => fields))).toEqual(new Set(own));
    for (const field of [...screen.columns, ...(screen.filters ?? []), screen.sort]) {
      expect(entity.fields).toHaveProperty(field);
    }
    expect(screen.columns[0]).toBe(entity.label);
  });

  test.each(LANGUAGES)('has its words in %s', (language) => {
    const t = translator(language, 'UTC');
    expect(listTitle(t, screen)).not.toBe('');
    for (const tab of screen.tabs) expect(tabTitle(t, screen, tab)).not.toBe('');
    for (const [name, field] of Object.entries(entity.fields)) {
      if (entity.fixed?.includes(name) !== true) expect(labelOf(t, screen, name)).not.toBe('');
      if (field.kind === 'choice' || field.kind === 'many') {
        for (const value of field.values) expect(choiceText(t, screen, name, value)).not.toBe('');
      }
      if (field.kind === 'levels')
        for (const section of field.of) expect(choiceText(t, screen, name, section)).not.toBe('');
    }
    for (const { entity: below } of entity.dependants ?? []) expect(translated(t, `plural.${below}`)).not.toBeNull();
  });
});

test('USR-05, USR-06: each kind of subscriber has sections of its own, and every section belongs to one', () => {
  const used = new Set([...SUBSCRIBER_KINDS, 'platform' as const].flatMap((kind) => sectionsOf(kind)));
  expect([...used].toSorted()).toEqual([...SECTIONS].toSorted());
  for (const kind of SUBSCRIBER_KINDS) expect(sectionsOf(kind)).toContain('users');
});
