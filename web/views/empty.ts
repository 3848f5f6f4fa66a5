import { html } from 'hono/html';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

/** A list without rows: why, and the one next step. `results` is what a filter draws anew. */
export function nothing(of: {
  readonly icon: 'circle-check' | 'inbox' | 'search';
  readonly why: string;
  readonly hint?: string | undefined;
  readonly next?: Html | false | null | undefined;
  readonly isResult?: boolean;
}): Html {
  return html`<section ${of.isResult === true && html`id="results"`} class="empty">
    ${icon(of.icon)}
    <p><strong>${of.why}</strong></p>
    ${of.hint !== undefined && html`<p>${of.hint}</p>`} ${of.next}
  </section>`;
}

/** The next step where filters left nothing. */
export function clearFilters(href: string, text: string): Html {
  return html`<a class="button" href="${href}">${text}</a>`;
}
