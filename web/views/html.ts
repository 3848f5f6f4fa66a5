import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

type Lone = 'selected' | 'checked' | 'disabled' | 'required' | 'open' | 'autofocus' | 'hidden';

/** A lone attribute such as `selected`, when `on`. Its text is ours, never a user's. */
export function when(on: boolean, attribute: Lone): HtmlEscapedString | '' {
  return on ? raw(` ${attribute}`) : '';
}

/** `aria-current` on the link that leads here. */
export function current(on: boolean, kind: 'page' | 'true' = 'true'): HtmlEscapedString | '' {
  return on ? raw(` aria-current="${kind}"`) : '';
}

/** One more region that an answer changes. htmx takes the closing tag only when nothing stands between its letters. */
export function partial(id: string, content: Html, swap: 'outerHTML' | 'outerMorph' | 'innerHTML' = 'outerHTML'): Html {
  return html`<hx-partial hx-target="#${id}" hx-swap="${swap}">${content}</hx-partial>`;
}

/** A template that awaited nothing, as text: what a stream sends. @throws when it did await something. */
export function textOf(template: Html): string {
  if (template instanceof Promise) throw new TypeError('this template is not ready yet');
  return template.toString();
}

/** An element id from a name that may hold anything: letters, digits and dashes stay, the rest is written in hex. */
export function anchor(prefix: string, name: string): string {
  return `${prefix}-${name.replace(/[^A-Za-z0-9-]/g, (letter) => `_${letter.codePointAt(0)?.toString(16)}_`)}`;
}
