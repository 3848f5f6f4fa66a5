import type { Readable } from 'node:stream';

/** Files between the server and its chargers, as pages use them (field-40, PRC-10..12). */

/** A software of the library that fits a charger. `bytes` is null when it lies at its maker's address, not with us. */
export type FirmwareChoice = {
  readonly id: string;
  readonly name: string;
  readonly softwareVersion: string;
  readonly bytes: number | null;
};
export type FirmwareFileView = {
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly uploadedAtMs: number;
  readonly uploadedBy: string;
};
/** What a charger has left for a command. */
export type LogFile = {
  readonly chargePointId: string;
  readonly fileName: string;
  readonly bytes: number;
  /** The period that was asked for. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly read: () => Readable;
};

/** By what a file goes to a charger: `ftp` for those that speak nothing else. */
export type DropProtocol = 'http' | 'ftp';

/** A file that a command moves. Its address is made when the command leaves: a one-time key would not keep while it waits. */
export type WantedFile =
  | { readonly kind: 'firmware'; readonly firmwareId: string; readonly protocol: DropProtocol }
  /** The period that is asked for, in ms since 1970; null where none is. */
  | {
      readonly kind: 'log';
      readonly protocol: DropProtocol;
      readonly fromMs: number | null;
      readonly toMs: number | null;
    };

export type FirmwareFilePut = 'ok' | 'missing' | 'too-large' | 'broken';

export type Files = {
  /** Those that were declared for this make and model, by name. */
  firmwaresFor(charger: {
    readonly make: string | null;
    readonly model: string | null;
  }): Promise<readonly FirmwareChoice[]>;
  /** The protocols that files can go by now. */
  readonly protocols: readonly DropProtocol[];
  /**
   * Where this charger, and it alone, fetches this software for this command; null for a software that is not there. One
   * that lies at its maker's address is fetched from there.
   */
  offerFirmware(of: {
    readonly commandId: string;
    readonly chargePointId: string;
    readonly firmwareId: string;
    /** `host` or `host:port` by which the charger calls us; null: not known. */
    readonly calledAs: string | null;
    readonly protocol: DropProtocol;
    /** The charger is told not to fetch it earlier; epoch ms. */
    readonly notBeforeMs?: number;
  }): Promise<string | null>;
  /** Where this charger may leave one file for this command. */
  offerLog(of: {
    readonly commandId: string;
    readonly chargePointId: string;
    readonly calledAs: string | null;
    readonly protocol: DropProtocol;
    readonly fromMs: number | null;
    readonly toMs: number | null;
  }): Promise<string>;
  /** Null when nothing has come, or when it was purged. */
  log(commandId: string): Promise<LogFile | null>;
  firmwareFile(firmwareId: string): Promise<FirmwareFileView | null>;
  /** Keeps the file of a software of the library, from a posted form, in the place of the one before. */
  putFirmwareFile(of: {
    readonly firmwareId: string;
    readonly by: string;
    readonly contentType: string | undefined;
    readonly body: Readable;
  }): Promise<FirmwareFilePut>;
  /** The longest file, in bytes. */
  readonly bytesMax: number;
};
