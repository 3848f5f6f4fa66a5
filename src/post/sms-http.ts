import { detailOf, type Delivery, type Outgoing, type Transport } from './transport.ts';

const ANSWER_MS = 20_000;
/** Of a refusal's text: enough to read why. */
const DETAIL_BYTES_MAX = 1_000;

/**
 * How a provider wants to be asked. `{to}`, `{text}`, `{from}` and `{key}` are put into `url` and `body`, each encoded
 * for its place; `key` is the same for every try of a message.
 */
export type HttpTemplate = {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** JSON when it begins with `{` or `[`, XML when it begins with `<`, else a form; empty: no body. */
  readonly body: string;
  /** `Name: value`, such as an authorisation; empty: none. */
  readonly header: string;
  readonly from: string;
};

type Encode = (value: string) => string;

/** SMS through a provider's HTTP address. */
export function httpSmsTransport(template: HttpTemplate): Transport {
  return {
    async send(message) {
      try {
        return await deliveryOf(await fetch(requestOf(template, message)));
      } catch (error) {
        return { result: 'later', detail: detailOf(error) };
      }
    },
    close: async () => undefined,
  };
}

function requestOf(template: HttpTemplate, message: Outgoing): Request {
  const { method, url, body, header, from } = template;
  const place = placeOf(body);
  const headers = new Headers();
  const colon = header.indexOf(':');
  if (colon > 0) headers.set(header.slice(0, colon).trim(), header.slice(colon + 1).trim());
  if (body !== '') headers.set('Content-Type', place.type);
  return new Request(filled(url, { ...message, from }, encodeURIComponent), {
    method,
    headers,
    ...(body !== '' && { body: filled(body, { ...message, from }, place.encode) }),
    // An answer that sends us elsewhere would carry the text, and the authorisation, to who knows whom.
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}

function filled(template: string, values: Outgoing & { readonly from: string }, encode: Encode): string {
  return template.replaceAll(/\{(to|text|from|key)\}/g, (_, name: 'to' | 'text' | 'from' | 'key') =>
    encode(values[name]),
  );
}

const FORM = { type: 'application/x-www-form-urlencoded', encode: encodeURIComponent };
const JSON_TEXT = { type: 'application/json', encode: (value: string) => JSON.stringify(value).slice(1, -1) };
const XML = {
  type: 'application/xml',
  encode: (value: string) => value.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
};

function placeOf(body: string): { readonly type: string; readonly encode: Encode } {
  const first = body.trimStart()[0];
  if (first === '{' || first === '[') return JSON_TEXT;
  return first === '<' ? XML : FORM;
}

/** Only what speaks of this message is final: a missing right, a limit or a fault of the provider passes. */
async function deliveryOf(answer: Response): Promise<Delivery> {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    await answer.body?.cancel();
    return { result: 'accepted' };
  }
  const isFinal = status === 400 || status === 413 || status === 422;
  return { result: isFinal ? 'refused' : 'later', detail: `HTTP ${status} ${await beginning(answer)}`.trim() };
}

async function beginning(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= DETAIL_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, DETAIL_BYTES_MAX).toString('utf8').trim();
}
