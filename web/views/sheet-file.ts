import { csvStream } from '#src/exports/csv.ts';
import type { Sheet } from '#src/exports/sheet.ts';
import { xlsxStream } from '#src/exports/xlsx.ts';
import type { PageContext } from './env.ts';
import { dayKey } from './format.ts';

export type SheetFormat = 'xlsx' | 'csv';
const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** A table as a file to keep, called `recharges-2026-03-12.xlsx`. */
export function sheetFile(c: PageContext, name: string, format: SheetFormat, sheet: Sheet): Response {
  return new Response(format === 'xlsx' ? xlsxStream(sheet) : csvStream(sheet), {
    headers: {
      'Content-Type': TYPES[format],
      'Content-Disposition': `attachment; filename="${name}-${dayKey(c.var.t, c.var.nowMs)}.${format}"`,
      'Cache-Control': 'no-store',
    },
  });
}
