import type { CallFromChargePoint, HandshakeOddity, Tolerance, WireFault } from './ocpp/messages.ts';

/** The link that a call came by, and its message id there. */
export type CallRef = { readonly linkId: number; readonly messageId: string };

/**
 * What is told of the link of one charge point, and what travels on it: edges tell it, actors take it. `atMs` is the time
 * of reception.
 */
export type LinkMessage =
  | {
      readonly type: 'link-up';
      readonly linkId: number;
      readonly remoteAddress: string;
      /** `host` or `host:port` by which it called us; null or absent where that is not known. */
      readonly calledAs?: string | null;
      /** By what it is protected (OCPP 1.6 security whitepaper); 0 or absent: by nothing. */
      readonly security?: 0 | 1 | 2 | 3;
      /** It answered a call of ours, by the way that was known without a link: it is not about to boot. */
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
      readonly from: CallRef;
      readonly call: CallFromChargePoint;
      /** The frame as it came, for the journal; null while a flood is not journalled (field-37). */
      readonly frame: string | null;
      readonly tolerated: readonly Tolerance[];
      readonly atMs: number;
    }
  /** A frame that could not be read as a call: it is answered with the fault and journalled (field-16). */
  | {
      readonly type: 'bad-frame';
      readonly from: CallRef;
      readonly fault: WireFault;
      readonly frame: string;
      readonly atMs: number;
    }
  /** More calls than a charger can mean, since the last such message. */
  | { readonly type: 'flood'; readonly calls: number; readonly atMs: number }
  /** The answer to one of our calls: `payload` is still as it came. */
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
  /** A call of ours could not be brought to the charger; `why` is a closed word of the edge, `address` where it tried. */
  | {
      readonly type: 'unreachable';
      readonly linkId: number;
      readonly callId: string;
      readonly why: string;
      readonly address: string | null;
      readonly atMs: number;
    };
