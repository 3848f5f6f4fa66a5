import { chargePointKey } from '#src/domain/ids.ts';
import type { Admission, Arrival } from '#src/edges/handlers.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';
import { keyCheck } from './keys.ts';

type Admitted = Extract<Admission, { ok: true }>;

/** Wrong passwords of one charger in a row, beyond which it waits: guessing 128 bits is hopeless, trying is a nuisance. */
const WRONG_MAX = 20;
const WRONG_WAIT_MS = 60_000;
/** Chargers whose failures are remembered. */
const REMEMBERED_MAX = 10_000;

/**
 * A charger whose station has a password must present it, whatever it speaks; where there is none it is admitted as
 * before. While a password is being changed, either is right (security whitepaper, section 2.3).
 */
export function lockedDoor(deps: {
  readonly admit: (arrival: Arrival) => Promise<Admission>;
  readonly credentials: ChargerCredentials;
  readonly now: () => number;
  readonly onFailure: (error: unknown) => void;
}): (arrival: Arrival) => Promise<Admission> {
  const { admit, credentials, now, onFailure } = deps;
  const check = keyCheck();
  const wrong = new Map<string, { readonly count: number; readonly sinceMs: number }>();

  async function unlocked(admission: Admitted, arrival: Arrival): Promise<Admission> {
    const key = chargePointKey(admission.chargePointId);
    const credential = await credentials.of(key);
    const hashes = [credential?.passwordHash, credential?.nextHash].filter((hash) => hash != null);
    if (credential === null || hashes.length === 0) return admission;
    const { basic } = arrival;
    if (basic === undefined || basic === null) return { ok: false, status: 401, why: 'password-missing' };
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
