import type { CallToChargePoint, ConfigurationKey } from '#src/wire/ocpp/messages.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import type { TestServer } from '../fixtures/server.ts';

/** Connector 1 is meant wherever none is named. */
export type ScenarioStatus = 'Available' | 'Preparing' | 'Charging' | 'Finishing' | 'Unavailable' | 'Faulted';
export type ScenarioStart = {
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly atMs: number;
  readonly connectorId?: number;
};
export type ScenarioStop = {
  readonly transactionId: number;
  readonly idTag?: string;
  readonly meterStopWh: number;
  readonly atMs: number;
};

/** What a charger may answer to a call of the server, in the words of OCPP 1.6. */
export type ScenarioAnswer =
  | { readonly status: string }
  | { readonly configurationKey: readonly ConfigurationKey[]; readonly unknownKey: readonly string[] }
  | { readonly listVersion: number }
  | { readonly fileName: string }
  /** Answers without a field: UpdateFirmware. */
  | Readonly<Record<string, never>>;

/** A call that the server made, and the way to answer it. */
export type ScenarioCall = {
  /** As `CallToChargePoint` has it, whatever was on the wire. */
  readonly call: CallToChargePoint;
  readonly reply: (answer: ScenarioAnswer) => void;
};

/**
 * A charger of any family: it speaks its own protocol over real sockets, and is told what to do in the words of
 * OCPP 1.6. Nothing is sent by itself. Each promise is kept by the server's answer, and broken when none comes.
 */
export interface ScenarioCharger {
  boot(): Promise<void>;
  status(status: ScenarioStatus, connectorId?: number): Promise<void>;
  /** May this badge charge? */
  authorize(idTag: string): Promise<boolean>;
  start(start: ScenarioStart): Promise<{ readonly transactionId: number; readonly accepted: boolean }>;
  /** The energy register. */
  meter(sample: {
    readonly transactionId: number;
    readonly registerWh: number;
    readonly atMs: number;
    readonly connectorId?: number;
  }): Promise<void>;
  stop(stop: ScenarioStop): Promise<void>;
  /** How far it is with a file, where `movesFiles`. */
  fileStatus?(about: 'firmware' | 'log', status: string): Promise<void>;
  /** The next call of the server that was not taken yet. */
  nextCall(): Promise<ScenarioCall>;
  /** The network is gone, without a word to the server. */
  lose(): Promise<void>;
  /** The network is back; nothing is said yet. */
  back(): Promise<void>;
}

export type ScenarioFamily = {
  readonly name: string;
  readonly protocol: Protocol;
  /** Calls that this protocol cannot carry, or only in another form. */
  readonly lacks: ReadonlySet<CallToChargePoint['action']>;
  /** It fetches softwares and leaves logs at addresses that it is given. */
  readonly movesFiles?: true;
  /** A charger that has an address, and has said nothing yet; gone at the end of the test. */
  readonly connect: (server: TestServer, identity: string) => Promise<ScenarioCharger>;
};
