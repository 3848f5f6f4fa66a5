import { cents, type Cents } from './money.ts';

/** 1 EUR is 1,000 mills; 1 cent is 10 mills. */
const MILLIWATTHOUR_SCALE = 1000n * 10n;

/**
 * The price of energy: `energyWh` at `millsPerKwh` (VAT included), computed exactly and rounded once to the cent,
 * half up (product decision "rounding").
 * @throws RangeError for energy or a price that is not a whole number of at least 0.
 */
export function energyPrice(energyWh: number, millsPerKwh: number): Cents {
  if (!Number.isSafeInteger(energyWh) || energyWh < 0) throw new RangeError(`not an energy in Wh: ${energyWh}`);
  if (!Number.isSafeInteger(millsPerKwh) || millsPerKwh < 0)
    throw new RangeError(`not a price in mills: ${millsPerKwh}`);
  const exact = BigInt(energyWh) * BigInt(millsPerKwh);
  return cents(Number((exact * 2n + MILLIWATTHOUR_SCALE) / (MILLIWATTHOUR_SCALE * 2n)));
}
