import { html } from 'hono/html';
import type { Suggestion } from '#actors/office/messages.ts';
import type { Places } from '#src/domain/places.ts';
import type { Translate } from '#web/i18n/t.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';

/** What helps to fill in one field of one screen: choices, suggestions, a remark, a button. */
export type Aid = {
  /** A text that is chosen from these in place of typed. */
  readonly groups?: (t: Translate, nowMs: number) => readonly ChoiceGroup[];
  /** What is asked for suggestions as one types; it answers options. */
  readonly suggestAt?: string;
  /** A sentence about the value, asked for anew when another one is chosen. */
  readonly remark?: { readonly at?: string; readonly text: (t: Translate, value: string, nowMs: number) => string };
  /** A button that fills in fields from what was typed in others. */
  readonly fill?: Fill;
};
export type ChoiceGroup = {
  readonly name: string;
  readonly choices: readonly { readonly id: string; readonly name: string }[];
};

/** Nothing is saved by it: it answers what to write into the form, and a sentence about it. */
export type Fill = {
  /** What its button posts as `fill`, and part of its text: `fill.position`. */
  readonly name: string;
  readonly icon?: string;
  readonly fills: readonly string[];
  readonly run: (asks: Asks, typed: (field: string) => string, t: Translate) => Promise<Filled>;
};
/** What such a button may ask. */
export type Asks = {
  readonly places: Places;
  /** What this field may well hold, by what is typed. */
  readonly suggestions: (field: string) => Promise<readonly Suggestion[]>;
};
export type Filled = {
  readonly values: Readonly<Record<string, string>>;
  readonly said: Said;
};
export type Said = { readonly tone: 'good' | 'warn' | 'bad'; readonly text: string };

export function groupedSelect(
  t: Translate,
  of: {
    name: string;
    value: string;
    groups: readonly ChoiceGroup[];
    described: string;
    invalid: boolean;
    remarkAt?: string | undefined;
  },
): Html {
  const { name, value, groups, remarkAt } = of;
  const isKnown = groups.some(({ choices }) => choices.some(({ id }) => id === value));
  return html`<select
    id="f-${name}"
    name="${name}"
    aria-invalid="${String(of.invalid)}"
    aria-describedby="${of.described}"
    ${remarkAt !== undefined && html`hx-get="${remarkAt}" hx-trigger="change" hx-target="#r-${name}"`}
  >
    ${value === '' && html`<option value="">${t('form.none-chosen')}</option>`}
    ${value !== '' && !isKnown && html`<option value="${value}" selected>${value}</option>`}
    ${groups.map(
      (group) =>
        html`<optgroup label="${group.name}">
          ${group.choices.map(({ id, name: text }) => html`<option value="${id}" ${when(id === value, 'selected')}>${text}</option>`)}
        </optgroup>`,
    )}
  </select>`;
}

/**
 * Posts the form as it stands to its own address `at`: with script the fields are filled in place, without it the form
 * comes back filled.
 */
export function fillButton(t: Translate, { fill, at, said }: { fill: Fill; at: string; said: Said | null }): Html {
  const { name, icon: drawing } = fill;
  return html`<div class="fill">
    <button class="button small" name="fill" value="${name}" hx-post="${at}" hx-swap="none">
      ${drawing !== undefined && icon(drawing)}${t(`fill.${name as 'position'}`)}
    </button>
    <div id="said-${name}" role="status">${said !== null && saidView(said)}</div>
  </div>`;
}

export function saidView({ tone, text }: Said): Html {
  return html`<p class="notice ${tone}">${text}</p>`;
}
