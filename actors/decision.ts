import type { ActorId, Envelope, EventRow, Row } from '#src/storage/ports.ts';
import type { CallRef } from '#src/wire/link-message.ts';
import type { AnswerToChargePoint, CallToChargePoint, WireFault } from '#src/wire/ocpp/messages.ts';

/** Where the answer of an ask goes: an id that the router keeps, so that a message stays plain JSON. `R` is what comes back. */
export type ReplyTo<R> = { readonly ask: number; readonly answers?: R };

/** What a decision gives: the next state (the same object when nothing changed) and what is to be done about it, in order. */
export type Decision<State, E extends Effect = Effect> = { readonly state: State; readonly effects: readonly E[] };

/**
 * What a decision may ask for. `store` rows are committed with the snapshot; everything else is carried out after
 * that commit, in order, and not at all when the commit fails.
 */
export type Effect = Reply | Store | Answer | RefuseCall | Tell | Post | Call | Wake | CloseLink;

export type Reply = { readonly type: 'reply'; readonly to: ReplyTo<unknown>; readonly value: unknown };
/** `lazy` rows do not hold back an answer: nothing is owed if a power cut takes them. */
export type Store = { readonly type: 'store'; readonly row: Row; readonly lazy?: true };
/** A line of the journal whose outgoing frame is not built yet: the shell builds it once, journals it and sends it. */
export type Draft = Omit<EventRow, 'answer'>;
/** The CALLRESULT of a charger's call, journalled with its request. `lazy`: nothing is owed if a power cut takes the line. */
export type Answer = {
  readonly type: 'answer';
  /** Null when the call was answered by another actor and only its content came here. */
  readonly to: CallRef | null;
  readonly answer: AnswerToChargePoint;
  readonly draft: Draft | null;
  readonly lazy?: true;
};
/** The CALLERROR of a charger's call: for calls that cannot be read, never for a business refusal. */
export type RefuseCall = {
  readonly type: 'refuse-call';
  readonly to: CallRef;
  readonly fault: WireFault;
  readonly draft: Draft;
};
/** To another actor, now, and lost with the process. */
export type Tell = { readonly type: 'tell'; readonly to: ActorId; readonly message: unknown };
/** To another actor through the outbox: stored with this decision, delivered at least once, taken once by its key. */
export type Post = { readonly type: 'post'; readonly envelope: Envelope };
/** A call to the charger, on the link that is up. `callId` is the message id on the wire. */
export type Call = {
  readonly type: 'call';
  readonly linkId: number;
  readonly callId: string;
  readonly call: CallToChargePoint;
  /** The call as the journal may have it, where it carries a secret. */
  readonly shown?: CallToChargePoint;
  readonly draft: Omit<EventRow, 'request'>;
};
/** An alarm: `message` comes back at `atMs`, also after a restart; null cancels it. One alarm per key. */
export type Wake =
  | {
      readonly type: 'wake';
      readonly key: string;
      readonly atMs: number;
      readonly message: unknown;
      readonly volatile?: true;
    }
  | { readonly type: 'wake'; readonly key: string; readonly atMs: null; readonly volatile?: true };
/** Code 1000..4999 of RFC 6455. */
export type CloseLink = {
  readonly type: 'close-link';
  readonly linkId: number;
  readonly code: number;
  readonly why: string;
};

export function replyWith<R>(to: ReplyTo<R>, value: R): Reply {
  return { type: 'reply', to, value };
}

export function store(row: Row): Store {
  return { type: 'store', row };
}

/** An actor as seen by others. `ask` rejects with `AskFailed` after its time limit or when the actor failed on the message. */
export interface ActorRef<Message> {
  readonly id: ActorId;
  tell(message: Message): void;
  ask<R>(build: (replyTo: ReplyTo<R>) => Message): Promise<R>;
}
