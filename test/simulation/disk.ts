import { between, type Chance } from '#src/simulator/chance.ts';
import type { MemoryStorage } from '#src/storage/memory/open.ts';
import type { ActorStore, Commit, CommitResult, Reader, Storage } from '#src/storage/ports.ts';
import type { VirtualClock } from './clock.ts';

/** The process that holds a storage open: when it is dead nothing more is written, and nobody is told anything. */
export type Holder = { readonly alive: boolean; step(what: string): void };
/** What the disk does to the next group of commits. */
export type DiskMood = () => 'fine' | 'fails-before' | 'fails-after';
type Waiting = {
  readonly asked: Commit;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: unknown) => void;
};

const SLOW_READS = 0.2;
const READ_MAX_MS = 30;

/**
 * A storage that takes its time. Commits gather into groups, as on a real file: written some time after they were
 * asked for, told some time after they were written, and between the two the process may die. Reads see what is
 * written when they are asked, and may be told later.
 */
export function slowDisk(deps: {
  memory: MemoryStorage;
  clock: VirtualClock;
  chance: Chance;
  holder: Holder;
  mood: DiskMood;
  /** After a group was written, or was not. */
  written: (commits: readonly Commit[]) => void;
}): Storage {
  const { memory, clock, chance, holder, mood } = deps;
  let waiting: Waiting[] = [];

  function writeGroup(): void {
    holder.step('write');
    const group = waiting;
    waiting = [];
    if (!holder.alive) return;
    const what = mood();
    const told: (() => void)[] = [];
    for (const { asked, resolve, reject } of group) {
      if (what !== 'fine') memory.failNextCommits(1, what === 'fails-before' ? 'before' : 'after');
      memory.actors.commit(asked).then(
        (result) => told.push(() => resolve(result)),
        (error: unknown) => told.push(() => reject(error)),
      );
    }
    deps.written(group.map(({ asked }) => asked));
    clock.after(chance() < 0.3 ? between(0, 5, chance) : 0, () => {
      holder.step('written');
      if (holder.alive) for (const tell of told) tell();
    });
  }

  function commit(asked: Commit): Promise<CommitResult> {
    if (waiting.length === 0) clock.after(chance() < 0.1 ? between(5, 400, chance) : between(0, 4, chance), writeGroup);
    return new Promise((resolve, reject) => waiting.push({ asked, resolve, reject }));
  }

  /** Asked now, told later. */
  function later<A extends unknown[], R>(ask: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
    return (...args) => {
      const answer = ask(...args);
      if (chance() >= SLOW_READS) return answer;
      return new Promise((resolve, reject) => {
        clock.after(between(0, READ_MAX_MS, chance), () => {
          if (holder.alive) answer.then(resolve, reject);
        });
      });
    };
  }

  const { actors, reader } = memory;
  const slowActors: ActorStore = {
    commit,
    commitLazily: (asked, failed) => void commit(asked).catch(failed),
    claimMany: later((ids: readonly string[]) => actors.claimMany(ids)),
    claimAll: later((prefix: string) => actors.claimAll(prefix)),
    verify: (fence) => actors.verify(fence),
    transactionIds: later((count: number) => actors.transactionIds(count)),
    dueTimers: later((nowMs: number, limit: number) => actors.dueTimers(nowMs, limit)),
    pendingTimers: later(() => actors.pendingTimers()),
    staleOutbox: later((beforeMs: number, limit: number) => actors.staleOutbox(beforeMs, limit)),
    heard: (marks) => actors.heard(marks),
    drain: () => actors.drain(),
    health: () => actors.health(),
  };
  const slowReader: Reader = {
    ...reader,
    idToken: later((key: string, stationId: string | null) => reader.idToken(key, stationId)),
    chargePoint: later((key: string) => reader.chargePoint(key)),
    sessionByTransaction: later((transactionId: number) => reader.sessionByTransaction(transactionId)),
    sessionByStartKey: later((startKey: string) => reader.sessionByStartKey(startKey)),
    sessions: later((query: Parameters<Reader['sessions']>[0]) => reader.sessions(query)),
  };
  return { ...memory, actors: slowActors, reader: slowReader };
}
