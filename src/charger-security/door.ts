import { chargePointKey } from '#src/domain/ids.ts';
import type { Admission, Arrival } from '#src/edges/handlers.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';
import { keyCheck } from './keys.ts';

type Admitted = Extract<Admission, { ok: true }>;

const REVOKED = 'certificate-revoked';
/** Wrong passwords of one charger in a row, beyond which it waits: guessing 128 bits is hopeless, trying is a nuisance. */
const WRONG_MAX = 20;
const WRONG_WAIT_MS = 60_000;
/** Chargers whose failures are remembered. */
const REMEMBERED_MAX = 10_000;

/**
 * A charger whose station has a password must present it, or a certificate of ours, whatever it speaks; where there is
 * no password it is admitted as before. While a password is being changed, either is right (security whitepaper, section 2.3).
 */
export function lockedDoor(deps: {
  readonly admit: (arrival: Arrival) => Promise<Admission>;
  readonly credentials: ChargerCredentials;
  /** The station that has this charger now. */
  readonly stationOf: (chargePointId: string) => Promise<string | null>;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}): (arrival: Arrival) => Promise<Admission> {
  const { admit, credentials, stationOf, now, onFailure } = deps;
  const check = keyCheck();
  const wrong = new Map<string, { readonly count: number; readonly sinceMs: number }>();

  /** By its certificate; why it is not his, or null for one that we never gave: a maker's own, which proves nothing. */
  async function certified(
    { chargePointId }: Admitted,
    arrival: Arrival,
  ): Promise<'proven' | 'certificate-other' | 'certificate-expired' | typeof REVOKED | null> {
    const { certificate: fingerprint } = arrival;
    if (fingerprint === undefined || fingerprint === null) return null;
    const certificate = await credentials.certificate(fingerprint);
    if (certificate === null) return null;
    if (chargePointKey(certificate.chargePointId) !== chargePointKey(chargePointId)) return 'certificate-other';
    if (certificate.revokedAtMs !== null) return REVOKED;
    if (certificate.stationId !== (await stationOf(chargePointId))) return 'certificate-other';
    return certificate.expiresAtMs < now() ? 'certificate-expired' : 'proven';
  }

  async function unlocked(admission: Admitted, arrival: Arrival): Promise<Admission> {
    const verdict = await certified(admission, arrival);
    if (verdict === 'proven') return { ...admission, proven: 'certificate' };
    // Whoever presents it holds a key that is in wrong hands: no password makes up for it (decision 0031).
    if (verdict === REVOKED) return { ok: false, status: 401, why: REVOKED };
    const key = chargePointKey(admission.chargePointId);
    const credential = await credentials.of(key);
    const hashes = [credential?.passwordHash, credential?.nextHash].filter((hash) => hash != null);
    // With a certificate that is not its own it comes in by its password alone.
    if (credential === null || hashes.length === 0)
      return verdict === null ? admission : { ok: false, status: 401, why: verdict };
    const { basic } = arrival;
    if (basic === undefined || basic === null) return { ok: false, status: 401, why: verdict ?? 'password-missing' };
    if (basic.username === null) return { ok: false, status: 401, why: 'password-username' };
    const failures = wrong.get(key);
    if (failures !== undefined && failures.count >= WRONG_MAX && now() - failures.sinceMs < WRONG_WAIT_MS)
      return { ok: false, status: 401, why: 'password-too-often' };
    for (const hash of hashes) {
      if (!(await check(basic.password, hash))) continue;
      wrong.delete(key);
      if (hash === credential.nextHash) await credentials.changed(credential.stationId);
      return { ...admission, proven: 'password' };
    }
    if (wrong.size >= REMEMBERED_MAX) wrong.clear();
    wrong.set(key, { count: (failures?.count ?? 0) + 1, sinceMs: now() });
    return { ok: false, status: 401, why: 'password-wrong' };
  }

  return async (arrival) => {
    const admission = await admit(arrival);
    if (!admission.ok) return admission;
    try {
      return await unlocked(admission, arrival);
    } catch (error) {
      onFailure(error);
      return { ok: false, status: 503, why: 'storage-failure' };
    }
  };
}
