import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

export type ZipEntry = { readonly name: string; readonly atMs: number; readonly content: () => Readable };

/**
 * A ZIP archive as it is read: no entry is opened before the one before it has ended, and nothing is held in memory but
 * what is on its way. An entry that fails breaks the archive off, so that nobody takes half of it for the whole.
 */
export function zipOf(entries: readonly ZipEntry[]): Readable {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  for (const { name, atMs, content } of entries) {
    zip.addReadStreamLazy(name, { mtime: new Date(atMs) }, (ready) => {
      const stream = content();
      stream.once('error', (error) => output.destroy(error));
      ready(null, stream);
    });
  }
  zip.end();
  return output;
}
