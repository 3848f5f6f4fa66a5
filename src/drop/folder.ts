import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Beyond this an upload is cut: the largest logs and firmwares of chargers are some tens of megabytes. */
export const FILE_BYTES_MAX = 256 * 1024 * 1024;
/** A name that a folder of ours may hold: ids are drawn by us, and looked at all the same. */
const SAFE_ID = /^[\w.:-]{1,80}$/;

export type Shelf = 'firmware' | 'logs';
export type Put =
  | { readonly ok: true; readonly bytes: number; readonly sha256: string }
  | { readonly ok: false; readonly why: 'too-large' | 'broken' };

/** Files on disk, by shelf and id. A file is there whole or not at all. */
export class Folder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Length in bytes; null when it is not there. */
  async bytes(shelf: Shelf, id: string): Promise<number | null> {
    try {
      const found = await stat(this.#at(shelf, id));
      return found.isFile() ? found.size : null;
    } catch {
      // ENOENT is the answer; whatever else stands in the way, nobody can read it either.
      return null;
    }
  }

  /** From `start` to `end`, both included, as HTTP counts. */
  read(shelf: Shelf, id: string, range?: { readonly start: number; readonly end: number }): Readable {
    return createReadStream(this.#at(shelf, id), range);
  }

  /**
   * Keeps what comes, up to `bytesMax`; nothing is kept of what breaks off or is too long. Two at once for one id write
   * two files: the later one to finish stays.
   */
  async put(
    shelf: Shelf,
    id: string,
    from: Readable,
    onBytes: (bytes: number) => void,
    bytesMax = FILE_BYTES_MAX,
  ): Promise<Put> {
    const path = this.#at(shelf, id);
    const part = `${path}.${process.hrtime.bigint()}.part`;
    const hash = createHash('sha256');
    let bytes = 0;
    let tooLarge = false;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        tooLarge = bytes > bytesMax;
        if (tooLarge) return done(new Error('too large'));
        hash.update(chunk);
        onBytes(bytes);
        return done(null, chunk);
      },
    });
    await mkdir(join(this.#path, shelf), { recursive: true });
    try {
      await pipeline(from, counted, createWriteStream(part));
      await rename(part, path);
      return { ok: true, bytes, sha256: hash.digest('hex') };
    } catch {
      // The sender went away, was cut, or the disk is full: to who asked it is the same.
      await rm(part, { force: true });
      return { ok: false, why: tooLarge ? 'too-large' : 'broken' };
    }
  }

  async remove(shelf: Shelf, id: string): Promise<void> {
    await rm(this.#at(shelf, id), { force: true });
  }

  #at(shelf: Shelf, id: string): string {
    if (!SAFE_ID.test(id) || id.startsWith('.')) throw new Error(`not an id of a file: ${id.slice(0, 80)}`);
    return join(this.#path, shelf, id);
  }
}
