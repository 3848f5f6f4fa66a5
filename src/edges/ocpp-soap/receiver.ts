import type { IncomingMessage, ServerResponse } from 'node:http';
import { readSoapCall, versionFault } from '#src/wire/ocpp-soap/calls-from.ts';
import type { SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import { readEnvelope, type Envelope } from '#src/wire/ocpp-soap/envelope.ts';
import { httpStatusOf, versionMismatch } from '#src/wire/ocpp-soap/faults.ts';
import { SOAP_WIRES, unnamed } from '#src/wire/ocpp-soap/wire.ts';
import { identityFrom } from '#src/wire/ocpp/subprotocol.ts';
import type { WireFault } from '#src/wire/ocpp/messages.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import type { Wire } from '#src/wire/wire.ts';
import type { EdgeHandlers } from '../handlers.ts';
import { ENVELOPE_BYTES_MAX, readBody } from './body.ts';
import { replyOn, respond } from './http.ts';
import type { SoapLink } from './link.ts';
import type { SoapLinks } from './links.ts';

/** Of an envelope that can be read, in the journal; of one that cannot. */
const JOURNALLED_CHARACTERS_MAX = 65_536;
const BAD_JOURNALLED_CHARACTERS_MAX = 2_000;
const BUSY_HTTP_STATUS = 503;
const TOO_LARGE_HTTP_STATUS = 413;

/** `calledAs`: the host by which it called us; null when it said none. */
type Where = { readonly remoteAddress: string; readonly path: string; readonly calledAs: string | null };

/** Takes the requests of chargers: from bytes to a call for an actor, or to a fault and a line of the radar. */
export class Receiver {
  readonly #version: SoapVersion;
  readonly #protocol: Protocol;
  readonly #wire: Wire;
  readonly #links: SoapLinks;
  readonly #handlers: EdgeHandlers;
  #unnamed = 0;

  constructor(of: {
    version: SoapVersion;
    protocol: 'ocpp-1.5-soap' | 'ocpp-1.6-soap';
    links: SoapLinks;
    handlers: EdgeHandlers;
  }) {
    this.#version = of.version;
    this.#protocol = of.protocol;
    this.#wire = SOAP_WIRES[of.protocol];
    this.#links = of.links;
    this.#handlers = of.handlers;
  }

  /** Rejects for a failure on our side only. */
  async receive(request: IncomingMessage, response: ServerResponse, where: Where): Promise<void> {
    const body = await readBody(request);
    if (!body.ok) {
      if (body.why === 'broken') return void response.destroy();
      const isLarge = body.why === 'too-large';
      const detail = isLarge ? `the envelope is longer than ${ENVELOPE_BYTES_MAX} bytes` : 'it cannot be unpacked';
      this.#note(where, null, isLarge ? 'envelope-too-large' : 'not-unpacked');
      const envelope = this.#wire.error(this.#nextUnnamed(), { code: 'ProtocolError', detail });
      return isLarge
        ? respond(response, TOO_LARGE_HTTP_STATUS, envelope, true)
        : respond(response, httpStatusOf(envelope), envelope);
    }
    const read = readEnvelope(body.text);
    if (!read.ok) {
      const { why, fault } = read;
      this.#note(where, null, `${WHY[why]}: ${fault.detail}`);
      const envelope = why === 'version' ? versionMismatch(fault) : this.#wire.error(this.#nextUnnamed(), fault);
      return respond(response, httpStatusOf(envelope), envelope);
    }
    await this.#taken(read.envelope, body.text, { response, where });
  }

  async #taken(envelope: Envelope, text: string, at: { response: ServerResponse; where: Where }): Promise<void> {
    const { response, where } = at;
    const messageId = envelope.messageId ?? this.#nextUnnamed();
    const refuse = (identity: string | null, why: string, fault: WireFault): void => {
      this.#note(where, identity, why);
      respond(response, ...withStatus(this.#wire.error(messageId, fault)));
    };
    const named = identityFrom(envelope.identity ?? '');
    if (!named.ok) {
      const detail = `the header chargeBoxIdentity is ${named.why}`;
      return refuse(null, `identity-${named.why}`, { code: 'ProtocolError', detail });
    }
    const spoken = versionFault(envelope, this.#version);
    if (spoken !== null) return refuse(named.identity, `wrong-namespace: ${spoken.detail}`, spoken);
    const link = await this.#linkOf(named.identity, where);
    if ('why' in link) {
      const code = link.status === 503 ? 'InternalError' : 'SecurityError';
      return refuse(named.identity, link.why, { code, detail: link.why });
    }
    if (link.isFull) {
      const fault = this.#wire.error(messageId, { code: 'InternalError', detail: 'too many requests wait already' });
      return respond(response, BUSY_HTTP_STATUS, fault);
    }
    this.#deliver(link, envelope, { text, messageId, response });
  }

  async #linkOf(
    identity: string,
    { remoteAddress, calledAs }: Where,
  ): Promise<SoapLink | { readonly status: number; readonly why: string }> {
    const known = this.#links.known(identity, remoteAddress);
    if (known !== undefined) return known;
    const arrival = { identity, protocol: this.#protocol, remoteAddress };
    return this.#links.knocks.during(
      identity,
      () => this.#handlers.admit(arrival),
      (admission) => {
        // It keeps its message and tries again, with us or with whoever comes after us: a link that opened now would
        // outlive whoever closes links.
        if (admission === null || this.#links.isClosed) throw new Error('closed while a charger was admitted');
        if (!admission.ok) return admission;
        const { chargePointId, note = null } = admission;
        return this.#links.open({ chargePointId, identity, remoteAddress, calledAs, note });
      },
    );
  }

  #deliver(
    link: SoapLink,
    envelope: Envelope,
    { text, messageId, response }: { text: string; messageId: string; response: ServerResponse },
  ): void {
    const atMs = this.#handlers.now();
    link.hear(atMs, envelope.from);
    const from = { linkId: link.id, messageId };
    const read = readSoapCall(
      envelope,
      this.#version,
      this.#handlers.isStrict(link.chargePointId) ? 'strict' : 'tolerant',
    );
    const isFlood = link.isFlooding(atMs);
    if (!read.ok && isFlood) return respond(response, ...withStatus(this.#wire.error(messageId, read.fault)));
    link.wait(messageId, replyOn(response));
    if (!read.ok) {
      const frame = cut(text, BAD_JOURNALLED_CHARACTERS_MAX);
      return this.#handlers.deliver(link.chargePointId, { type: 'bad-frame', from, fault: read.fault, frame, atMs });
    }
    const { call, tolerated } = read;
    const isMuted = isFlood && call.action !== 'StartTransaction' && call.action !== 'StopTransaction';
    const frame = isMuted ? null : cut(text, JOURNALLED_CHARACTERS_MAX);
    this.#handlers.deliver(link.chargePointId, { type: 'call', from, call, frame, tolerated, atMs });
  }

  #note({ remoteAddress, path }: Where, identity: string | null, why: string): void {
    this.#handlers.refused({ atMs: this.#handlers.now(), identity, remoteAddress, path, why: why.slice(0, 200) });
  }

  #nextUnnamed(): string {
    return unnamed(++this.#unnamed);
  }
}

const WHY = { malformed: 'malformed-xml', 'not-soap': 'not-soap', version: 'not-soap-1.2' } as const;

function withStatus(envelope: string): [number, string] {
  return [httpStatusOf(envelope), envelope];
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)}…`;
}
