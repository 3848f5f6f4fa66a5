import type { HeldSamples } from '#src/storage/ports.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';

/** A limit as it is laid down in a charger. */
export type Laid = Extract<CallToChargePoint, { action: 'SetChargingProfile' }>;

/** A call that the server makes of itself. It is no command: it has no row and is on no list, the journal tells of it. */
export type Errand = {
  /** At most 36 characters (OCPP-J 1.6 §4.1.4); the id of a command takes 24 of them. */
  readonly callId: string;
  readonly call: Extract<
    CallToChargePoint,
    {
      action:
        | 'ChangeConfiguration'
        | 'GetConfiguration'
        | 'SetChargingProfile'
        | 'GetCompositeSchedule'
        | 'ClearChargingProfile'
        | 'TriggerMessage';
    }
  >;
  /** Who forced the value, or asked for the command that this is about; null when nobody did. */
  readonly by: string | null;
  /** The limit that it is about (field-30). */
  readonly commandId?: string;
  /** It goes before the commands that wait. */
  readonly urgent?: true;
};

/** A limit on its way to be taken (field-30). */
export type Climb = {
  readonly ladder: readonly Laid[];
  /** Which of them is tried, or was taken. */
  readonly rung: number;
  readonly stage: 'asking' | 'composite' | 'measuring';
  /** How often the charger was asked what flows. */
  readonly measures: number;
  /** What flows since, by connector, in mA of a phase. */
  readonly measuredMa: Readonly<Record<number, number>>;
};

/** A configuration that is read piece by piece, for the command that asked for all of it (field-29). */
export type Reading = {
  readonly commandId: string;
  /** Keys still to be asked for. */
  readonly left: readonly string[];
  /** How many at once. */
  readonly size: number;
  /** Keys that were told so far. */
  readonly told: number;
  /** Pieces in a row that were not answered, and those that told nothing. */
  readonly silences: number;
  readonly inVain: number;
  /** Pieces that were asked for: the number of the next. */
  readonly asked: number;
};

/** A profile of another purpose that had to stand for that of a transaction: it is to go with it (field-30). */
export type StandIn = {
  readonly transactionId: number;
  readonly profileId: number;
  /** The transaction is over: the charger is asked to clear it until it has answered. */
  readonly ended?: true;
};

/** What came of a transaction that nobody knows, until its stop does (field-03). */
export type Stray = {
  readonly transactionId: number;
  readonly connectorId: number;
  readonly samples: HeldSamples;
  /** Its stop has come: a box that counts from 1 again may give the same id to another one. */
  readonly ended?: true;
};
