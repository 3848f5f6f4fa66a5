import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Root, Signed } from './signing.ts';

export type Authority = {
  /** PEM of the root that signs certificates of chargers. */
  readonly root: string;
  /** Signs what a charger asks for, if its common name is one of these, whatever the letter case. */
  sign(csr: string, names: readonly string[], nowMs: number): Promise<Signed>;
};

/**
 * The authority that certifies chargers (security profile 3): a root of our own, made at the first start, kept as two
 * files of which the key is readable by us alone. What signs is loaded when there is something to sign: few starts need
 * it.
 */
export async function openAuthority(folder: string, nowMs: number): Promise<Authority> {
  const root = (await readRoot(folder)) ?? (await makeRoot(folder, nowMs));
  return {
    root: root.certificate,
    async sign(csr, names, atMs) {
      const { sign } = await import('./signing.ts');
      return sign(root, { csr, names, nowMs: atMs });
    },
  };
}

/** @throws for files that are not a certificate and a key: better at the start than when a charger asks. */
async function readRoot(folder: string): Promise<Root | null> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(join(folder, 'root.pem'), 'utf8'),
      readFile(join(folder, 'root.key'), 'utf8'),
    ]);
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
      throw new Error(`${folder}: root.key is not the key of root.pem`);
    return { certificate, key };
  } catch (error) {
    // Only what is not there may be made anew: another root would void every certificate of the one before.
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeRoot(folder: string, nowMs: number): Promise<Root> {
  const { newRoot } = await import('./signing.ts');
  const root = await newRoot(nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'root.key'), root.key, { mode: 0o600, flag: 'wx' });
  await chmod(join(folder, 'root.key'), 0o600);
  await writeFile(join(folder, 'root.pem'), root.certificate, { flag: 'wx' });
  return root;
}
