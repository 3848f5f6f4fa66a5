import { EventEmitter } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CENTRAL_SYSTEM, CHARGE_POINT, type Fields, type SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import { envelopeOf, readEnvelope } from '#src/wire/ocpp-soap/envelope.ts';
import { faultEnvelope, readFault } from '#src/wire/ocpp-soap/faults.ts';
import { fieldsOf } from '#src/wire/ocpp-soap/fields.ts';
import type { Dial, Line } from './line.ts';
import { answerFrom15, answerTo15, callFrom15, callTo15 } from './soap-15.ts';

const OPEN = 1;
const CLOSED = 3;
const CALL = 2;
const RESULT = 3;
const REFUSAL = 4;
const TYPE = 'application/soap+xml; charset=utf-8';
/** As long as a charger waits for any answer. */
const ANSWER_WITHIN_MS = 30_000;

/** A charger that speaks SOAP: it posts what it has to say to `url`, and listens on this machine for what it is told. */
export function dialSoap(url: string, version: SoapVersion): Dial {
  return (identity) => new SoapLine(url, version, identity);
}

class SoapLine extends EventEmitter implements Line {
  readyState = 0;
  readonly #url: string;
  readonly #version: SoapVersion;
  readonly #identity: string;
  readonly #server: Server;
  readonly #asked = new Map<string, { readonly action: string; readonly response: ServerResponse }>();
  #calls = 0;

  constructor(url: string, version: SoapVersion, identity: string) {
    super();
    this.#url = url;
    this.#version = version;
    this.#identity = identity;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#told(Buffer.concat(chunks).toString(), response));
    });
    this.#server.listen(0, '127.0.0.1', () => {
      if (this.readyState === CLOSED) return;
      this.readyState = OPEN;
      this.emit('open');
    });
  }

  send(frame: string): void {
    const [kind, messageId, first, second] = JSON.parse(frame) as [number, string, unknown, unknown];
    if (kind === CALL) void this.#post(messageId, String(first), second as Fields);
    else if (kind === RESULT) this.#answer(messageId, first as Fields);
    else this.#refuse(messageId, String(second));
  }

  close(): void {
    this.terminate();
  }

  terminate(): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.#server.close();
    this.#server.closeAllConnections();
    queueMicrotask(() => this.emit('close'));
  }

  async #post(messageId: string, action: string, payload: Fields): Promise<void> {
    const { namespace, write, shapeOf } = CENTRAL_SYSTEM[this.#version];
    const is15 = this.#version === '1.5';
    const element = elementOf(action);
    const { port } = this.#server.address() as AddressInfo;
    const body = envelopeOf({
      namespace,
      identity: this.#identity,
      action: `/${action}`,
      messageId,
      from: `http://127.0.0.1:${port}/`,
      relatesTo: null,
      body: write(`${element}Request`, is15 ? callTo15(action, payload) : payload),
    });
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const response = await fetch(this.#url, { method: 'POST', headers: { 'content-type': TYPE }, body, signal });
      const read = readEnvelope(await response.text());
      if (!read.ok) throw new Error(read.fault.detail);
      const answer = read.envelope.body;
      const fault = readFault(answer);
      if (fault !== null) return this.#hear([REFUSAL, messageId, fault.code, fault.text, {}]);
      const fields = answer === null ? {} : fieldsOf(answer, shapeOf(`${element}Response`));
      this.#hear([RESULT, messageId, is15 ? answerFrom15(action, fields) : fields]);
    } catch (error) {
      // Whatever it is, nobody has answered: the charger dials again, and says it once more.
      if (this.readyState === OPEN) this.emit('error', error instanceof Error ? error : new Error(String(error)));
      this.terminate();
    }
  }

  #told(text: string, response: ServerResponse): void {
    const read = readEnvelope(text);
    const body = read.ok ? read.envelope.body : null;
    const name = /^(\w)(\w*)Request$/.exec(body?.name ?? '');
    if (body === null || name === null) return void response.writeHead(400).end();
    const action = `${name[1]?.toUpperCase()}${name[2]}`;
    const fields = fieldsOf(body, CHARGE_POINT[this.#version].shapeOf(body.name));
    const messageId = `asked-${++this.#calls}`;
    this.#asked.set(messageId, { action, response });
    this.#hear([CALL, messageId, action, this.#version === '1.5' ? callFrom15(action, fields) : fields]);
  }

  #answer(messageId: string, payload: Fields): void {
    const asked = this.#asked.get(messageId);
    if (asked === undefined) return;
    const { action } = asked;
    const { namespace, write } = CHARGE_POINT[this.#version];
    const fields = this.#version === '1.5' ? answerTo15(action, payload) : payload;
    const body = write(`${elementOf(action)}Response`, fields);
    const none = { identity: null, messageId: null, relatesTo: null };
    this.#reply(messageId, 200, envelopeOf({ ...none, namespace, action: `/${action}Response`, body }));
  }

  #refuse(messageId: string, detail: string): void {
    const { namespace } = CHARGE_POINT[this.#version];
    this.#reply(messageId, 500, faultEnvelope({ code: 'NotSupported', detail }, namespace, null));
  }

  #reply(messageId: string, status: number, envelope: string): void {
    this.#asked.get(messageId)?.response.writeHead(status, { 'content-type': TYPE, connection: 'close' }).end(envelope);
    this.#asked.delete(messageId);
  }

  #hear(frame: readonly unknown[]): void {
    if (this.readyState === OPEN) this.emit('message', JSON.stringify(frame));
  }
}

function elementOf(action: string): string {
  return action.charAt(0).toLowerCase() + action.slice(1);
}
