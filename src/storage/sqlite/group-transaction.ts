import { builder, isDiskRefusal, one, prepare, prepareValue, slot, sqliteCode, type Connection } from './connection.ts';
import type { Gathered, Write } from './group-write.ts';

/** What came of one write whose group is on disk. */
export type Outcome =
  | { readonly threw: false; readonly result: unknown }
  | { readonly threw: true; readonly error: unknown };

/**
 * Writes a group in one transaction, without savepoints; when one of its writes must be undone, all are rolled back and
 * run again, each in a savepoint of its own. Whatever the disk refuses is thrown, and the whole group is undone then.
 */
export class GroupTransaction {
  readonly #connection: Connection;
  readonly #epoch: number;
  readonly #epochNow;
  readonly #statements;
  readonly #gathered: Gathered[] = [];

  constructor(connection: Connection, epoch: number) {
    this.#connection = connection;
    this.#epoch = epoch;
    const build = builder(connection);
    this.#epochNow = prepareValue(connection, build.selectFrom('server_epoch').select('epoch').where('id', '=', one));
    const sql = (text: string) => connection.prepare(text);
    this.#statements = {
      begin: sql('begin immediate'),
      commit: sql('commit'),
      rollback: sql('rollback'),
      savepoint: sql('savepoint one'),
      release: sql('release one'),
      undo: sql('rollback to one'),
      probe: prepare(connection, build.updateTable('server_epoch').set({ probe: slot }).where('id', '=', one)),
    };
  }

  /** From now on each group writes what is gathered there. */
  gather(gathered: Gathered): void {
    this.#gathered.push(gathered);
  }

  /** Has no other process opened the file since? */
  ownsEpoch(): boolean {
    return this.#epochNow.get() === this.#epoch;
  }

  /** Throws what SQLite throws, also when another process holds the file. */
  begin(): void {
    this.rollback();
    this.#statements.begin.run();
  }

  /**
   * The outcome of each write, all on disk; null when another process owns the file. The transaction was begun.
   * @throws what the disk refuses with; the caller rolls back.
   */
  run(group: readonly { readonly write: Write<unknown> }[], lazy: readonly (() => void)[]): readonly Outcome[] | null {
    if (this.#lostEpoch()) return null;
    try {
      for (const apply of lazy) apply();
      const outcomes = group.map(({ write }): Outcome => ({ threw: false, result: write.apply() }));
      this.#writeGathered();
      this.#commit();
      return outcomes;
    } catch (error) {
      const code = sqliteCode(error);
      if (code !== null && isDiskRefusal(code)) throw error;
    }
    this.begin();
    if (this.#lostEpoch()) return null;
    for (const apply of lazy) this.#alone(apply);
    const outcomes = group.map(({ write }) => this.#alone(write.apply));
    this.#commit();
    return outcomes;
  }

  /** A failed statement or COMMIT may or may not have ended the transaction by itself. */
  rollback(): void {
    try {
      if (this.#connection.inTransaction) this.#statements.rollback.run();
    } catch {
      // The next BEGIN says the same, where the group can be told.
    }
    for (const gathered of this.#gathered) gathered.rolledBack();
  }

  /** Asks a disk that refused for so many bytes, and gives them back. @throws what it refuses with. */
  probe(bytes: number): void {
    for (const asked of [new Uint8Array(bytes), null]) {
      this.begin();
      this.#statements.probe.run(asked);
      this.#statements.commit.run();
    }
  }

  #alone(apply: () => unknown): Outcome {
    this.#statements.savepoint.run();
    try {
      const result = apply();
      this.#writeGathered();
      this.#statements.release.run();
      return { threw: false, result };
    } catch (error) {
      const code = sqliteCode(error);
      if (code !== null && isDiskRefusal(code)) throw error;
      for (const gathered of this.#gathered) gathered.forget();
      this.#statements.undo.run();
      this.#statements.release.run();
      return { threw: true, error };
    }
  }

  #writeGathered(): void {
    for (const gathered of this.#gathered) gathered.write();
  }

  #commit(): void {
    this.#statements.commit.run();
    for (const gathered of this.#gathered) gathered.committed();
  }

  #lostEpoch(): boolean {
    if (this.ownsEpoch()) return false;
    this.rollback();
    return true;
  }
}
