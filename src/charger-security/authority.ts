// oxlint-disable-next-line import/no-unassigned-import -- the package of certificates reads what this one adds
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateKey, createPublicKey, X509Certificate as NodeCertificate } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const ROOT_MS = 20 * 365 * DAY_MS;
/** A charger that is forgotten for a year has to come back by its password. */
export const CHARGER_CERTIFICATE_MS = 400 * DAY_MS;
/** Clocks of chargers differ from ours. */
const BACKDATED_MS = 3_600_000;
/** RSA keys below this are no longer trusted by anyone. */
const RSA_BITS_MIN = 2_048;
const NAME = 'CN=Vigie charger authority, O=Vigie';

export type Signed =
  | {
      readonly ok: true;
      /** PEM: the charger's certificate, then the root. */
      readonly chain: string;
      /** SHA-256 in hex, as it is looked up when the charger presents it. */
      readonly fingerprint: string;
      readonly serialNumber: string;
      readonly subject: string;
      readonly expiresAtMs: number;
    }
  | { readonly ok: false; readonly why: 'malformed' | 'not-his-key' | 'weak-key' | 'wrong-name' };

export type Authority = {
  /** PEM of the root that signs certificates of chargers. */
  readonly root: string;
  /** Signs what a charger asks for, if its common name is one of these, whatever the letter case. */
  sign(csr: string, names: readonly string[], nowMs: number): Promise<Signed>;
};

/**
 * The authority that certifies chargers (security profile 3): a root of our own, made at the first start, kept as two
 * files of which the key is readable by us alone. ASN.1 is the package's business, keys are Node's.
 */
export async function openAuthority(folder: string, nowMs: number): Promise<Authority> {
  const { privateKey, root } = (await readRoot(folder)) ?? (await makeRoot(folder, nowMs));
  return {
    root: root.toString('pem'),
    async sign(csr, names, atMs) {
      const asked = await readRequest(csr, names);
      if ('why' in asked) return { ok: false, why: asked.why };
      const expiresAtMs = atMs + CHARGER_CERTIFICATE_MS;
      const certificate = await X509CertificateGenerator.create({
        subject: asked.request.subject,
        issuer: root.subject,
        publicKey: asked.request.publicKey,
        signingKey: privateKey,
        signingAlgorithm: ALGORITHM,
        notBefore: new Date(atMs - BACKDATED_MS),
        notAfter: new Date(expiresAtMs),
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
          await SubjectKeyIdentifierExtension.create(asked.request.publicKey),
        ],
      });
      const pem = `${certificate.toString('pem').trim()}\n`;
      return {
        ok: true,
        chain: `${pem}${root.toString('pem').trim()}\n`,
        fingerprint: fingerprintOf(new NodeCertificate(pem).fingerprint256),
        serialNumber: certificate.serialNumber,
        subject: certificate.subject,
        expiresAtMs,
      };
    },
  };
}

/** `AB:CD` as TLS tells it, as it is stored. */
export function fingerprintOf(fingerprint256: string): string {
  return fingerprint256.replaceAll(':', '').toLowerCase();
}

type Asked = { readonly request: Pkcs10CertificateRequest } | { readonly why: Extract<Signed, { ok: false }>['why'] };

/** Whoever asks must hold the key that he wants certified, and may have no name but his own. */
async function readRequest(csr: string, names: readonly string[]): Promise<Asked> {
  let request: Pkcs10CertificateRequest;
  try {
    request = new Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) return { why: 'not-his-key' };
  } catch {
    // Not ASN.1, not a request, or an algorithm that nobody knows.
    return { why: 'malformed' };
  }
  if (isWeak(request.publicKey.rawData)) return { why: 'weak-key' };
  const [name, ...more] = request.subjectName.getField('CN');
  const isHis = names.some((one) => one.toUpperCase() === name?.toUpperCase());
  return isHis && more.length === 0 ? { request } : { why: 'wrong-name' };
}

function isWeak(spki: ArrayBuffer): boolean {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const bits = key.asymmetricKeyDetails?.modulusLength;
  return key.asymmetricKeyType === 'rsa' ? (bits ?? 0) < RSA_BITS_MIN : key.asymmetricKeyType !== 'ec';
}

type Root = { readonly privateKey: CryptoKey; readonly root: X509Certificate };

async function readRoot(folder: string): Promise<Root | null> {
  try {
    const [pem, key] = await Promise.all([
      readFile(join(folder, 'root.pem'), 'utf8'),
      readFile(join(folder, 'root.key'), 'utf8'),
    ]);
    const der = createPrivateKey(key).export({ format: 'der', type: 'pkcs8' });
    const privateKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(der), ALGORITHM, false, ['sign']);
    return { privateKey, root: new X509Certificate(pem) };
  } catch (error) {
    // Only what is not there may be made anew: another root would void every certificate of the one before.
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeRoot(folder: string, nowMs: number): Promise<Root> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned({
    name: NAME,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + ROOT_MS),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'root.key'), pem, { mode: 0o600, flag: 'wx' });
  await chmod(join(folder, 'root.key'), 0o600);
  await writeFile(join(folder, 'root.pem'), root.toString('pem'), { flag: 'wx' });
  return { privateKey: keys.privateKey, root };
}
