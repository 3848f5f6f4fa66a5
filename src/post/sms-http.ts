import { sendOverHttp } from './http.ts';
import type { Outgoing, Transport } from './transport.ts';

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
    send: (message) => send(template, message),
    close: async () => undefined,
  };
}

function send(template: HttpTemplate, message: Outgoing) {
  const { method, url, body, header, from } = template;
  const place = placeOf(body);
  const values = { ...message, from };
  return sendOverHttp(filled(url, values, encodeURIComponent), {
    method,
    header,
    ...(body !== '' && { headers: { 'Content-Type': place.type }, body: filled(body, values, place.encode) }),
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
