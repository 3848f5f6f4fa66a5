import type { Cell, Column } from './sheet.ts';

/** What the worker that writes a workbook is started with. */
export type XlsxStart = { readonly name: string; readonly columns: readonly Column[] };
/** To the worker: a page of rows, or the end; or that nobody reads any more. */
export type ToXlsxWorker =
  | { readonly type: 'page'; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: 'end' }
  | { readonly type: 'stop' };
/** From the worker: bytes of the file, `ready` for one more page, `done` after the last byte. */
export type FromXlsxWorker =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'ready' }
  | { readonly type: 'done' };
