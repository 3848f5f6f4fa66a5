import type { IncomingMessage } from 'node:http';
import type { BasicCredentials } from '../handlers.ts';

/** Longer than any identity with the longest key. */
const HEADER_CHARACTERS_MAX = 400;

/**
 * `Authorization: Basic base64(identity ":" key)`. The key is bytes, of which one may be a colon, as may the identity:
 * so the identity is taken off first. Null without such a header.
 */
export function basicOf(request: IncomingMessage, identity: string): BasicCredentials | null {
  const header = (request.headers.authorization ?? '').slice(0, HEADER_CHARACTERS_MAX);
  const encoded = /^Basic +([\w+/=-]+) *$/i.exec(header)?.[1];
  if (encoded === undefined) return null;
  const decoded = Buffer.from(encoded, 'base64');
  const prefix = Buffer.from(`${identity}:`);
  // Letter case of an identity does not count (field-24).
  const isHis = decoded.subarray(0, prefix.length).toString().toUpperCase() === prefix.toString().toUpperCase();
  if (isHis) return { username: identity, password: decoded.subarray(prefix.length) };
  return { username: null, password: decoded.subarray(decoded.indexOf(':') + 1) };
}
