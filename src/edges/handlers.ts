import type { Protocol } from '#src/wire/protocol.ts';
import type { CallFromChargePoint, HandshakeOddity, Tolerance, WireFault } from '#src/wire/ocpp/messages.ts';

/** The link a call came by, and its message id there. */
export type From = { readonly linkId: number; readonly messageId: string };

/** What the edge tells of one charge point; the same shapes as the actors take, known here by structure only. */
export type Delivered =
  | {
      readonly type: 'link-up';
      readonly linkId: number;
      readonly remoteAddress: string;
      /** `host` or `host:port` by which it called us; null or absent where that is not known. */
      readonly calledAs?: string | null;
      /** By what it is protected (OCPP 1.6 security whitepaper); 0 or absent: by nothing. */
      readonly security?: 0 | 1 | 2 | 3;
      /** It answered a call of ours before it said anything. */
      readonly reached?: boolean;
      /** What was forgiven in its handshake. */
      readonly tolerated?: readonly HandshakeOddity[];
      readonly note: string | null;
      readonly atMs: number;
    }
  /** The same link, proven to be, from another address: a router or a mobile network gave it one. */
  | { readonly type: 'link-moved'; readonly linkId: number; readonly remoteAddress: string; readonly atMs: number }
  | { readonly type: 'link-down'; readonly linkId: number; readonly code: number; readonly atMs: number }
  | {
      readonly type: 'call';
      readonly from: From;
      readonly call: CallFromChargePoint;
      readonly frame: string | null;
      readonly tolerated: readonly Tolerance[];
      readonly atMs: number;
    }
  | {
      readonly type: 'bad-frame';
      readonly from: From;
      readonly fault: WireFault;
      readonly frame: string;
      readonly atMs: number;
    }
  | { readonly type: 'flood'; readonly calls: number; readonly atMs: number }
  | {
      readonly type: 'result';
      readonly linkId: number;
      readonly callId: string;
      readonly payload: unknown;
      /** Null in a flood: not to be journalled. */
      readonly frame: string | null;
      readonly atMs: number;
    }
  | {
      readonly type: 'call-error';
      readonly linkId: number;
      readonly callId: string;
      readonly code: string;
      readonly description: string;
      /** Null in a flood: not to be journalled. */
      readonly frame: string | null;
      readonly atMs: number;
    }
  /** A call of ours could not be brought to the charger: nothing was heard, or something else answered there. */
  | {
      readonly type: 'unreachable';
      readonly linkId: number;
      readonly callId: string;
      /** A closed word, such as `connection-refused`. */
      readonly why: string;
      /** Where it was looked for; null when nothing says where. */
      readonly address: string | null;
      readonly atMs: number;
    };

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
  readonly deliver: (chargePointId: string, message: Delivered) => void;
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
