import { html } from 'hono/html';
import type { Translate } from '#web/i18n/t.ts';
import { whole } from './format.ts';
import type { Html } from './html.ts';

export const PAGE_MAX = 1_000_000;

export type Paged = {
  /** From 1. */
  readonly page: number;
  /** Rows of a full page; null where all stand on one. */
  readonly size: number | null;
  /** Rows on this page. */
  readonly shown: number;
  readonly found: number;
  /** Nobody counted beyond `found`. */
  readonly isMore?: boolean;
};

/** The page that an address asks for: the first where it asks for none, or for nonsense. */
export function readPage(search: URLSearchParams): number {
  const page = Number(search.get('page') ?? 1);
  return Number.isInteger(page) && page >= 1 && page <= PAGE_MAX ? page : 1;
}

/** LST-05: « Lignes x à y sur n », and the way to the pages before and after. */
export function pager(t: Translate, paged: Paged, urlOf: (page: number) => string): Html {
  const { page, shown, found, isMore = false } = paged;
  const size = paged.size ?? Math.max(1, found);
  const from = (page - 1) * size + 1;
  // Where nobody counted to the end, there is a next page as long as this one is full.
  const last = Math.max(isMore && shown === size ? page + 1 : 1, Math.ceil(found / size));
  const step = (to: number, text: string): Html =>
    to < 1 || to > last
      ? html`<span class="button quiet off">${text}</span>`
      : html`<a class="button quiet" href="${urlOf(to)}">${text}</a>`;
  return html`<div class="pager">
    <p>${t(isMore ? 'list.range.more' : 'list.range', whole(t, from), whole(t, from + shown - 1), whole(t, found))}</p>
    ${last > 1 && html`<nav aria-label="${t('list.pages')}">${step(page - 1, t('list.previous'))}${step(page + 1, t('list.next'))}</nav>`}
  </div>`;
}
