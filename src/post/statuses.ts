import { sendOverHttp } from './http.ts';
import type { Transport } from './transport.ts';

/**
 * Statuses of chargers to a roaming partner, as docs/protocols/roaming-statuses.md says. `header`: `Name: value` for the
 * partner's door; empty: none.
 */
export function statusTransport({ url, header }: { readonly url: string; readonly header: string }): Transport {
  return {
    send: ({ key, text }) =>
      sendOverHttp(url, {
        method: 'POST',
        header,
        // The same for every try, so that a report that was answered and not heard is known again.
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body: text,
      }),
    close: async () => undefined,
  };
}
