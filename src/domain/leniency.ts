/**
 * How much one charger is forgiven (field-25): what can be understood is, by default; `assume-1.6` also takes a
 * sub-protocol of another name for OCPP 1.6; `strict` forgives nothing, neither in the handshake nor in frames.
 */
export const LENIENCIES = ['tolerant', 'assume-1.6', 'strict'] as const;
export type Leniency = (typeof LENIENCIES)[number];

export const DEFAULT_LENIENCY: Leniency = 'tolerant';

/** As it is on disk; another word than ours is the default. */
export function leniencyOf(written: unknown): Leniency {
  return LENIENCIES.find((one) => one === written) ?? DEFAULT_LENIENCY;
}
