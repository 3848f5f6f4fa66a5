/** A moment as the clocks of a place show it: ms since 1970 as though that place kept UTC (`wallClock`). */
export type WallClock = { readonly wallClockMs: number };
export type Cell = string | number | null | WallClock;
export type Column = { readonly header: string; readonly widthCharacters: number };

/** A table on its way to a file, a page of rows at a time: the next page is asked for when the file takes it. */
export type Sheet = {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
};

/** Excel refuses files with a longer text in a cell. */
export const CELL_CHARACTERS_MAX = 32_767;
/** What makes a spreadsheet take a text for a formula, full-width forms included. */
const formulaStart = /^[=+\-@\t\r\n＝＋－＠]/;
/** What XML cannot carry. A charger's frame may hold any of them (field-16). */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g;

/**
 * A text that no spreadsheet computes: an apostrophe goes before what would start a formula. Shortened to what a cell
 * holds, without the characters that a file cannot carry.
 */
export function harmlessText(text: string): string {
  const printable = text.toWellFormed().replace(unprintable, '');
  const harmless = formulaStart.test(printable) ? `'${printable}` : printable;
  return harmless.length > CELL_CHARACTERS_MAX ? harmless.slice(0, CELL_CHARACTERS_MAX).toWellFormed() : harmless;
}
