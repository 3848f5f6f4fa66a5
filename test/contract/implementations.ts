import { onTestFinished } from 'vitest';
import { openMemory, type MemoryStorage } from '#src/storage/memory/open.ts';
import type { Storage } from '#src/storage/ports.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { databasePath } from '../storage/files.ts';

type Opened = { readonly storage: Storage; readonly openAgain: () => Promise<Storage> };

async function sqlite(): Promise<Opened> {
  const path = await databasePath();
  const openAgain = async () => {
    const storage = await openSqlite({ path, node: 'test', now: () => 1 });
    onTestFinished(() => storage.close());
    return storage;
  };
  return { storage: await openAgain(), openAgain };
}

async function memory(): Promise<Opened> {
  let latest: MemoryStorage = openMemory({ now: () => 1 });
  return { storage: latest, openAgain: async () => (latest = latest.reopen()) };
}

/** Every implementation of the storage port; what is opened in a test is closed when the test ends. */
export const STORAGES = [
  { name: 'SQLite', open: sqlite },
  { name: 'memory', open: memory },
];
