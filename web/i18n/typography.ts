/** A space before two-part punctuation or inside quotation marks. */
const BREAKABLE = / (?=[:;?!»])|(?<=«) /g;

/**
 * French as it is printed: what stands before « : ; ? ! » and inside quotation marks never begins or ends a line
 * without its word. Texts are written with plain spaces, which an editor shows.
 */
export function frenchSpacing(text: string): string {
  return text.replace(BREAKABLE, '\u00a0');
}
