import type { KitRegistry } from '#src/domain/kit.ts';
import type { EventRow, NodeId, Storage } from '../ports.ts';
import type { StorageFailure } from '../failure.ts';
import { SqliteActorStore } from './actor-store.ts';
import { sqliteAlerts } from './alerts.ts';
import {
  builder,
  connect,
  migrate,
  one,
  prepare,
  slot,
  startRunning,
  storageFailure,
  type Connection,
} from './connection.ts';
import { EventFollower } from './event-follower.ts';
import { EventPostings } from './event-posting.ts';
import { EventWords } from './event-words.ts';
import { EventWriter } from './event-writer.ts';
import { GroupCommitter } from './group-commit.ts';
import type { AlertStore } from '../alert-port.ts';
import type { ChargerCredentials } from '../credential-port.ts';
import type { DropStore } from '../drop-port.ts';
import type { Office } from '../office-port.ts';
import type { PostStore } from '../post-port.ts';
import { sqliteCredentials } from './credentials.ts';
import { sqliteDrop } from './drop.ts';
import { sqliteKits } from './kits.ts';
import type { RechargeStore } from '../recharge-port.ts';
import { sqliteOffice } from './office/office.ts';
import { sqlitePost } from './post.ts';
import { sqliteReader } from './reader.ts';
import { sqliteRecharges } from './recharges.ts';
import { sqliteRegistry } from './registry.ts';
import { rowWriter } from './row-writer.ts';
import { foldLeftovers, Snapshots } from './snapshots.ts';
import { WalFile, type SyncFile } from './wal-file.ts';

export type SqliteOptions = {
  readonly node: NodeId;
  readonly now?: () => number;
  /** Told when writing starts to fail, and again when the reason changes. */
  readonly onFailure?: (failure: StorageFailure) => void;
  /** How long a group gathers, in ms; 0 is one turn of the event loop, which is best until the machine is full. */
  readonly groupWindowMs?: number;
  /** Another way to the disk, for a disk that is slow or refuses. */
  readonly syncFile?: SyncFile;
};

/** Everything that a server keeps. */
export type SqliteStorage = Storage & {
  readonly office: Office;
  readonly post: PostStore;
  readonly alerts: AlertStore;
  readonly drop: DropStore;
  readonly credentials: ChargerCredentials;
  readonly kits: KitRegistry;
  readonly recharges: RechargeStore;
};

/**
 * Opens the database at `path` (created with its folder when absent), brings its schema up to date and takes its epoch,
 * which fences every process that had opened it before. @throws StorageFailure when the file cannot be written.
 */
export async function openSqlite({
  path,
  ...options
}: SqliteOptions & { readonly path: string }): Promise<SqliteStorage> {
  const connection = connect(path);
  try {
    return await openStorage(connection, options);
  } catch (error) {
    connection.close();
    throw storageFailure(error);
  }
}

/** The same over a connection that is open already; `close` closes it. */
export async function openStorage(connection: Connection, options: SqliteOptions): Promise<SqliteStorage> {
  const now = options.now ?? Date.now;
  await migrate(connection);
  const epoch = connection
    .transaction(() => {
      const taken = takeEpoch(connection, options.node, now());
      foldLeftovers(connection, taken);
      return taken;
    })
    .immediate();
  startRunning(connection);
  const wal = await WalFile.of(connection, options.syncFile);
  const committer = new GroupCommitter({
    connection,
    epoch,
    now,
    wal,
    windowMs: options.groupWindowMs ?? 0,
    onFailure: options.onFailure ?? (() => undefined),
  });
  const events = new EventWriter(connection);
  committer.gather(events);
  const rows = rowWriter(connection, events);
  const snapshots = new Snapshots({ connection, committer, epoch });
  const follower = new EventFollower(connection, {
    postings: new EventPostings(connection, committer),
    words: new EventWords(connection, committer),
  });
  return {
    actors: new SqliteActorStore({ connection, committer, rows, snapshots, epoch }),
    reader: sqliteReader(connection, follower),
    office: sqliteOffice(connection, committer),
    alerts: sqliteAlerts(connection, committer),
    drop: sqliteDrop(connection, committer),
    credentials: sqliteCredentials(connection, committer),
    kits: sqliteKits(connection),
    recharges: sqliteRecharges(connection),
    post: sqlitePost(connection, committer),
    registry: sqliteRegistry(connection, committer, follower),
    note: (event: EventRow) => committer.writeLazily(() => events.append(event)),
    async close() {
      await follower.close();
      await snapshots.close();
      await committer.close();
      await wal.close();
      connection.close();
    },
  };
}

function takeEpoch(connection: Connection, node: NodeId, nowMs: number): number {
  const take = prepare(
    connection,
    builder(connection)
      .updateTable('server_epoch')
      .set(({ eb, lit }) => ({ epoch: eb('epoch', '+', lit(1)), node: slot, opened_at_ms: slot }))
      .where('id', '=', one)
      .returning('epoch'),
  );
  const taken = take.get(node, nowMs);
  if (!taken) throw new Error('the database has no epoch row');
  return taken.epoch;
}
