import ExcelJS from 'exceljs';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { EVENTS_EXPORTED_MAX, exportEvents, type EventWords, type ExportedEvent } from '#src/exports/events.ts';
import { CELL_CHARACTERS_MAX, harmlessText } from '#src/exports/sheet.ts';
import { WRITERS_MAX } from '#src/exports/xlsx.ts';
import { wallClock } from '#src/exports/wall-clock.ts';
import { until } from '../fixtures/until.ts';

const words: EventWords = {
  sheet: 'Événements',
  columns: {
    id: 'Numéro',
    atMs: 'Date',
    chargePointId: 'Borne',
    connectorId: 'Prise',
    level: 'Niveau',
    kind: 'Genre',
    name: 'Nom',
    sentence: 'Phrase',
    request: 'Demande',
    answer: 'Réponse',
    note: 'Remarque',
  },
  levels: { problem: 'problème' },
};

function anExported(change: Partial<ExportedEvent> = {}): ExportedEvent {
  return {
    id: 1,
    atMs: Date.UTC(2026, 6, 14, 10, 30, 15),
    chargePointId: 'CP1',
    connectorId: 2,
    level: 'info',
    kind: 'frame-in',
    name: 'Heartbeat',
    sentence: 'Signe de vie',
    request: '[2,"1","Heartbeat",{}]',
    answer: null,
    note: null,
    ...change,
  };
}

async function* pagesOf(...pages: readonly (readonly ExportedEvent[])[]) {
  for (const page of pages) yield page;
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

async function sheetOf(bytes: Uint8Array): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes.buffer as ArrayBuffer);
  return workbook.worksheets[0]!;
}

test('PRC-07: an Excel file opens with its headers, dates in the zone asked for, and every cell of every page', async () => {
  const pages = pagesOf(
    [anExported(), anExported({ id: 2, level: 'problem', chargePointId: null })],
    [anExported({ id: 3 })],
  );
  const sheet = await sheetOf(await bytesOf(exportEvents({ format: 'xlsx', words, timeZone: 'Europe/Paris', pages })));
  expect(sheet.name).toBe('Événements');
  const row = (index: number) => (sheet.getRow(index).values as unknown[]).slice(1);
  expect(row(1)).toEqual(Object.values(words.columns));
  const shown = new Date(Date.UTC(2026, 6, 14, 12, 30, 15));
  expect(row(2)).toEqual([
    1,
    shown,
    'CP1',
    2,
    'info',
    'frame-in',
    'Heartbeat',
    'Signe de vie',
    '[2,"1","Heartbeat",{}]',
  ]);
  expect(row(3).slice(0, 5)).toEqual([2, shown, undefined, 2, 'problème']);
  expect(row(4)[0]).toBe(3);
  expect(sheet.getRow(2).getCell(2).numFmt).toBe('yyyy-mm-dd hh:mm:ss');
  expect(sheet.rowCount).toBe(4);
});

test('PRC-08: a CSV file has a byte order mark, semicolons, and quotes where a field needs them', async () => {
  const pages = pagesOf([anExported({ note: 'a;b "c"\nd', level: 'problem' })], []);
  const text = Buffer.from(
    await bytesOf(exportEvents({ format: 'csv', words, timeZone: 'Europe/Paris', pages })),
  ).toString();
  expect(text).toBe(
    '\uFEFFNuméro;Date;Borne;Prise;Niveau;Genre;Nom;Phrase;Demande;Réponse;Remarque\r\n' +
      '1;2026-07-14 12:30:15;CP1;2;problème;frame-in;Heartbeat;Signe de vie;"[2,""1"",""Heartbeat"",{}]";;"a;b ""c""\nd"\r\n',
  );
});

