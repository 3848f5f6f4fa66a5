import { setImmediate as nextTurn } from 'node:timers/promises';
import { harmlessText, type Cell, type Sheet } from './sheet.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A file that Excel opens by itself in France: semicolons, CRLF, UTF-8 behind a byte order mark. One page becomes one
 * chunk; the loop turns between pages, and the next page waits until the last one was taken.
 */
export function csvStream({ columns, pages }: Sheet): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = pages[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(BYTE_ORDER_MARK + lineOf(columns.map(({ header }) => header))));
      },
      async pull(controller) {
        await nextTurn();
        const page = await iterator.next();
        if (page.done === true) controller.close();
        else controller.enqueue(encoder.encode(page.value.map(lineOf).join('')));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(fieldOf).join(';')}\r\n`;
}

function fieldOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return dateTimeOf(cell.wallClockMs);
  const text = harmlessText(cell);
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `2026-11-22 13:05:09`, which Excel and LibreOffice read as a date in every language. */
function dateTimeOf(wallClockMs: number): string {
  return new Date(wallClockMs).toISOString().slice(0, 19).replace('T', ' ');
}
