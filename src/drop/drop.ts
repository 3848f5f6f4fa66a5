import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Readable } from 'node:stream';
import { chargePointKey } from '#src/domain/ids.ts';
import type { DropJob, DropStore } from '#src/storage/drop-port.ts';
import type { Folder } from './folder.ts';

/** How long the key of a firmware is good, from when it may be fetched: as long as its command waits (OCPP 1.6 §5.19). */
export const FIRMWARE_KEY_MS = 25 * 3_600_000;
export const LOG_KEY_MS = 3 * 3_600_000;
/** Transfers at one time, of all chargers: one more is asked to come back. */
export const TRANSFERS_MAX = 64;
const SECRET_BYTES = 24;
const FILE_NAME_CHARACTERS_MAX = 100;

/** Why a charger does not get or leave a file; `unknown` says no more to who guesses. */
export type DropRefusal =
  | 'drop-unknown'
  | 'drop-expired'
  | 'drop-other-charger'
  | 'drop-closed'
  | 'drop-file-gone'
  | 'drop-too-large'
  | 'drop-broken'
  | 'drop-busy'
  | 'drop-wrong-way';

/** What the drop tells of a job: the same shape as the charge point's actor takes. */
export type DropProgress = {
  readonly type: 'transfer';
  readonly commandId: string;
  readonly bytes: number;
  readonly totalBytes: number | null;
  readonly stage: 'moving' | 'arrived' | 'broken';
  readonly atMs: number;
};

export type DropDeps = {
  readonly store: DropStore;
  readonly folder: Folder;
  readonly now: () => number;
  readonly progress: (chargePointId: string, progress: DropProgress) => void;
  /** `address` without its key. */
  readonly refused: (refusal: {
    readonly chargePointId: string | null;
    readonly remoteAddress: string;
    readonly address: string;
    readonly why: DropRefusal;
  }) => void;
};

/** Who knocks at the drop, by whatever protocol. */
export type Knock = {
  readonly identity: string;
  /** `<job>.<secret>`. */
  readonly key: string;
  readonly remoteAddress: string;
};
export type Opened = { readonly ok: true; readonly job: DropJob } | { readonly ok: false; readonly why: DropRefusal };
export type Left = { readonly ok: true } | { readonly ok: false; readonly why: DropRefusal };

/** How often progress is told, at most: a page cannot show more. */
const TOLD_EVERY_MS = 400;

/**
 * Files between us and chargers, a job for each: the key of a job opens one file for one charger, until it has moved or
 * the time is over (field-40). Protocols are in front of it; this decides and counts.
 */
export class Drop {
  readonly #deps: DropDeps;
  #transfers = 0;

  constructor(deps: DropDeps) {
    this.#deps = deps;
  }

