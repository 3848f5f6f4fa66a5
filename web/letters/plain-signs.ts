/** Signs of print that the alphabet of SMS lacks would cost a text half its length (3GPP TS 23.038). */
export function inPlainSigns(text: string): string {
  return text
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/«\s*|\s*»|[“”]/g, '"')
    .replaceAll(/[\u00a0\u202f]/g, ' ');
}
