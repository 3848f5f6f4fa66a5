import type { StoredEvent } from '../ports.ts';
import type { Registry } from '../registry-port.ts';
import { forcedKeyId, whole, type Disk } from './disk.ts';

/** `write` runs a change of the disk, or rejects as a process does whose file is another's by now. */
export function memoryRegistry(disk: Disk, write: <R>(change: () => R) => Promise<R>): Registry {
  const put = <K, V extends object>(rows: Map<K, V>, key: K, row: V): Promise<void> =>
    write(() => void rows.set(key, whole(row)));
  return {
    putStation: (station) => put(disk.stations, station.stationId, station),
    putChargePoint: (chargePoint) =>
      write(() => {
        const { key, chargePointId, stationId } = chargePoint;
        if (!disk.stations.has(stationId)) throw new Error(`no such station: ${stationId}`);
        const other = [...disk.chargePoints.values()].some(
          (row) => row.key !== key && row.chargePointId === chargePointId,
        );
        if (other) throw new Error(`a charge point is named so already: ${chargePointId}`);
        disk.chargePoints.set(key, whole(chargePoint));
      }),
    putIdToken: (token) => put(disk.idTokens, token.key, token),
    declareForcedKey: (forced) =>
      write(() => {
        const id = forcedKeyId(forced.stationId, forced.key);
        if (!disk.forcedKeys.has(id)) disk.forcedKeys.set(id, whole(forced));
      }),
    putUser: (user) => put(disk.users, user.username, user),
    user: async (username) => disk.users.get(username) ?? null,
    putLogin: (login) => put(disk.logins, login.tokenHash, login),
    login: async (tokenHash) => disk.logins.get(tokenHash) ?? null,
    loginsOf: async (userId, username) =>
      [...disk.logins.values()]
        .filter((login) => login.userId === userId && login.username === username)
        .toSorted((a, b) => b.createdAtMs - a.createdAtMs),
    deleteLogin: (tokenHash) => write(() => void disk.logins.delete(tokenHash)),
    deleteExpiredLogins: (nowMs) =>
      write(() => {
        for (const login of disk.logins.values()) {
          if (login.expiresAtMs <= nowMs) disk.logins.delete(login.tokenHash);
        }
      }),
    putApiToken: ({ tokenHash, label }) => put(disk.apiTokens, tokenHash, { label }),
    apiToken: async (tokenHash) => disk.apiTokens.get(tokenHash) ?? null,
    purgeEvents: ({ debugBeforeMs, otherBeforeMs, limit }) =>
      write(() => {
        const isPast = ({ level, atMs }: StoredEvent) => atMs < (level === 'debug' ? debugBeforeMs : otherBeforeMs);
        const going = new Set(disk.events.filter(isPast).slice(0, limit));
        disk.events = disk.events.filter((event) => !going.has(event));
        return going.size;
      }),
  };
}
