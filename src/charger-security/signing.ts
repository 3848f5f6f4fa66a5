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

/** What came of it: the certificate, or why there is none. */
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

/** In PEM. */
export type Root = { readonly certificate: string; readonly key: string };

/** What a charger asks for, and what it may have. `nowMs`: epoch ms. */
export type Asking = {
  /** PKCS #10, in PEM. */
  readonly csr: string;
  /** The common names of which it may have one, whatever the letter case. */
  readonly names: readonly string[];
  readonly nowMs: number;
};

/** What a charger is told that asks for a certificate. */
export async function sign(root: Root, { csr, names, nowMs }: Asking): Promise<Signed> {
  const asked = await readRequest(csr, names);
  if ('why' in asked) return { ok: false, why: asked.why };
  const expiresAtMs = nowMs + CHARGER_CERTIFICATE_MS;
  const issuer = new X509Certificate(root.certificate);
  const certificate = await X509CertificateGenerator.create({
    subject: asked.request.subject,
    issuer: issuer.subject,
    publicKey: asked.request.publicKey,
    signingKey: await importedKey(root.key),
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(nowMs - BACKDATED_MS),
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
    chain: `${pem}${root.certificate.trim()}\n`,
    fingerprint: fingerprintOf(new NodeCertificate(pem).fingerprint256),
    serialNumber: certificate.serialNumber,
    subject: certificate.subject,
    expiresAtMs,
  };
}

/** `AB:CD` as TLS tells it, as it is stored. */
function fingerprintOf(fingerprint256: string): string {
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

function importedKey(pem: string): Promise<CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  return crypto.subtle.importKey('pkcs8', new Uint8Array(der), ALGORITHM, false, ['sign']);
}

/** The root of an authority that begins. */
export async function newRoot(nowMs: number): Promise<Root> {
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
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' });
  return { certificate: root.toString('pem'), key };
}
