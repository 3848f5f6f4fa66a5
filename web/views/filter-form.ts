import { html } from 'hono/html';
import type { Translate } from '#web/i18n/t.ts';
import { when, type Html } from './html.ts';
import { icon } from './icon.ts';

/** Long enough for a word, short enough to seem at once. */
const TYPING = 'input delay:250ms, submit';

export type FilterForm = {
  /** Where it asks, and the page that it is on. */
  readonly path: string;
  /** Id of the element whose content an answer replaces. */
  readonly target: string;
  /** Where a page must know the form again. */
  readonly id?: string;
  readonly look?: string;
  readonly fields: Html;
  /** After the button that only a browser without script shows. */
  readonly ends?: Html | false;
};

/** What narrows a list: each change draws the list anew and goes into the address; a plain form without script. */
export function filterForm(t: Translate, { path, target, id, look, fields, ends }: FilterForm): Html {
  return html`<form
    ${id !== undefined && html`id="${id}"`}
    role="search"
    class="filters${look !== undefined && ` ${look}`}"
    action="${path}"
    hx-get="${path}"
    hx-target="#${target}"
    hx-select="#${target} > *"
    hx-swap="innerMorph"
    hx-replace-url="true"
    hx-trigger="${TYPING}"
    hx-sync="this:replace"
  >
    ${fields}
    <button class="button no-script">${t('list.find')}</button>
    ${ends}
  </form>`;
}

/** The box of words, which « / » leads to. */
export function searchBox(of: { readonly label: string; readonly hint?: string; readonly value: string }): Html {
  const { label, hint = label, value } = of;
  return html`<label class="search"
    >${icon('search')}<span class="sr-only">${label}</span
    ><input id="q" type="search" name="q" value="${value}" placeholder="${hint}" autocomplete="off" data-search
  /></label>`;
}

/** A day as date fields hold it, empty when open. */
export function dayBox(of: { readonly label: string; readonly name: string; readonly day: string }): Html {
  const { label, name, day } = of;
  return html`<label>${label} <input id="f-${name}" type="date" name="${name}" value="${day}" /></label>`;
}

/** What is typed, with what fits it so far: the list is drawn anew with the page. */
export function suggestBox(of: {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly offered: readonly string[];
}): Html {
  const { label, name, value, offered } = of;
  return html`<label
    >${label}
    <input id="f-${name}" type="text" name="${name}" value="${value}" list="d-${name}" autocomplete="off" /><datalist
      id="d-${name}"
    >
      ${offered.map((one) => html`<option value="${one}"></option>`)}
    </datalist></label
  >`;
}

export type Option = { readonly value: string; readonly text: string };

/** One of several, or, with `any`, all of them. */
export function selectBox(of: {
  readonly label: string;
  readonly name: string;
  readonly id?: string;
  /** What no choice is called; left out where there is always one. */
  readonly any?: string;
  readonly options: readonly Option[];
  readonly chosen: string | null | undefined;
}): Html {
  const { label, name, id, any, options, chosen } = of;
  return html`<label
    >${label}
    <select ${id !== undefined && html`id="${id}"`} name="${name}">
      ${any !== undefined && html`<option value="">${any}</option>`}
      ${options.map(({ value, text }) => html`<option value="${value}" ${when(value === chosen, 'selected')}>${text}</option>`)}
    </select></label
  >`;
}

/** LST-01: « Montrer N lignes par page », `null` being « Tout ». */
export function sizeBox(
  t: Translate,
  { sizes, size, all }: { readonly sizes: readonly number[]; readonly size: number | null; readonly all: boolean },
): Html {
  const options = sizes.map((one) => ({ value: String(one), text: String(one) }));
  return selectBox({
    label: t('list.size'),
    name: 'size',
    id: 'f-size',
    options: all ? [...options, { value: 'all', text: t('list.size.all') }] : options,
    chosen: size === null ? 'all' : String(size),
  });
}
