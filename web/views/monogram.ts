import { html } from 'hono/html';
import type { Html } from './html.ts';

/** So many colours are told apart at a glance. */
const COLOURS = 6;

/** What stands where a company would show its logo: its first letters, always in the same colour. The name is beside it. */
export function monogram(name: string): Html {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => /^[\p{Lu}\p{N}]/u.test(word));
  const letters = (words.length > 0 ? words : [name]).slice(0, 2).map((word) => [...word][0] ?? '');
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return html`<span class="monogram tint-${sum % COLOURS}" aria-hidden="true">${letters.join('').toUpperCase()}</span>`;
}
