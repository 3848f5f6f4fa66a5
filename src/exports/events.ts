import { csvStream } from './csv.ts';
import type { Cell, Sheet } from './sheet.ts';
import { wallClock } from './wall-clock.ts';
import { xlsxStream } from './xlsx.ts';

/** The latest events that one file holds (PRC-07, PRC-08). */
export const EVENTS_EXPORTED_MAX = 20_000;

/** One line of the journal, as its file needs it. */
export type ExportedEvent = {
  readonly id: number;
  readonly atMs: number;
  readonly chargePointId: string | null;
  readonly connectorId: number | null;
  readonly level: string;
  readonly kind: string;
  readonly name: string;
  /** What happened, for a person. */
  readonly sentence: string;
  readonly request: string | null;
  readonly answer: string | null;
  readonly note: string | null;
};

/** What the reader's language calls the sheet, its columns, and the levels; a level without a word stays as it is. */
export type EventWords = {
  readonly sheet: string;
  readonly columns: Readonly<Record<keyof ExportedEvent, string>>;
  readonly levels: Readonly<Record<string, string>>;
};

export type EventExport = {
  readonly format: 'xlsx' | 'csv';
  readonly words: EventWords;
  /** IANA name of the zone in which times are shown. */
  readonly timeZone: string;
  /** Newest first; what comes after `EVENTS_EXPORTED_MAX` rows is not asked for. */
  readonly pages: AsyncIterable<readonly ExportedEvent[]>;
};

const layout: readonly (readonly [column: keyof ExportedEvent, widthCharacters: number])[] = [
  ['id', 10],
  ['atMs', 20],
  ['chargePointId', 20],
  ['connectorId', 10],
  ['level', 12],
  ['kind', 12],
  ['name', 24],
  ['sentence', 60],
  ['request', 60],
  ['answer', 60],
  ['note', 40],
];

/** The bytes of a file of events, made as they are read. */
export function exportEvents({ format, words, timeZone, pages }: EventExport): ReadableStream<Uint8Array> {
  const sheet: Sheet = {
    name: words.sheet,
    columns: layout.map(([column, widthCharacters]) => ({ header: words.columns[column], widthCharacters })),
    pages: cellPages({ pages, words, timeZone }),
  };
  return format === 'xlsx' ? xlsxStream(sheet) : csvStream(sheet);
}

async function* cellPages({ pages, words, timeZone }: Omit<EventExport, 'format'>) {
  const shown = wallClock(timeZone);
  const cellsOf = (event: ExportedEvent): readonly Cell[] =>
    layout.map(([column]) => {
      if (column === 'atMs') return shown(event.atMs);
      if (column === 'level') return words.levels[event.level] ?? event.level;
      return event[column];
    });
  let left = EVENTS_EXPORTED_MAX;
  for await (const page of pages) {
    yield page.slice(0, left).map(cellsOf);
    left -= page.length;
    if (left <= 0) return;
  }
}
