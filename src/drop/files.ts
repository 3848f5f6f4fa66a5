import type { DropProtocol, Files, FirmwareChoice, WantedFile } from '#src/storage/files-port.ts';
import { kitSerialOf } from '#src/domain/kit.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { DropStore } from '#src/storage/drop-port.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { Drop } from './drop.ts';
import { FILE_BYTES_MAX, type Folder } from './folder.ts';
import { firstFile } from './form-file.ts';

/** Softwares of one library that are looked through for one charger. */
const FIRMWARES_MAX = 1_000;
const NAME_CHARACTERS_MAX = 100;

/** Where each protocol of the drop is to be found; null: it does not listen. */
export type DropPorts = Readonly<Record<DropProtocol, number | null>>;

/** The library of softwares and the logs of chargers, with a job of the drop for each that moves. */
export function filesOver(deps: {
  readonly store: DropStore;
  readonly folder: Folder;
  readonly drop: Drop;
  readonly office: Office;
  readonly ports: DropPorts;
  /** How chargers call this server where they do not say so themselves; `host` or a whole `https://...` address. */
  readonly dropUrl: string;
  readonly now: () => number;
}): Files {
  const { store, folder, drop, office, ports, dropUrl, now } = deps;

  function addressOf(
    chargePointId: string,
    key: string,
    of: { calledAs: string | null; protocol: DropProtocol; file: string },
  ) {
    const host = hostOf(of.calledAs);
    const path = `/drop/${encodeURIComponent(chargePointId)}/${key}/${encodeURIComponent(of.file)}`;
    if (of.protocol === 'ftp') {
      const [jobId = '', secret = ''] = key.split('.');
      const ftpHost = dropUrl === '' ? host : new URL(dropUrl).hostname;
      return `ftp://${jobId}:${secret}@${ftpHost}:${ports.ftp}/${encodeURIComponent(chargePointId)}/${encodeURIComponent(of.file)}`;
    }
    const base = dropUrl === '' ? `http://${host}:${ports.http}` : dropUrl.replace(/\/$/, '');
    return `${base}${path}`;
  }

  async function choiceOf(record: RecordRow): Promise<FirmwareChoice | null> {
    const file = await store.firmwareFile(record.id);
    if (file === null && typeof record.values['url'] !== 'string') return null;
    const { name, softwareVersion } = record.values;
    return {
      id: record.id,
      name: String(name),
      softwareVersion: String(softwareVersion),
      bytes: file?.bytes ?? null,
    };
  }

  return {
    protocols: (['http', 'ftp'] as const).filter((one) => ports[one] !== null),
    async firmwaresFor(charger) {
      const page = await office.list(ENTITIES.firmware, {
        scope: [{}],
        text: '',
        sort: 'name',
        descending: false,
        filters: [],
        offset: 0,
        limit: FIRMWARES_MAX,
      });
      const fitting = page.rows.filter((record) => !record.inactive && fits(record, charger));
      const choices = await Promise.all(fitting.map(choiceOf));
      return choices.filter((choice) => choice !== null);
    },
    async offerFirmware({ commandId, chargePointId, firmwareId, calledAs, protocol, notBeforeMs }) {
      const record = await office.find(ENTITIES.firmware, firmwareId, [{}]);
      if (record === null || record.inactive) return null;
      const file = await store.firmwareFile(firmwareId);
      if (file === null) return typeof record.values['url'] === 'string' ? record.values['url'] : null;
      const job = { jobId: commandId, chargePointId, kind: 'firmware', firmwareId, fromMs: null, toMs: null } as const;
      const address = addressOf(chargePointId, await drop.open(job, notBeforeMs), {
        calledAs,
        protocol,
        file: file.fileName,
      });
      // The order of a kit is signed, and by this so is its file (docs/protocols/lafonpulse.md, section 9, Files).
      return kitSerialOf(chargePointId) === null ? address : `${address}#sha256=${file.sha256}`;
    },
    async offerLog({ commandId, chargePointId, calledAs, protocol, fromMs, toMs }) {
      const job = { jobId: commandId, chargePointId, kind: 'log', firmwareId: null, fromMs, toMs } as const;
      // A folder, as the standard has it: the charger adds the name of its file, or does not.
      return addressOf(chargePointId, await drop.open(job), { calledAs, protocol, file: '' });
    },
    async log(commandId) {
      const job = await store.job(commandId);
      if (job?.state !== 'arrived' || (await folder.bytes('logs', commandId)) === null) return null;
      const { chargePointId, fileName, bytes, fromMs, toMs } = job;
      const read = () => folder.read('logs', commandId);
      return { chargePointId, fileName: fileName ?? 'log', bytes: bytes ?? 0, fromMs, toMs, read };
    },
    firmwareFile: (firmwareId) => store.firmwareFile(firmwareId),
    bytesMax: FILE_BYTES_MAX,
    async putFirmwareFile({ firmwareId, by, contentType, body }) {
      const { stream, fileName } = await firstFile(body, contentType);
      if (stream === null || fileName === '') return 'missing';
      const put = await folder.put('firmware', firmwareId, stream, () => undefined);
      if (!put.ok) return put.why;
      const name = fileName.replaceAll(/[^\w.-]+/g, '_').slice(-NAME_CHARACTERS_MAX) || 'firmware.bin';
      const { bytes, sha256 } = put;
      await store.putFirmwareFile({ firmwareId, fileName: name, bytes, sha256, uploadedAtMs: now(), uploadedBy: by });
      return 'ok';
    },
  };
}

/** The address of a file that a command moves; null for a software that is not there any more. */
export function offerBy(
  files: Pick<Files, 'offerFirmware' | 'offerLog'>,
  {
    file,
    ...to
  }: {
    readonly commandId: string;
    readonly chargePointId: string;
    readonly file: WantedFile;
    readonly calledAs: string | null;
    readonly notBeforeMs: number;
  },
): Promise<string | null> {
  return file.kind === 'firmware' ? files.offerFirmware({ ...to, ...file }) : files.offerLog({ ...to, ...file });
}

/** The name without the port, which is another one here. */
function hostOf(calledAs: string | null): string {
  return calledAs?.replace(/:\d+$/, '') ?? 'localhost';
}

/** A software without a model is for all of its make. Letter case does not count; chargers do not agree on theirs. */
function fits({ values }: RecordRow, { make, model }: { make: string | null; model: string | null }): boolean {
  const same = (one: unknown, other: string | null) =>
    other !== null && String(one).trim().toLowerCase() === other.trim().toLowerCase();
  const { model: wanted } = values;
  return same(values['make'], make) && (wanted === null || wanted === undefined || same(wanted, model));
}
