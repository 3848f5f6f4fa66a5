import type { ActorId, Reader } from '#src/storage/ports.ts';
import type { Decision, ReplyTo } from './decision.ts';

/** What may be looked up before a decision: facts of disk and of other actors, gathered while the mailbox waits. */
export interface World {
  readonly reader: Reader;
  /** Epoch ms: for an alarm, which was written long before it rings. */
  now(): number;
  ask<R>(to: ActorId, build: (replyTo: ReplyTo<R>) => unknown): Promise<R>;
  /** A transaction id that no one else has or will have. */
  nextTransactionId(): Promise<number>;
}

/**
 * One kind of actor. `decide` is pure; `prepare` is where it says what it must know first. The mailbox stays shut
 * from `prepare` to the commit, so what was looked up is still true when it is decided.
 */
export interface Behaviour<State, Message, Ready = Message> {
  readonly kind: string;
  /** The number under which snapshots of this shape are stored. */
  readonly schema: number;
  initial(id: ActorId): State;
  /** From a snapshot of this `schema` or an older one. @throws for a snapshot that no release of ours wrote. */
  restore(id: ActorId, snapshot: unknown, schema: number): State;
  /** What survives a restart. The shell writes a snapshot when this part is another object than before. */
  durable(state: State): object;
  /** Plain JSON of the durable part, and of what may ride along with it. */
  snapshot(state: State): unknown;
  prepare(state: State, message: Message, world: World): Ready | Promise<Ready>;
  decide(state: State, ready: Ready): Decision<State>;
}
