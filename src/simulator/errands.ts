import { createHash, verify, X509Certificate } from 'node:crypto';

/** What a charger carries over HTTP for an order of the server: these are its only errands outside its own link. */

const WITHIN_MS = 60_000;
const FILE_BYTES_MAX = 256 * 1024 * 1024;

export type Fetched = { readonly ok: boolean; readonly genuine: boolean; readonly version: string | null };

/** Fetches a whole software. `genuine`: its signature is that of its certificate, or none was asked for. */
export async function fetchFirmware(
  location: string,
  signed: { readonly certificate: string; readonly signature: string } | null,
): Promise<Fetched> {
  try {
    const answer = await fetch(location, { signal: AbortSignal.timeout(WITHIN_MS) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok || !hasDigest(bytes, location)) return { ok: false, genuine: false, version: null };
    const genuine = bytes.length <= FILE_BYTES_MAX && (signed === null || isSigned(bytes, signed));
    return { ok: true, genuine, version: versionOf(location) };
  } catch {
    // A TypeError or an abort: nobody there, or cut half-way.
    return { ok: false, genuine: false, version: null };
  }
}

/** As the fragment of the address has it, which no server sees; any file, where it says nothing. */
function hasDigest(bytes: Buffer, location: string): boolean {
  const [, digest] = /^#sha256=([\da-f]{64})$/.exec(new URL(location).hash) ?? [];
  return digest === undefined || createHash('sha256').update(bytes).digest('hex') === digest;
}

function isSigned(bytes: Buffer, { certificate, signature }: { certificate: string; signature: string }): boolean {
  try {
    return verify('sha256', bytes, new X509Certificate(certificate).publicKey, Buffer.from(signature, 'base64'));
  } catch {
    return false; // Not a certificate at all.
  }
}

/** The version that a file of ours is named after: `parvis-4.3.0.bin`, `KIPA1B205A.bin`. */
function versionOf(location: string): string | null {
  const name = new URL(location).pathname.split('/').at(-1) ?? '';
  return /\d+(?:\.\d+)+|KI[PT][A-Z\d]*B\d{3}[A-Z\d]*/.exec(name)?.[0] ?? null;
}

/** Leaves a file, below the address where that is a folder. False when nobody took it. */
export async function leaveLog(location: string, fileName: string, text: string): Promise<boolean> {
  try {
    const url = location.endsWith('/') ? new URL(encodeURIComponent(fileName), location) : location;
    const answer = await fetch(url, { method: 'PUT', body: text, signal: AbortSignal.timeout(WITHIN_MS) });
    return answer.ok;
  } catch {
    return false; // As above.
  }
}
