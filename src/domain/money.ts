/** Whole euro cents, VAT included unless a name says otherwise. May be negative. */
export type Cents = number & { readonly unit: 'cents' };

/** @throws when `amount` is not a safe whole number: a fraction of a cent is a bug, not a rounding. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole number of cents: ${amount}`);
  return (amount === 0 ? 0 : amount) as Cents;
}
