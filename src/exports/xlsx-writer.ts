import ExcelJS from 'exceljs';
import { execFile } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import { constants, setPriority } from 'node:os';
import { Writable } from 'node:stream';
import { harmlessText, type Cell } from './sheet.ts';
import type { FromXlsxWriter, ToXlsxWriter } from './xlsx-messages.ts';

/**
 * Writes one workbook, in a process of its own that gives way to chargers (decision 0037): what it is comes first, then
 * its pages one at a time, each asked for by `ready`. Its bytes go to the standard output as they are compressed.
 */
setPriority(constants.priority.PRIORITY_LOW);
// On Linux, to run when nobody else does: what has but a low priority may go on for 4 ms when a charger is heard.
execFile('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)], () => undefined);

/** A full pipe holds this process up, and with it the pages that it asks for. */
const file = new Writable({
  write: (chunk: Uint8Array, _encoding, done) => void process.stdout.write(chunk, done),
});
const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file, useStyles: true, useSharedStrings: false });
type OlderWritable = EventEmitter & { readonly _writableState?: { readonly needDrain?: boolean } };
let sheet: ExcelJS.Worksheet | null = null;

process.on('message', (message: ToXlsxWriter) => {
  if (message.type === 'sheet') {
    sheet = newSheet(message);
    ask();
  } else if (message.type === 'page') {
    for (const cells of message.rows) addRow(cells);
    void taken().then(ask);
  } else {
    sheet?.commit();
    void workbook.commit().then(() => process.disconnect?.());
  }
});
// Nobody reads any more: the server has ended.
process.once('disconnect', () => process.exit());
process.stdout.once('error', () => process.exit(1));

/**
 * Once the zip has taken what was written so far. The writer of exceljs never says that it falls behind, and keeps all
 * that a slow reader does not take; what it hands its bytes on to knows, as a stream of an older library than Node's.
 */
async function taken(): Promise<void> {
  const { stream } = sheet as unknown as { readonly stream?: { readonly pipes?: readonly OlderWritable[] } };
  // oxlint-disable-next-line no-underscore-dangle -- the older library has no other word for it
  for (const pipe of stream?.pipes ?? []) if (pipe._writableState?.needDrain === true) await once(pipe, 'drain');
}

function ask(): void {
  const ready: FromXlsxWriter = { type: 'ready' };
  process.send?.(ready);
}

function newSheet({ name, columns }: Extract<ToXlsxWriter, { type: 'sheet' }>): ExcelJS.Worksheet {
  const made = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
  made.columns = columns.map(({ header, widthCharacters }) => ({
    header: harmlessText(header),
    width: widthCharacters,
  }));
  made.getRow(1).font = { bold: true };
  made.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } };
  made.getRow(1).commit();
  return made;
}

function addRow(cells: readonly Cell[]): void {
  const row = sheet?.addRow(cells.map((cell) => (typeof cell === 'string' ? harmlessText(cell) : valueOf(cell))));
  cells.forEach((cell, index) => {
    if (typeof cell === 'object' && cell !== null && row) row.getCell(index + 1).numFmt = 'yyyy-mm-dd hh:mm:ss';
  });
  row?.commit();
}

function valueOf(cell: Exclude<Cell, string>): number | Date | null {
  return typeof cell === 'object' && cell !== null ? new Date(cell.wallClockMs) : cell;
}
