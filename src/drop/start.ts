import type { Files } from '#src/storage/files-port.ts';
import type { Refusal } from '#src/edges/handlers.ts';
import type { DropStore } from '#src/storage/drop-port.ts';
import type { Office } from '#src/storage/office-port.ts';
import { Drop, type DropProgress } from './drop.ts';
import { filesOver } from './files.ts';
import { Folder } from './folder.ts';
import { listenDropFtp } from './ftp.ts';
import { listenDropHttp } from './http.ts';

/** What a server says of its drop: null ports do not listen. */
export type DropOptions = {
  readonly folder: string;
  readonly httpPort: number | null;
  readonly ftpPort: number | null;
  readonly url: string;
  readonly store: DropStore;
  readonly office: Office;
};
export type StartedDrop = {
  readonly files: Files;
  readonly httpPort: number | null;
  readonly ftpPort: number | null;
  /**
   * Forgets jobs that expired before, with what was left for them, and the files of firmwares that have left the bin for
   * good; returns how many.
   */
  purge(beforeMs: number, limit: number): Promise<number>;
  stop(): Promise<void>;
};

/** Opens the drop; its progress and its refusals go where those of chargers go. */
export async function startDrop(
  options: DropOptions & {
    readonly host: string;
    readonly now: () => number;
    readonly progress: (chargePointId: string, progress: DropProgress) => void;
    readonly refused: (refusal: Refusal) => void;
  },
): Promise<StartedDrop> {
  const { store, office, host, now } = options;
  const folder = new Folder(options.folder);
  const drop = new Drop({
    store,
    folder,
    now,
    progress: options.progress,
    refused: ({ chargePointId, remoteAddress, address, why }) =>
      options.refused({ atMs: now(), identity: chargePointId, remoteAddress, path: address, why }),
  });
  const http = options.httpPort === null ? null : await listenDropHttp({ host, port: options.httpPort, drop });
  const ftp = options.ftpPort === null ? null : await listenDropFtp({ host, port: options.ftpPort, drop });
  const ports = { http: http?.port ?? null, ftp: ftp?.port ?? null };
  return {
    files: filesOver({ store, folder, drop, office, ports, dropUrl: options.url, now }),
    httpPort: ports.http,
    ftpPort: ports.ftp,
    async purge(beforeMs, limit) {
      const gone = await store.forget(beforeMs, limit);
      for (const jobId of gone) await folder.remove('logs', jobId);
      const orphans = await store.firmwareFilesOfNobody(limit);
      // The file first: a crash between the two finds it again.
      for (const firmwareId of orphans) {
        await folder.remove('firmware', firmwareId);
        await store.forgetFirmwareFile(firmwareId);
      }
      return gone.length + orphans.length;
    },
    stop: async () => {
      await Promise.all([http?.stop(), ftp?.stop()]);
    },
  };
}
