import { readEnvelope } from '#src/wire/ocpp-soap/envelope.ts';
import { readFault } from '#src/wire/ocpp-soap/faults.ts';
import { NOT_IN_THIS_VERSION } from '#src/wire/ocpp-soap/wire.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import type { EdgeHandlers } from '../handlers.ts';
import { post, type Posted } from './caller.ts';
import type { SoapLink } from './link.ts';
import type { SoapLinks } from './links.ts';
import { addressOf, isLocal, type ReachSettings } from './reach.ts';

/** A station that says nothing is reached by the address that its charger gives. */
const UNSAID: ReachSettings = { wsAddressing: true, chargerUrl: null, rememberAddress: false, chargerPort: null };
/** An answer without a word, as some boxes give where the standard has no field to answer. */
const NOTHING = /^\s*$/;

type Outcome = Extract<LinkMessage, { type: 'result' | 'call-error' | 'unreachable' }>;

/** Our calls to chargers: each is one request to wherever the charger listens. */
export class OutgoingCalls {
  readonly #links: SoapLinks;
  readonly #handlers: EdgeHandlers;
  readonly #reachOf: (chargePointId: string) => Promise<ReachSettings | null>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(of: {
    links: SoapLinks;
    handlers: EdgeHandlers;
    reachOf: (chargePointId: string) => Promise<ReachSettings | null>;
  }) {
    this.#links = of.links;
    this.#handlers = of.handlers;
    this.#reachOf = of.reachOf;
  }

  make(linkId: number, callId: string, envelope: string): void {
    const link = this.#links.get(linkId);
    if (link === undefined) return;
    const call = this.#outcome(link, callId, envelope).then((outcome) => {
      // What comes after the link has gone was told with its end.
      if (!link.calls.signal.aborted) this.#handlers.deliver(link.chargePointId, outcome);
      this.#underWay.delete(call);
    });
    this.#underWay.add(call);
  }

  /** Every call that was under way has come to its end. */
  async ended(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #outcome(link: SoapLink, callId: string, envelope: string): Promise<Outcome> {
    const told = { linkId: link.id, callId } as const;
    if (envelope === NOT_IN_THIS_VERSION) {
      const description = 'this version of OCPP has no such call';
      const atMs = this.#handlers.now();
      return { ...told, type: 'call-error', code: 'NotSupported', description, frame: null, atMs };
    }
    // A disk that cannot be read says nothing: the charger's own word is as good.
    const settings = await this.#reachOf(link.chargePointId).catch(() => null);
    const address = addressOf(settings ?? UNSAID, link.lastHeard);
    const posted: Posted = address.ok
      ? await post(address.url, envelope, {
          mayBeLocal: isLocal(link.remoteAddress),
          signal: link.calls.signal,
        })
      : address;
    const atMs = this.#handlers.now();
    const at = address.ok ? address.url.origin + address.url.pathname : null;
    if (!posted.ok) return { ...told, type: 'unreachable', why: posted.why, address: at, atMs };
    const outcome = outcomeOf(posted.status, posted.text);
    if (outcome === 'not-soap') return { ...told, type: 'unreachable', why: outcome, address: at, atMs };
    link.hear(atMs, null);
    if (address.ok) this.#links.reached(link, address.url.hostname);
    return { ...told, ...outcome, frame: posted.text, atMs };
  }
}

type Read =
  | { readonly type: 'result'; readonly payload: unknown }
  | { readonly type: 'call-error'; readonly code: string; readonly description: string };

/** What a charger answered, or that something else did. */
function outcomeOf(status: number, text: string): Read | 'not-soap' {
  const isFine = status >= 200 && status < 300;
  if (NOTHING.test(text)) return isFine ? { type: 'result', payload: null } : 'not-soap';
  const read = readEnvelope(text);
  if (!read.ok) {
    // Broken, yet an envelope: the charger was there, and its answer cannot be read.
    if (!/<[\w.-]*:?Envelope[\s>]/.test(text)) return 'not-soap';
    return { type: 'call-error', code: read.fault.code, description: read.fault.detail };
  }
  const { body } = read.envelope;
  const fault = readFault(body);
  if (fault !== null) return { type: 'call-error', code: fault.code, description: fault.text };
  return { type: 'result', payload: body };
}
