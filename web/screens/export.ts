import type { Names } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { csvStream } from '#src/exports/csv.ts';
import type { Cell, Sheet } from '#src/exports/sheet.ts';
import { xlsxStream } from '#src/exports/xlsx.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext } from '#web/views/env.ts';
import { dayKey } from '#web/views/format.ts';
import { cellText } from './list.ts';
import { readListQuery, recordQuery } from './query.ts';
import { entityOf, fieldOf, fieldsOf, labelOf, listTitle, valueOf, type Screen } from './screen.ts';

/** Chargers are answered between two pages: of about 1 ms. */
const PAGE_ROWS = 50;
const WIDTH_CHARACTERS = 22;
const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** Every record that the list's filters find, with all of its fields, page by page: constant memory (LST-09). */
export function exportRecords(c: PageContext, deps: WebDeps, screen: Screen, format: 'xlsx' | 'csv'): Response {
  const { t, login, nowMs } = c.var;
  const entity = entityOf(screen);
  const fields = Object.keys(fieldsOf(screen)).filter((name) => entity.fixed?.includes(name) !== true);
  const { text, filters } = recordQuery(readListQuery(screen, new URL(c.req.url).searchParams));
  const cellOf = (row: RecordRow, names: Names, field: string): Cell => {
    const declared = fieldOf(screen, field);
    const value = valueOf(screen, row, field);
    if (declared?.kind === 'number' && typeof value === 'number') return value / 10 ** declared.decimals;
    return cellText(t, { screen, row, field, names });
  };

  const nextPage = (after: RecordRow | null): Promise<{ rows: readonly RecordRow[]; names: Names }> =>
    deps.actors.office(login).ask((replyTo) => ({
      type: 'next',
      entity: screen.entity,
      query: { text, filters, after, limit: PAGE_ROWS },
      replyTo,
    }));

  async function* pages(): AsyncIterable<readonly (readonly Cell[])[]> {
    let after: RecordRow | null = null;
    do {
      const { rows, names } = await nextPage(after);
      yield rows.map((row) => [
        ...fields.map((field) => cellOf(row, names, field)),
        row.inactive ? t('list.yes') : t('list.no'),
      ]);
      after = rows.length < PAGE_ROWS ? null : (rows.at(-1) ?? null);
    } while (after !== null);
  }

  const columns = [...fields.map((field) => labelOf(t, screen, field)), t('list.inactive')];
  const sheet: Sheet = {
    name: listTitle(t, screen),
    columns: columns.map((header) => ({ header, widthCharacters: WIDTH_CHARACTERS })),
    pages: pages(),
  };
  const name = `${screen.path.slice(1)}-${dayKey(t, nowMs)}.${format}`;
  return new Response(format === 'xlsx' ? xlsxStream(sheet) : csvStream(sheet), {
    headers: {
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
