const SIM_FROM = 6;
const SIM_LENGTH = 12;

/**
 * The number printed on a SIM card, from its ICCID: twelve digits from the seventh on, then one Luhn key digit
 * (PRC-06). Null when the ICCID is too short or holds something else than digits.
 */
export function simNumber(iccid: string): { readonly number: string; readonly key: string } | null {
  const digits = iccid.replace(/\s/g, '');
  if (!/^\d{19,}$/.test(digits)) return null;
  const end = SIM_FROM + SIM_LENGTH;
  return { number: digits.slice(SIM_FROM, end), key: digits.slice(end, end + 1) };
}
