import { readFile } from 'node:fs/promises';
import { nameOf, type Certificate, type ServerCertificates } from '#src/edges/server-certificates.ts';

/** Of each certificate, in their order: paths of PEM files. */
export type CertificatePaths = { readonly certs: readonly string[]; readonly keys: readonly string[] };

/** How often the files are looked at: whoever renews certificates does so days before the end. */
export const LOOK_MS = 60_000;

/** @throws Error that names the file which cannot be read. */
export async function readCertificates({ certs, keys }: CertificatePaths): Promise<readonly Certificate[]> {
  return Promise.all(
    certs.map(async (path, index) => ({
      cert: await readFile(path, 'utf8'),
      key: await readFile(keys[index] ?? '', 'utf8'),
    })),
  );
}

/**
 * Looks at the files of the certificates again and again, and when it is told to: what has changed and is whole is shown
 * from the next handshake on. A certificate without its key, as it is for a moment while both are being written, is told
 * once, and what was shown goes on being shown.
 */
export function followCertificates(of: {
  readonly certificates: ServerCertificates;
  readonly paths: CertificatePaths;
  readonly wakeIn: (ms: number, run: () => void) => () => void;
  readonly told: (outcome: 'certificate-renewed' | 'certificate-refused', note: string) => void;
}): { look(): Promise<void>; stop(): void } {
  const { certificates, paths, wakeIn, told } = of;
  let lastSeen: string | null = null;
  let looking: Promise<void> | null = null;
  let cancel = wakeIn(LOOK_MS, again);

  function again(): void {
    cancel = wakeIn(LOOK_MS, again);
    void look();
  }

  function look(): Promise<void> {
    looking ??= compared().finally(() => {
      looking = null;
    });
    return looking;
  }

  async function compared(): Promise<void> {
    const found = await readCertificates(paths).catch((error: unknown) => String(error));
    const seen = JSON.stringify(found);
    if (seen === lastSeen) return;
    const isFirst = lastSeen === null;
    lastSeen = seen;
    try {
      if (typeof found === 'string') throw new Error(found);
      const before = certificates.all.map(({ fingerprint256 }) => fingerprint256).join();
      certificates.renew(found);
      const after = certificates.all.map(({ fingerprint256 }) => fingerprint256).join();
      // The first look finds what the server was started with.
      if (!isFirst || before !== after) told('certificate-renewed', certificates.all.map(termOf).join('; '));
    } catch (error) {
      told('certificate-refused', String(error).slice(0, 300));
    }
  }

  return { look, stop: () => cancel() };
}

function termOf(leaf: ServerCertificates['all'][number]): string {
  return `${nameOf(leaf)} until ${new Date(leaf.validTo).toISOString()}`;
}
