import { setImmediate as nextTurn } from 'node:timers/promises';
import { harmlessText, type Cell, type Sheet } from './sheet.ts';

const BYTE_ORDER_MARK = '\uFEFF';

export type CsvDialect = { readonly separator: ';' | ','; readonly mark: string };
/** What Excel opens by itself in France: semicolons, UTF-8 behind a byte order mark. */
const FRENCH_EXCEL: CsvDialect = { separator: ';', mark: BYTE_ORDER_MARK };
/** What machines read: commas, and nothing before the first header. */
export const PLAIN_CSV: CsvDialect = { separator: ',', mark: '' };

/**
 * A file with CRLF after each line. One page becomes one chunk; the loop turns between pages, and the next page waits
 * until the last one was taken.
 */
export function csvStream({ columns, pages }: Sheet, dialect = FRENCH_EXCEL): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = pages[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(
          encoder.encode(
            dialect.mark +
              lineOf(
                columns.map(({ header }) => header),
                dialect,
              ),
          ),
        );
      },
      async pull(controller) {
        await nextTurn();
        const page = await iterator.next();
        if (page.done === true) controller.close();
        else controller.enqueue(encoder.encode(page.value.map((cells) => lineOf(cells, dialect)).join('')));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}

function lineOf(cells: readonly Cell[], { separator }: CsvDialect): string {
  return `${cells.map((cell) => fieldOf(cell, separator)).join(separator)}\r\n`;
}

function fieldOf(cell: Cell, separator: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return dateTimeOf(cell.wallClockMs);
  const text = harmlessText(cell);
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `2026-11-22 13:05:09`, which Excel and LibreOffice read as a date in every language. */
function dateTimeOf(wallClockMs: number): string {
  return new Date(wallClockMs).toISOString().slice(0, 19).replace('T', ' ');
}