test('no text of a charger becomes a formula, in either format', async () => {
  const evil = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '\u0000=1'];
  const events = evil.map((note, id) => anExported({ id, note, name: note }));
  const options = { words, timeZone: 'UTC' };
  const sheet = await sheetOf(await bytesOf(exportEvents({ ...options, format: 'xlsx', pages: pagesOf(events) })));
  for (const [index, note] of evil.entries()) {
    const cell = sheet.getRow(index + 2).getCell(11);
    expect(cell.type).toBe(ExcelJS.ValueType.String);
    expect(cell.text).toMatch(/^'/);
    expect(harmlessText(note)).toMatch(/^'/);
  }
  const csv = Buffer.from(
    await bytesOf(exportEvents({ ...options, format: 'csv', pages: pagesOf(events) })),
  ).toString();
  expect(csv).not.toMatch(/[;\n]"?[=+\-@\t＝]/);
});

test('field-16: what a file cannot carry is left out, and what a cell cannot hold is cut', async () => {
  const note = `a\u0000b\u0007c\ud800d\uffff${'x'.repeat(CELL_CHARACTERS_MAX)}`;
  const bytes = await bytesOf(
    exportEvents({ format: 'xlsx', words, timeZone: 'UTC', pages: pagesOf([anExported({ note })]) }),
  );
  const { text } = (await sheetOf(bytes)).getRow(2).getCell(11);
  expect(text.slice(0, 6)).toBe('abc\ufffddx');
  expect(text).toHaveLength(CELL_CHARACTERS_MAX);
});

const PAGES_IN_A_TURN_MAX = 2;

test('PRC-08: at most the latest 20,000 events are exported, without holding up the loop', async () => {
  let asked = 0;
  let turn = 0;
  const pagesByTurn = new Map<number, number>();
  async function* endless() {
    for (;;) {
      pagesByTurn.set(turn, (pagesByTurn.get(turn) ?? 0) + 1);
      yield Array.from({ length: 1_000 }, () => anExported({ id: (asked += 1) }));
    }
  }
  const turning = setInterval(() => (turn += 1), 1);
  const bytes = await bytesOf(exportEvents({ format: 'xlsx', words, timeZone: 'Europe/Paris', pages: endless() }));
  clearInterval(turning);
  expect(asked).toBe(EVENTS_EXPORTED_MAX);
  // By the turns of the loop, which a busy machine makes slow and no fewer.
  expect(Math.max(...pagesByTurn.values())).toBeLessThanOrEqual(PAGES_IN_A_TURN_MAX);
  const sheet = await sheetOf(bytes);
  expect(sheet.rowCount).toBe(EVENTS_EXPORTED_MAX + 1);
  expect(sheet.getRow(20_001).getCell(1).value).toBe(20_000);
});

/** What pipes and buffers hold, at some 13 kB a page. */
const PAGES_ON_THEIR_WAY = 500;
const AT_REST_MS = 100;

test.each(['xlsx', 'csv'] as const)(
  'a %s file that nobody reads asks for no more pages, and cancelling ends them',
  async (format) => {
    let asked = 0;
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield [anExported({ id: (asked += 1), request: randomBytes(10_000).toString('base64') })];
      } finally {
        ended = true;
      }
    }
    const reader = exportEvents({ format, words, timeZone: 'UTC', pages: endless() }).getReader();
    await until('a first page', async () => (await reader.read()) && asked > 0);
    await until('it asks for no more', async () => {
      const before = asked;
      await pause(AT_REST_MS);
      return asked === before;
    });
    expect(asked).toBeLessThan(PAGES_ON_THEIR_WAY);
    await reader.cancel();
    expect(ended).toBe(true);
  },
);

test('an Excel file beyond those written at the same time waits for one of them to end, or to be given up', async () => {
  const file = () => exportEvents({ format: 'xlsx', words, timeZone: 'UTC', pages: pagesOf([anExported()]) });
  const held = await Promise.all(
    Array.from({ length: WRITERS_MAX }, async () => {
      const reader = file().getReader();
      await reader.read();
      return reader;
    }),
  );
  let written = 0;
  const late = [file(), file()].map((stream) => bytesOf(stream).finally(() => (written += 1)));
  await Promise.all([
    bytesOf(exportEvents({ format: 'csv', words, timeZone: 'UTC', pages: pagesOf() })),
    pause(AT_REST_MS),
  ]);
  expect(written).toBe(0);
  await held[0]?.cancel();
  for (const bytes of await Promise.all(late)) expect((await sheetOf(bytes)).rowCount).toBe(2);
  for (const reader of held) await reader.cancel();
});

test.each(['xlsx', 'csv'] as const)(
  'a %s file whose rows cannot be read fails, rather than ending short',
  async (format) => {
    async function* broken() {
      yield [anExported()];
      throw new Error('the disk is gone');
    }
    await expect(bytesOf(exportEvents({ format, words, timeZone: 'UTC', pages: broken() }))).rejects.toThrow(
      'the disk is gone',
    );
  },
);

test('field-21: both nights on which the clocks of Paris change are shown as the clocks show them', () => {
  const shown = (atMs: number) => new Date(wallClock('Europe/Paris')(atMs).wallClockMs).toISOString().slice(0, 16);
  expect(shown(Date.UTC(2026, 2, 29, 0, 59))).toBe('2026-03-29T01:59');
  expect(shown(Date.UTC(2026, 2, 29, 1, 0))).toBe('2026-03-29T03:00');
  expect(shown(Date.UTC(2026, 9, 25, 0, 59))).toBe('2026-10-25T02:59');
  expect(shown(Date.UTC(2026, 9, 25, 1, 0))).toBe('2026-10-25T02:00');
});
