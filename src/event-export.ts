import { exportEvents as exported, type EventWords, type ExportedEvent } from '#src/exports/events.ts';
import type { EventExport } from '#web/deps.ts';

const WORDS: Readonly<Record<EventExport['language'], EventWords>> = {
  fr: {
    sheet: 'Événements',
    columns: {
      id: 'N°',
      atMs: 'Date',
      chargePointId: 'Borne',
      connectorId: 'Connecteur',
      level: 'Niveau',
      kind: 'Type',
      name: 'Événement',
      sentence: 'Description',
      request: 'Demande',
      answer: 'Réponse',
      note: 'Note',
    },
    levels: { debug: 'Debug', info: 'Info', problem: 'Problème', critical: 'Critique' },
  },
  en: {
    sheet: 'Events',
    columns: {
      id: 'No.',
      atMs: 'Date',
      chargePointId: 'Charge point',
      connectorId: 'Connector',
      level: 'Level',
      kind: 'Kind',
      name: 'Event',
      sentence: 'Description',
      request: 'Request',
      answer: 'Answer',
      note: 'Note',
    },
    levels: { debug: 'Debug', info: 'Info', problem: 'Problem', critical: 'Critical' },
  },
};
/** Rows handed to the sheet at a time; chargers are answered between two pages. */
const PAGE_ROWS = 200;

/** The journal as a file, in the words of the reader (PRC-07). */
export function exportEvents({ format, events, timeZone, language }: EventExport): AsyncIterable<Uint8Array> {
  return exported({ format, words: WORDS[language], timeZone, pages: paged(events) });
}

async function* paged(events: AsyncIterable<ExportedEvent>): AsyncIterable<readonly ExportedEvent[]> {
  let page: ExportedEvent[] = [];
  for await (const event of events) {
    page.push(event);
    if (page.length < PAGE_ROWS) continue;
    yield page;
    page = [];
  }
  yield page;
}
