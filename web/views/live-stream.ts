import { html } from 'hono/html';
import type { Html } from './html.ts';

/**
 * Opens the event stream of a page. A morph keeps the element of the same id, and with it the open stream; another id
 * closes one and opens the other.
 */
export function liveStream(id: string, url: string): Html {
  return html`<div
    id="${id}"
    class="live"
    hx-sse:connect="${url}"
    hx-swap="none"
    hx-trigger="load, app:retry"
    hidden
  ></div>`;
}
