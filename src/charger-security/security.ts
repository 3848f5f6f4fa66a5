import { randomBytes } from 'node:crypto';
import { keyTyped, type ChargerSecurity } from '#src/domain/charger-security.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';
import { hashKey } from './keys.ts';

/** The longest that `AuthorizationKey` may be: 40 hexadecimal digits. */
const NEW_KEY_BYTES = 20;

/** The passwords of chargers, towards pages: set, cleared, looked at; never read. */
export function chargerSecurityOver(credentials: ChargerCredentials, now: () => number): ChargerSecurity {
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
  };
}
