import type fc from 'fast-check';
import type { TestServer } from '../../fixtures/server.ts';

/**
 * What must become of something hostile, as the codec reads it. `answered`: exactly once, be it carried out or refused
 * in the protocol's own words. `told`: not answered, and one line of the journal. `passed-over`: neither, for it says
 * nothing that could be carried out or refused: a sign of life, an answer to an order that nobody waits for.
 */
export type Fate = 'answered' | 'told' | 'passed-over';

/** What came of it: `refused` in the protocol's own words. */
export type Outcome =
  | { readonly type: 'carried-out'; readonly transactionId: number | null }
  | { readonly type: 'refused' | 'told' | 'passed-over' };

/** A peer on real sockets that says whatever it is given. */
export interface HostilePeer<Piece> {
  /** Sends the piece, and awaits its answer where there must be one. */
  send(piece: Piece): Promise<Outcome>;
  /** Something good, after which whatever was sent before has been read. @throws when it is not answered as such. */
  beat(): Promise<void>;
}

/** One protocol, as the law of `hostile.test.ts` sees it. */
export type HostileFamily<Piece> = {
  readonly name: string;
  /** Messages as the protocol has them, bent until few of them are left whole. */
  readonly pieces: fc.Arbitrary<Piece>;
  /** Through the codec alone, as a call, as an answer and as a line of the journal: nothing of it may throw. */
  readonly read: (piece: Piece) => void;
  /** As `read`, for a message as it is written. */
  readonly readText: (text: string) => void;
  /** Whole messages, in which the test repeats and enlarges what it likes. */
  readonly whole: readonly string[];
  /** The longest that is read; beyond, it is refused for its length alone. */
  readonly bytesMax: number;
  /** The longest honest message that is as dear to read as any: the measure of the others. */
  readonly measure: string;
  /** Messages that are meant to be dear. */
  readonly dear: readonly string[];
  /** The first is hostile, the other beside it is good. */
  readonly identities: readonly [hostile: string, good: string];
  readonly start: (now: () => number) => Promise<TestServer>;
  readonly connect: (server: TestServer, identity: string) => Promise<HostilePeer<Piece>>;
};
