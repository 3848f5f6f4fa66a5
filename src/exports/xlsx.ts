import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Sheet } from './sheet.ts';
import type { FromXlsxWorker, ToXlsxWorker, XlsxStart } from './xlsx-messages.ts';

/** Rows live for an instant: a small nursery is emptied often, and no file, however long, takes more than this. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 96 };

/**
 * An Excel workbook of one sheet, written by a thread of its own as it is read: one page of rows is under way at a time,
 * and none while nobody reads. Cancelling ends the thread.
 */
export function xlsxStream({ name, columns, pages }: Sheet): ReadableStream<Uint8Array> {
  const iterator = pages[Symbol.asyncIterator]();
  const start: XlsxStart = { name, columns };
  const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), {
    workerData: start,
    resourceLimits: RESOURCE_LIMITS,
  });
  const received: FromXlsxWorker[] = [];
  let failure: unknown = null;
  worker.on('message', (message: FromXlsxWorker) => received.push(message));
  worker.on('error', (error) => (failure = error));

  const next = async (): Promise<FromXlsxWorker> => {
    for (;;) {
      if (failure !== null) throw failure;
      const message = received.shift();
      if (message) return message;
      await once(worker, 'message');
    }
  };
  const tell = (message: ToXlsxWorker): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window: it has no origin
    worker.postMessage(message);
  };
  const feed = async (): Promise<void> => {
    const page = await iterator.next();
    tell(page.done === true ? { type: 'end' } : { type: 'page', rows: page.value });
  };
  // Asked to end, never ended from here: Node aborts the whole process when a thread is ended while it opens a zlib stream.
  const stop = async (): Promise<void> => {
    tell({ type: 'stop' });
    await iterator.return?.();
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const message = await next();
            if (message.type === 'ready') await feed();
            else if (message.type === 'done') return controller.close();
            else return controller.enqueue(message.bytes);
          }
        } catch (error) {
          await stop();
          throw error;
        }
      },
      cancel: stop,
    },
    { highWaterMark: 1 },
  );
}
