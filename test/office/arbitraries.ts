import fc from 'fast-check';
import { SHAPED_EXAMPLES } from './examples.ts';
import type { Entity, RecordRow } from '#src/domain/office/entity.ts';
import { emptyOf } from '#src/domain/office/entity.ts';
import { readField, type Field, type Value } from '#src/domain/office/field.ts';

/** What hands, robots and attackers put into a field: markup, formulas, control characters, huge numbers, odd dates. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    `"><img src=x onerror=alert(1)>`,
    '=HYPERLINK("http://x","y")',
    '\u0000\u0007',
    '1e999',
    '-0',
    '0x10',
    '99999999999999999999999999',
    '1,2,3',
    '31/02/2026',
    '2026-02-30',
    '0000-00-00',
    "'; drop table office_company; --",
    '../../../etc/passwd',
    '\u202e\u2066abc',
    'a'.repeat(5_000),
    ' ',
    '',
  ),
  fc.float().map(String),
  fc.integer().map(String),
);

/** A value that this field may keep. */
export function valueOf(field: Field): fc.Arbitrary<Value> {
  const optional = (some: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
    'required' in field && field.required ? some : fc.option(some, { nil: null });
  switch (field.kind) {
    case 'flag':
      return fc.boolean();
    case 'number':
      return optional(fc.integer({ min: field.min, max: field.max }));
    case 'choice':
      return field.fallback === undefined
        ? optional(fc.constantFrom(...field.values))
        : fc.constantFrom(...field.values);
    case 'date':
      return optional(
        fc
          .date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10)),
      );
    case 'instant':
      return optional(fc.nat());
    case 'position':
      return optional(
        fc
          .tuple(fc.integer({ min: -9_000, max: 9_000 }), fc.integer({ min: -18_000, max: 18_000 }))
          .map(([latitude, longitude]) => `${latitude / 100};${longitude / 100}`),
      );
    case 'text':
      return optional(field.shape === undefined ? keptText(field) : fc.constantFrom(...SHAPED_EXAMPLES[field.shape]));
    case 'ref':
      return optional(fc.stringMatching(/^[a-z0-9-]{1,12}$/));
    case 'refs':
      return fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,12}$/), { maxLength: 4 });
    case 'many':
      return fc.subarray([...field.values]);
    case 'levels':
      return fc
        .subarray([...field.of])
        .chain((names) => fc.tuple(...names.map((name) => fc.constantFrom(`${name}:view`, `${name}:modify`))));
  }
}

/** Any text that reads back as itself. */
function keptText(field: Extract<Field, { kind: 'text' }>): fc.Arbitrary<string> {
  return fc.string({ minLength: 1, maxLength: Math.min(field.max, 40), unit: 'grapheme' }).filter((text) => {
    const read = readField(field, [text]);
    return read.ok && read.value === text;
  });
}

export function recordOf(entity: Entity): fc.Arbitrary<RecordRow> {
  // What the storage keeps by itself begins at nothing.
  const fields = Object.fromEntries(
    Object.entries(entity.fields).map(([name, field]) => [
      name,
      entity.derived?.includes(name) === true ? fc.constant(field.kind === 'number' ? 0 : null) : valueOf(field),
    ]),
  );
  return fc
    .record({ id: fc.uuid(), values: fc.record(fields), inactive: fc.boolean() })
    .map(({ id, values, inactive }) => ({
      id,
      subscriberId: entity.owner === 'platform' ? null : 's1',
      version: 1,
      inactive: inactive && entity.canBeInactive,
      values,
      custom: {},
      createdAtMs: 1_000,
      changedAtMs: 2_000,
      changedBy: 'test',
    }));
}

/** A record with the fewest values, for tests that are about something else. */
export function aRecord(entity: Entity, change: Partial<RecordRow> & { readonly id: string }): RecordRow {
  const values: Record<string, Value> = {};
  for (const [name, field] of Object.entries(entity.fields)) values[name] = emptyOf(field);
  return {
    subscriberId: 's1',
    version: 1,
    inactive: false,
    custom: {},
    createdAtMs: 1_000,
    changedAtMs: 1_000,
    changedBy: 'test',
    ...change,
    values: { ...values, ...change.values },
  };
}
