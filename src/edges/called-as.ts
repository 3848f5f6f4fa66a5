import type { IncomingMessage } from 'node:http';

/** What the charger calls us: the one address that it surely reaches. Null for what no host can be called. */
export function calledAs(request: IncomingMessage): string | null {
  const host = request.headers.host ?? '';
  return /^(?:[\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? host : null;
}
