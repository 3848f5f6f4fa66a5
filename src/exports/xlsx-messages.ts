import type { Cell, Column } from './sheet.ts';

/** To the process that writes a workbook: what it is to be, then a page of rows for each `ready`, then the end. */
export type ToXlsxWriter =
  | { readonly type: 'sheet'; readonly name: string; readonly columns: readonly Column[] }
  | { readonly type: 'page'; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: 'end' };
/** From it: ready for one more page. The file's bytes come on its standard output. */
export type FromXlsxWriter = { readonly type: 'ready' };