  /**
   * A new job, or a new key for one whose file has not moved: the older key is worth nothing then. The key is told this
   * once. Nobody comes before `notBeforeMs`.
   */
  async open(
    of: Pick<DropJob, 'jobId' | 'chargePointId' | 'kind' | 'firmwareId' | 'fromMs' | 'toMs'>,
    notBeforeMs = 0,
  ): Promise<string> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const createdAtMs = this.#deps.now();
    await this.#deps.store.putJob({
      ...of,
      secretHash: hashOf(secret),
      fileName: null,
      bytes: null,
      state: 'open',
      createdAtMs,
      expiresAtMs: Math.max(createdAtMs, notBeforeMs) + (of.kind === 'firmware' ? FIRMWARE_KEY_MS : LOG_KEY_MS),
    });
    return `${of.jobId}.${secret}`;
  }

  /** The job that this key opens for this charger. A refusal is told of here. */
  async admit(knock: Knock, kind: DropJob['kind']): Promise<Opened> {
    const { store, now } = this.#deps;
    const [jobId = '', secret = ''] = knock.key.split('.');
    const job = await store.job(jobId);
    if (job === null || !sameHash(hashOf(secret), job.secretHash)) return this.#refuse(knock, null, 'drop-unknown');
    if (chargePointKey(knock.identity) !== chargePointKey(job.chargePointId))
      return this.#refuse(knock, job, 'drop-other-charger');
    if (job.kind !== kind) return this.#refuse(knock, job, 'drop-wrong-way');
    if (now() > job.expiresAtMs) return this.#refuse(knock, job, 'drop-expired');
    if (job.state !== 'open') return this.#refuse(knock, job, 'drop-closed');
    if (this.#transfers >= TRANSFERS_MAX) return this.#refuse(knock, job, 'drop-busy');
    return { ok: true, job };
  }

  /** Length of the file that a job fetches; null when it has vanished, which is told of. */
  async size(knock: Knock, job: DropJob): Promise<number | null> {
    const bytes = await this.#deps.folder.bytes('firmware', job.firmwareId ?? '-');
    if (bytes === null) this.#refuse(knock, job, 'drop-file-gone');
    return bytes;
  }

  /** The bytes of a fetch, counted on their way; `start` and `end` are included, as HTTP counts. */
  fetch(knock: Knock, job: DropJob, range: { readonly start: number; readonly end: number; readonly total: number }) {
    const { folder } = this.#deps;
    const stream = folder.read('firmware', job.firmwareId ?? '-', { start: range.start, end: range.end });
    const tell = this.#teller(job);
    let bytes = range.start;
    this.#transfers++;
    stream.on('data', (chunk) => tell('moving', (bytes += chunk.length), range.total));
    stream.once('error', () => this.#refuse(knock, job, 'drop-file-gone'));
    stream.once('close', () => {
      this.#transfers--;
      tell(bytes >= range.total ? 'arrived' : 'broken', bytes, range.total);
    });
    return stream;
  }

  /** Keeps what a charger leaves. */
  async leave(
    knock: Knock,
    job: DropJob,
    from: Readable,
    of: { fileName: string; bytes: number | null },
  ): Promise<Left> {
    const { folder, store } = this.#deps;
    const tell = this.#teller(job);
    let moved = 0;
    this.#transfers++;
    const put = await folder
      .put('logs', job.jobId, from, (bytes) => tell('moving', (moved = bytes), of.bytes))
      .finally(() => this.#transfers--);
    if (!put.ok) {
      tell('broken', moved, of.bytes);
      return this.#refuse(knock, job, put.why === 'too-large' ? 'drop-too-large' : 'drop-broken');
    }
    const isFirst = await store.arrived(job.jobId, { fileName: safeName(of.fileName), bytes: put.bytes });
    if (!isFirst) return this.#refuse(knock, job, 'drop-closed');
    tell('arrived', put.bytes, put.bytes);
    return { ok: true };
  }

  #teller(job: DropJob): (stage: DropProgress['stage'], bytes: number, totalBytes: number | null) => void {
    const { now, progress } = this.#deps;
    let toldMs = Number.NEGATIVE_INFINITY;
    return (stage, bytes, totalBytes) => {
      const atMs = now();
      if (stage === 'moving' && atMs - toldMs < TOLD_EVERY_MS) return;
      toldMs = atMs;
      progress(job.chargePointId, { type: 'transfer', commandId: job.jobId, bytes, totalBytes, stage, atMs });
    };
  }

  #refuse(knock: Knock, job: DropJob | null, why: DropRefusal): { readonly ok: false; readonly why: DropRefusal } {
    const [jobId = ''] = knock.key.split('.');
    this.#deps.refused({
      chargePointId: job?.chargePointId ?? null,
      remoteAddress: knock.remoteAddress,
      address: `/drop/${knock.identity.slice(0, 48)}/${jobId.slice(0, 48)}`,
      why,
    });
    return { ok: false, why };
  }
}

/** A name as people download it: letters, digits and a few signs, never a path. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replaceAll(/[^\w.-]+/g, '_').replace(/^\.+/, '');
  return plain.slice(-FILE_NAME_CHARACTERS_MAX) || 'log';
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function sameHash(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
