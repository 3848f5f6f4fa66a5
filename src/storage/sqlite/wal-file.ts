import { open, type FileHandle } from 'node:fs/promises';
import type { Connection } from './connection.ts';

/** Waits until the disk has what was written to this file; a disk may take a minute, or refuse. */
export type SyncFile = (file: FileHandle) => Promise<void>;

const syncData: SyncFile = (file) => file.datasync();

/**
 * The write-ahead log of an open database, which another thread brings to the disk while the loop goes on (decision
 * 0047). SQLite locks nothing in this file, so that a second descriptor of it takes no lock away, and it stays the same
 * file until its last connection closes.
 */
export class WalFile {
  readonly #connection: Connection;
  readonly #file: FileHandle;
  readonly #syncFile: SyncFile;

  private constructor(connection: Connection, file: FileHandle, syncFile: SyncFile) {
    this.#connection = connection;
    this.#file = file;
    this.#syncFile = syncFile;
  }

  /** @throws where there is none yet: something must have been written since the connection was opened. */
  static async of(connection: Connection, syncFile: SyncFile = syncData): Promise<WalFile> {
    const [main] = connection.pragma('database_list') as readonly { readonly file: string }[];
    return new WalFile(connection, await open(`${main?.file}-wal`, 'r+'), syncFile);
  }

  /** Resolves once all that is committed by now is on the disk. Rejects with what the disk says. */
  sync(): Promise<void> {
    return this.#syncFile(this.#file);
  }

  /**
   * Brings all that is committed into the main file, and that to the disk: what a disk refused once it may take for
   * written when it is asked again, so that asking again proves nothing. @throws what the disk refuses with.
   */
  empty(): void {
    const [result] = this.#connection.pragma('wal_checkpoint(TRUNCATE)') as readonly { readonly busy: number }[];
    if (result?.busy !== 0) throw new Error('somebody reads what was not brought to the disk');
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
