import { html } from 'hono/html';
import { asset } from '#web/assets.ts';
import type { Html } from './html.ts';

const sheet = asset('icons.svg');

/** One drawing of `web/public/icons.svg`, always beside a word: it says nothing to a screen reader. */
export function icon(name: string): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="${sheet}#${name}"></use></svg>`;
}
