import { html } from 'hono/html';
import type { Html } from './html.ts';

/** A mail address is one long word: a narrow column may break it before its server. */
export function mailAddress(text: string): Html | string {
  const [box, ...server] = text.split('@');
  return server.length === 0 ? text : html`${box}<wbr />@${server.join('@')}`;
}
