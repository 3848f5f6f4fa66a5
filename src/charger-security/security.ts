import { randomBytes } from 'node:crypto';
import { keyTyped, type ChargerSecurity } from '#src/domain/charger-security.ts';
import type { ChargerCertificate, ChargerCredentials } from '#src/storage/credential-port.ts';
import { hashKey } from './keys.ts';

/** The longest that `AuthorizationKey` may be: 40 hexadecimal digits. */
const NEW_KEY_BYTES = 20;
/** A charger is given one in a year, and some more while it is being set up. */
const CERTIFICATES_MAX = 20;

/**
 * The passwords of chargers, towards pages: set, cleared, looked at; never read. And their certificates: `revoked` is told
 * of one that was just revoked.
 */
export function chargerSecurityOver(
  credentials: ChargerCredentials,
  now: () => number,
  revoked: (certificate: ChargerCertificate, by: string) => void = () => undefined,
): ChargerSecurity {
  return {
    async credential(stationId) {
      const found = await credentials.ofStation(stationId);
      if (found === null) return null;
      const { passwordHash, nextHash, setAtMs, setBy } = found;
      return { isSet: passwordHash !== null || nextHash !== null, isChanging: nextHash !== null, setAtMs, setBy };
    },
    async setPassword({ stationId, typed, by }) {
      const key = keyTyped(typed);
      if (key === null) return false;
      const passwordHash = await hashKey(key);
      await credentials.put({ stationId, passwordHash, nextHash: null, setAtMs: now(), setBy: by });
      return true;
    },
    clearPassword: (stationId) => credentials.clear(stationId),
    newKey: () => randomBytes(NEW_KEY_BYTES).toString('hex'),
    async hashOf(typed) {
      const key = keyTyped(typed);
      return key === null ? null : hashKey(key);
    },
    certificates: (stationId) => credentials.certificatesOf(stationId, CERTIFICATES_MAX),
    async revoke({ stationId, fingerprint, by }) {
      const certificate = await credentials.certificate(fingerprint);
      if (certificate === null || certificate.stationId !== stationId || certificate.revokedAtMs !== null) return false;
      await credentials.revoke({ fingerprint, atMs: now(), by });
      revoked(certificate, by);
      return true;
    },
  };
}
