import type { Protocol } from '#src/wire/protocol.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import type { HandshakeOddity } from '#src/wire/ocpp/messages.ts';

/** Someone who knocks, as far as it can be told before anything is said. */
export type Arrival = {
  readonly identity: string;
  readonly protocol: Protocol;
  readonly remoteAddress: string;
  /** HTTP Basic, where it came with one. */
  readonly basic?: BasicCredentials | null;
  /** SHA-256 in hex of the client certificate that it proved to hold the key of; null or absent without. */
  readonly certificate?: string | null;
  /** What is odd about its handshake: whether that is forgiven is for the door to say (field-25). */
  readonly oddities?: readonly HandshakeOddity[];
};

/** `username` is null when it is not the identity, as the standard wants it. */
export type BasicCredentials = { readonly username: string | null; readonly password: Uint8Array };

export type Admission =
  /** `note`: a remark for whoever looks at the link, such as another version than was declared. */
  | {
      readonly ok: true;
      readonly chargePointId: string;
      readonly note?: string;
      /** By what it has shown who it is. */
      readonly proven?: 'password' | 'certificate';
    }
  /** 400: something odd about its handshake is not forgiven to it. 401: it did not prove who it is. 404: nobody declared this identity. 503: we cannot tell now; it tries again. */
  | { readonly ok: false; readonly status: 400 | 401 | 404 | 503; readonly why: string };

/** A connection that was refused, with what a maintainer needs to mend it. */
export type Refusal = {
  readonly atMs: number;
  /** As asked for; null when none could be read. */
  readonly identity: string | null;
  readonly remoteAddress: string;
  readonly path: string;
  /** `unknown-identity`, `identity-missing`, `unsupported-subprotocol`, `not-a-websocket`... */
  readonly why: string;
  /** A kit that greeted: did it sign with its key, and which SIM card does it then say is in it? */
  readonly kit?: { readonly isProven: boolean; readonly iccid: string | null };
};

export type EdgeHandlers = {
  readonly admit: (arrival: Arrival) => Promise<Admission>;
  readonly deliver: (chargePointId: string, message: LinkMessage) => void;
  /** Any inbound frame, pings included, is a sign of life (field-11). Called often: keep it cheap. */
  readonly heard: (chargePointId: string, atMs: number) => void;
  readonly refused: (refusal: Refusal) => void;
  /** A link that was let in and went without a call: it is no line of the journal, which has its link. */
  readonly halfMade?: (refusal: Refusal) => void;
  /** A frame that needs no answer and is not a call, kept for the journal. */
  readonly ignored: (chargePointId: string, frame: string, why: string, atMs: number) => void;
  /** Is this charger forgiven nothing? Asked with every call, and answered out of memory. */
  readonly isStrict: (chargePointId: string) => boolean;
  readonly now: () => number;
};
