/** What came of a charger's request for a certificate; `chain` is PEM. */
export type Certified =
  | { readonly ok: true; readonly chain: string; readonly fingerprint: string }
  | {
      readonly ok: false;
      readonly why:
        | 'malformed'
        | 'not-his-key'
        | 'weak-key'
        | 'wrong-name'
        | 'too-often'
        | 'no-authority'
        | 'not-secured';
    };
/** Signs, and remembers what was signed, before the charger hears of it. `names`: those that the charger may have. */
export type Certify = (of: {
  readonly chargePointId: string;
  readonly csr: string;
  readonly names: readonly string[];
  readonly atMs: number;
}) => Promise<Certified>;
