import type { Certify } from '#actors/charge-point/certified.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';
import type { Authority } from './authority.ts';

/** Requests of one charger within an hour: it asks once, and again when its answer was lost. */
export const REQUESTS_PER_HOUR_MAX = 10;
const HOUR_MS = 3_600_000;
const REMEMBERED_MAX = 10_000;

/** Signs what chargers ask for, and remembers it before the charger has it. */
export function certifier(authority: Authority, credentials: ChargerCredentials): Certify {
  const asked = new Map<string, readonly number[]>();
  return async ({ chargePointId, csr, names, atMs }) => {
    const recent = (asked.get(chargePointId) ?? []).filter((at) => at > atMs - HOUR_MS);
    if (recent.length >= REQUESTS_PER_HOUR_MAX) return { ok: false, why: 'too-often' };
    if (asked.size >= REMEMBERED_MAX) asked.clear();
    asked.set(chargePointId, [...recent, atMs]);
    const signed = await authority.sign(csr, names, atMs);
    if (!signed.ok) return signed;
    const { chain, ...certificate } = signed;
    const { fingerprint, serialNumber, subject, expiresAtMs } = certificate;
    await credentials.putCertificate({
      fingerprint,
      chargePointId,
      serialNumber,
      subject,
      issuedAtMs: atMs,
      expiresAtMs,
    });
    return { ok: true, chain, fingerprint };
  };
}
