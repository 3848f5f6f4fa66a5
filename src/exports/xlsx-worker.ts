import ExcelJS from 'exceljs';
import { Writable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { harmlessText, type Cell } from './sheet.ts';
import type { FromXlsxWorker, ToXlsxWorker, XlsxStart } from './xlsx-messages.ts';

/**
 * Writes one workbook, in a thread of its own: exceljs would keep every charger waiting for seconds. Pages come one at a
 * time, each asked for by `ready`; the bytes go out as they are compressed.
 */
const port = parentPort;
if (!port) throw new Error('this module runs in a worker');
const send = (message: FromXlsxWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

const file = new Writable({
  write(chunk: Uint8Array, _encoding, done) {
    const bytes = Uint8Array.from(chunk);
    send({ type: 'bytes', bytes }, [bytes.buffer]);
    done();
  },
});
const { name, columns } = workerData as XlsxStart;
const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file, useStyles: true, useSharedStrings: false });
const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
sheet.columns = columns.map(({ header, widthCharacters }) => ({
  header: harmlessText(header),
  width: widthCharacters,
}));
sheet.getRow(1).font = { bold: true };
sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } };
sheet.getRow(1).commit();

port.on('message', (message: ToXlsxWorker) => {
  if (message.type === 'page') {
    for (const cells of message.rows) addRow(cells);
    send({ type: 'ready' });
  } else if (message.type === 'stop') {
    process.exit(); // Ends this thread alone.
  } else {
    sheet.commit();
    void workbook.commit().then(() => {
      send({ type: 'done' });
      port.close();
    });
  }
});
send({ type: 'ready' });

function addRow(cells: readonly Cell[]): void {
  const row = sheet.addRow(cells.map((cell) => (typeof cell === 'string' ? harmlessText(cell) : valueOf(cell))));
  cells.forEach((cell, index) => {
    if (typeof cell === 'object' && cell !== null) row.getCell(index + 1).numFmt = 'yyyy-mm-dd hh:mm:ss';
  });
  row.commit();
}

function valueOf(cell: Exclude<Cell, string>): number | Date | null {
  return typeof cell === 'object' && cell !== null ? new Date(cell.wallClockMs) : cell;
}
