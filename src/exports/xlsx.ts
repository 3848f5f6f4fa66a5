import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Sheet } from './sheet.ts';
import type { FromXlsxWriter, ToXlsxWriter } from './xlsx-messages.ts';

const WRITER = fileURLToPath(new URL('./xlsx-writer.ts', import.meta.url));
/** Rows live for an instant: what is young is collected often, and no file, however long, takes more memory than this. */
const WRITER_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=96', '--v8-pool-size=1'];
/** Processes at work at the same time, of some 100 MB each; who comes then waits for the first of them to end. */
export const WRITERS_MAX = 4;
/** A reader that takes nothing for so long is given up, for others wait. */
const READER_PATIENCE_MS = 300_000;

let writers = 0;
const waiting: (() => void)[] = [];

/**
 * An Excel workbook of one sheet, written by a process of its own as it is read (decision 0037): one page of rows is
 * under way at a time, and none while nobody reads. Cancelling ends the process; one that ends early breaks the file off.
 */
export function xlsxStream(sheet: Sheet): ReadableStream<Uint8Array> {
  return ReadableStream.from(bytesOf(sheet));
}

async function* bytesOf(sheet: Sheet): AsyncGenerator<Uint8Array> {
  if (writers < WRITERS_MAX) writers += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    yield* written(sheet);
  } finally {
    const next = waiting.shift();
    if (next === undefined) writers -= 1;
    else next();
  }
}

async function* written({ name, columns, pages }: Sheet): AsyncGenerator<Uint8Array> {
  const iterator = pages[Symbol.asyncIterator]();
  const writer = fork(WRITER, { execArgv: WRITER_FLAGS, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const closed = once(writer, 'close') as Promise<[code: number | null, signal: string | null]>;
  let failure: unknown = null;
  let patience: NodeJS.Timeout | undefined;
  const fail = (error: unknown): void => {
    failure ??= error;
    writer.kill('SIGKILL');
  };
  closed.catch(fail);
  const feed = async (): Promise<void> => {
    const page = await iterator.next();
    tell(writer, page.done === true ? { type: 'end' } : { type: 'page', rows: page.value });
  };
  writer.on('message', (_ready: FromXlsxWriter) => void feed().catch(fail));
  tell(writer, { type: 'sheet', name, columns });
  try {
    for await (const chunk of writer.stdout as AsyncIterable<Uint8Array>) {
      patience = setTimeout(() => fail(new Error('nobody read the workbook')), READER_PATIENCE_MS).unref();
      yield chunk;
      clearTimeout(patience);
    }
    const [code, signal] = await closed;
    if (failure !== null) throw failure;
    if (code !== 0) throw new Error(`the writer of the workbook ended with ${code ?? signal}`);
  } finally {
    clearTimeout(patience);
    writer.kill('SIGKILL');
    await iterator.return?.();
  }
}

/** One that has ended since is told nothing: that it ended is known by its code. */
function tell(writer: ChildProcess, message: ToXlsxWriter): void {
  writer.send(message, () => undefined);
}
