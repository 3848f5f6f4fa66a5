/** What really happened at a plug: what the server must end up knowing. Only the simulated world writes here. */
export type PhysicalSession = {
  readonly name: string;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  /** As the charger wrote it, by its own clock. */
  readonly startedAt: string;
  readonly meterStartWh: number;
  /** As the server told it; null until the charger has heard. */
  transactionId: number | null;
  /** Every id that a start of this session was answered with, heard or not. */
  readonly answeredIds: Set<number>;
  /** The register at the end; null while energy flows. */
  meterStopWh: number | null;
  /** Every register that a stop of this session has told. */
  readonly toldStopsWh: Set<number>;
  stopAnswered: boolean;
  /** The charger has forgotten it: no stop will ever be sent. */
  forgotten: boolean;
  /** The highest register of an answered sample that named the session. */
  acknowledgedWh: number;
  /** Its start and its stop were written by a clock that tells our time, so nothing about it is implausible. */
  honest: boolean;
};

/** One call as a charger sent it, by link and message id. */
export type SentCall =
  | { readonly kind: 'other' }
  | { readonly kind: 'start'; readonly session: PhysicalSession }
  | { readonly kind: 'meter'; readonly session: PhysicalSession; readonly registerWh: number; readonly named: boolean }
  | { readonly kind: 'stop'; readonly session: PhysicalSession; readonly meterStopWh: number; readonly named: boolean };

export type Badge = {
  readonly idTag: string;
  readonly walletId: string | null;
  readonly freeService: boolean;
  readonly blocked: boolean;
  readonly declared: boolean;
};
