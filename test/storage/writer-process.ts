import { openSqlite } from '#src/storage/sqlite/open.ts';
import { aCommit, anEntry, anEvent } from './rows.ts';

/**
 * Commits for twenty actors without end and prints `ack <actor> <version>` for each that is on disk, so that a test can
 * kill it at any moment. Prints `fenced` and leaves when another process has opened the file.
 */
const path = process.argv[2];
if (path === undefined) throw new Error('the path of the database is the first argument');
const storage = await openSqlite({ path, node: 'writer' });
const claims = await storage.actors.claimMany(Array.from({ length: 20 }, (_, index) => `a/${index}`));

await Promise.all(
  claims.map(async (claim) => {
    for (let version = claim.version; ; version += 1) {
      const key = `${claim.actorId}/${version + 1}`;
      const result = await storage.actors.commit(
        aCommit({ ...claim, version }, { version: version + 1 }, [
          { type: 'event', event: anEvent({ name: key }) },
          { type: 'ledger-entry', entry: anEntry({ key, walletId: claim.actorId }) },
        ]),
      );
      if (result !== 'ok') return process.stdout.write(`${result}\n`);
      process.stdout.write(`ack ${claim.actorId} ${version + 1}\n`);
    }
  }),
);
await storage.close();
