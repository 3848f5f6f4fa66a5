/** What may be asked of the disk for files that chargers fetch and leave (field-40). The files themselves lie in a folder. */

/**
 * One file that one charger may fetch, or leave, once. `open` until it has moved, `arrived` then, `closed` when nobody
 * wants it any more.
 */
export type DropJob = {
  /** The id of the command that it belongs to. */
  readonly jobId: string;
  readonly chargePointId: string;
  readonly kind: 'firmware' | 'log';
  /** SHA-256 of its one-time key, in hex. */
  readonly secretHash: string;
  /** The library's file that is fetched; null for a log. */
  readonly firmwareId: string | null;
  /** What the charger called what it left; null until then. */
  readonly fileName: string | null;
  /** Length of what has arrived. */
  readonly bytes: number | null;
  readonly state: 'open' | 'arrived' | 'closed';
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** The period that a log was asked for; null where none was. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
};

/** The file of a firmware of the library. */
export type FirmwareFile = {
  readonly firmwareId: string;
  readonly fileName: string;
  readonly bytes: number;
  /** In hex, of the whole file. */
  readonly sha256: string;
  readonly uploadedAtMs: number;
  readonly uploadedBy: string;
};

export interface DropStore {
  /** In the place of an open one of the same id; one whose file has moved stays as it is. */
  putJob(job: DropJob): Promise<void>;
  job(jobId: string): Promise<DropJob | null>;
  /** False when it was not open any more: somebody was faster. */
  arrived(jobId: string, file: { readonly fileName: string; readonly bytes: number }): Promise<boolean>;
  closed(jobId: string): Promise<void>;
  /** Jobs that expired before `beforeMs`, forgotten now, at most `limit`: their files may go. */
  forget(beforeMs: number, limit: number): Promise<readonly string[]>;
  putFirmwareFile(file: FirmwareFile): Promise<void>;
  firmwareFile(firmwareId: string): Promise<FirmwareFile | null>;
  /** Files of firmwares that are neither in the library nor in its bin any more, at most `limit`. */
  firmwareFilesOfNobody(limit: number): Promise<readonly string[]>;
  /** The file is gone. */
  forgetFirmwareFile(firmwareId: string): Promise<void>;
}
