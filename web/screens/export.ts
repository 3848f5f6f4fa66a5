import type { Names } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Cell, Sheet } from '#src/exports/sheet.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext } from '#web/views/env.ts';
import { sheetFile, type SheetFormat } from '#web/views/sheet-file.ts';
import { cellText } from './list.ts';
import { readListQuery, recordQuery } from './query.ts';
import { entityOf, fieldOf, fieldsOf, labelOf, listTitle, valueOf, type Screen } from './screen.ts';

/** Chargers are answered between two pages: of about 1 ms. */
const PAGE_ROWS = 50;
const WIDTH_CHARACTERS = 22;

/** Every record that the list's filters find, with all of its fields, page by page: constant memory (LST-09). */
export function exportRecords(c: PageContext, deps: WebDeps, screen: Screen, format: SheetFormat): Response {
  const { t, login } = c.var;
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
  return sheetFile(c, screen.path.slice(1), format, sheet);
}
