import { html } from 'hono/html';
import type { Choice, Names } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { writeField } from '#src/domain/office/field.ts';
import type { RecordPage } from '#src/storage/office-port.ts';
import type { Translate } from '#web/i18n/t.ts';
import { clearFilters, nothing } from '#web/views/empty.ts';
import { filterForm, searchBox, selectBox, sizeBox } from '#web/views/filter-form.ts';
import { dateAndMinute, whole, writtenDay } from '#web/views/format.ts';
import { current, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { mailAddress } from '#web/views/mail-address.ts';
import { pager } from '#web/views/pager.ts';
import { isNarrowed, listUrl, PAGE_SIZES, type ListQuery } from './query.ts';
import {
  choiceText,
  columnLabel,
  fieldOf,
  isSortable,
  labelOf,
  listTitle,
  valueOf,
  type RowAction,
  type Screen,
} from './screen.ts';

export type Listing = {
  readonly screen: Screen;
  readonly query: ListQuery;
  readonly found: RecordPage & { readonly names: Names };
  /** The choices of each filter that is a reference. */
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  readonly mayAdd: boolean;
  readonly mayDelete: boolean;
  /** How many have just been deleted. */
  readonly deleted: number;
  /** How many of those that were to go could not. */
  readonly left: number;
  /** One more column, after the name: what it shows of each row, by id. */
  readonly beside?: BesideColumn | null;
  /** More files than the two of every list. */
  readonly exports?: Html | null;
};
export type BesideColumn = {
  readonly title: string;
  readonly cells: ReadonlyMap<string, Html>;
  /** What moves these cells while the page is open. */
  readonly live?: Html;
};

/** The list of one screen (LST-01..11). */
export function listView(t: Translate, listing: Listing): Html {
  const { screen, query, mayAdd } = listing;
  return html`<div id="list" hx-boost:inherited="target:#list swap:innerMorph select:'#list > *'">
    <div class="list-head">
      <h1>${listTitle(t, screen)}</h1>
      <span class="spacer"></span>
      <a class="button quiet" href="${listUrl(screen, query, {}, `${screen.path}.xlsx`)}" hx-boost="false"
        >${icon('download')}Excel</a
      >
      <a class="button quiet" href="${listUrl(screen, query, {}, `${screen.path}.csv`)}" hx-boost="false"
        >${icon('download')}CSV</a
      >
      ${listing.exports}
      ${mayAdd && html`<a class="button primary" href="${screen.path}/new" hx-boost="false">${icon('plus')}${t('list.new')}</a>`}
    </div>
    ${
      listing.deleted > 0 &&
      html`<p class="notice good" role="status">
        ${icon('circle-check')}${t('list.deleted', listing.deleted)}
        <a href="/bin" hx-boost="false">${t('list.bin')}</a>
      </p>`
    }
    ${listing.left > 0 && html`<p class="notice warn" role="status">${icon('triangle-alert')}${t('list.left', listing.left)}</p>`}
    ${filters(t, listing)} ${results(t, listing)}
  </div>`;
}

function filters(t: Translate, { screen, query, choices }: Listing): Html {
  return filterForm(t, {
    path: screen.path,
    target: 'list',
    fields: html`${query.sort !== screen.sort && html`<input type="hidden" name="sort" value="${query.sort}" />`}${query.descending && html`<input type="hidden" name="order" value="desc" />`}
    ${searchBox({ label: t('list.search'), value: query.text })}
    ${(screen.filters ?? []).map((field) => filterOf(t, { screen, query, field, choices: choices[field] ?? [] }))}
    ${sizeBox(t, { sizes: PAGE_SIZES, size: query.size, all: true })}`,
  });
}

function filterOf(
  t: Translate,
  of: { screen: Screen; query: ListQuery; field: string; choices: readonly Choice[] },
): Html | null {
  const { screen, query, field } = of;
  const declared = fieldOf(screen, field);
  const choices =
    declared?.kind === 'choice'
      ? declared.values.map((id) => ({ id, name: choiceText(t, screen, field, id) }))
      : of.choices;
  // With a single company it is used by default and hidden everywhere (SOC-03).
  if (choices.length < 2) return null;
  return selectBox({
    label: labelOf(t, screen, field),
    name: field,
    any: t('list.any'),
    options: choices.map(({ id, name }) => ({ value: id, text: name })),
    chosen: query.filters[field],
  });
}

function results(t: Translate, listing: Listing): Html {
  const { screen, query, found, mayAdd, mayDelete } = listing;
  const columns = columnsOf(t, listing);
  if (found.rows.length === 0) {
    if (isNarrowed(query)) {
      const next = clearFilters(screen.path, t('list.clear'));
      return nothing({ icon: 'search', why: t('list.empty.filters'), next, isResult: true });
    }
    const next =
      mayAdd &&
      html`<a class="button primary" href="${screen.path}/new" hx-boost="false">${icon('plus')}${t('list.new')}</a>`;
    return nothing({ icon: 'inbox', why: t('list.empty'), next, isResult: true });
  }
  const [any] = found.rows;
  const action = any === undefined ? null : actionOn(t, listing, any);
  const table = html`<table class="records${columns.length > MANY_COLUMNS ? ' wide' : ''}">
    <caption class="sr-only">
      ${listTitle(t, screen)}
    </caption>
    <thead>
      <tr>
        ${
          mayDelete &&
          html`<th scope="col" class="c-check">
            <label class="hit"
              ><input type="checkbox" data-select-all /><span class="sr-only">${t('list.select-all')}</span></label
            >
          </th>`
        }
        ${columns.map(
          (column, index) =>
            html`${heading(screen, query, column)}${index === 0 && listing.beside && html`<th scope="col">${listing.beside.title}</th>`}`,
        )}
        ${action !== null && html`<th scope="col">${action.heading}</th>`}
      </tr>
    </thead>
    <tbody>
      ${found.rows.map((row) => recordRow(t, listing, columns, row))}
    </tbody>
  </table>`;
  return html`<section id="results">
    ${listing.beside?.live}
    ${
      mayDelete
        ? html`<form method="post" action="${screen.path}/delete" data-selection hx-boost="false">
            ${table} ${selectionBar(t, listing)}
          </form>`
        : table
    }
    ${action !== null && html`<form id="${ROW_FORM}" method="post" hx-boost="false"></form>`} ${pages(t, listing)}
  </section>`;
}

/** What is ticked goes, or all that the list finds beyond this page: a step of its own (ui rule 28). */
function selectionBar(t: Translate, { query, found }: Listing): Html {
  const { rows, found: count, isMore } = found;
  const isAllShown = query.page === 1 && !isMore && rows.length >= count;
  return html`<div class="selection">
    <button class="button">${icon('eraser')}${t('list.delete')}</button>
    ${
      !isAllShown &&
      html`<input type="hidden" name="q" value="${query.text}" />${Object.entries(query.filters).map(
          ([field, value]) => html`<input type="hidden" name="${field}" value="${value}" />`,
        )}<button class="button quiet" name="all" value="1">
          ${icon('eraser')}${isMore ? t('list.delete-all') : t('list.delete-found', whole(t, count))}
        </button>`
    }
  </div>`;
}

/** From here on columns stand closer together. */
const MANY_COLUMNS = 7;

/** A column with what it is called, which each of its cells says on a phone. */
type Column = { readonly field: string; readonly label: string };

/** With a single company it is used by default and hidden everywhere (SOC-03). */
function columnsOf(t: Translate, { screen, choices }: Listing): readonly Column[] {
  const shown = screen.columns.filter((name) => {
    const field = fieldOf(screen, name);
    return !(field?.kind === 'ref' && field.to === 'company') || (choices[name] ?? []).length > 1;
  });
  return shown.map((field) => ({ field, label: columnLabel(t, screen, field) }));
}

/** LST-03: a click sorts, another one turns the order round. */
function heading(screen: Screen, query: ListQuery, { field, label }: Column): Html {
  // Several names at once have no order.
  if (!isSortable(screen, field)) return html`<th scope="col">${label}</th>`;
  const sorted = query.sort === field;
  const url = listUrl(screen, query, { sort: field, descending: sorted && !query.descending });
  const way = sorted ? (query.descending ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" aria-sort="${way}">
    <a href="${url}" ${current(sorted)}>${label}${sorted && icon(query.descending ? 'arrow-down' : 'arrow-up')}</a>
  </th>`;
}

/** The buttons of rows belong to a form of their own: Enter in a box of the selection must press none of them. */
const ROW_FORM = 'row-action';

function actionOn(t: Translate, { screen, mayDelete }: Listing, row: RecordRow): RowAction | null {
  return (mayDelete && screen.rowAction?.(t, row)) || null;
}

function recordRow(t: Translate, listing: Listing, columns: readonly Column[], row: RecordRow): Html {
  const { screen, found, mayDelete } = listing;
  const [first, ...others] = columns;
  const name = first === undefined ? '' : cellText(t, { screen, row, field: first.field, names: found.names });
  const url = `${screen.path}/${encodeURIComponent(row.id)}`;
  const action = actionOn(t, listing, row);
  return html`<tr id="row-${row.id}" class="${row.inactive ? 'inactive' : ''}">
    ${
      mayDelete &&
      html`<td class="c-check">
        <label class="hit"
          ><input type="checkbox" name="id" value="${row.id}" /><span class="sr-only"
            >${t('list.select', name)}</span
          ></label
        >
      </td>`
    }
    <th scope="row">
      <a class="record-link" href="${url}" hx-boost="false">${name === '' ? t('app.none') : name}</a
      >${row.inactive && html` <span class="badge">${t('list.inactive')}</span>`}${belowName(t, screen, row)}
    </th>
    ${listing.beside && html`<td data-label="${listing.beside.title}">${listing.beside.cells.get(row.id)}</td>`}
    ${others.map(({ field, label }) => html`<td data-label="${label}">${cellView(t, { screen, row, field, names: found.names })}</td>`)}
    ${
      action !== null &&
      html`<td data-label="${action.heading}">
        <button class="icon-button" form="${ROW_FORM}" formaction="${action.path}" title="${action.label}">
          ${icon(action.icon)}<span class="sr-only">${action.label}</span>
        </button>
      </td>`
    }
  </tr>`;
}

type CellOf = {
  readonly screen: Screen;
  readonly row: RecordRow;
  readonly field: string;
  readonly names: Names;
};
/** So many of several names are read at a glance; the form and the exports have them all. */
const NAMES_SHOWN = 3;

function cellView(t: Translate, of: CellOf): Html | string {
  const { screen, row, field, names } = of;
  const declared = fieldOf(screen, field);
  const [by, wanted] = screen.onlyWith?.[field] ?? [];
  if (by !== undefined && row.values[by] !== wanted) return '';
  if (declared?.kind !== 'refs') return breakable(screen, field, cellText(t, of));
  const ids = (valueOf(screen, row, field) ?? []) as readonly string[];
  const known = ids.flatMap((id) => names[declared.to]?.get(id) ?? []);
  const more = known.length - NAMES_SHOWN;
  const shown = known.slice(0, NAMES_SHOWN).join(', ');
  return more > 0 ? t('list.and-more', shown, more) : shown;
}

/** USR-09: a language is two letters, for a flag is a country; its whole name for who points at it or hears it. */
function markView(t: Translate, screen: Screen, row: RecordRow): Html | null {
  const field = screen.withName?.mark;
  const value = field === undefined ? null : valueOf(screen, row, field);
  if (field === undefined || value === null) return null;
  const name = choiceText(t, screen, field, String(value));
  return html`<span class="name-mark" title="${name}"
    ><span aria-hidden="true">${String(value).toUpperCase()}</span
    ><span class="sr-only">${labelOf(t, screen, field)}${t('app.colon')} ${name}</span></span
  >`;
}

function belowName(t: Translate, screen: Screen, row: RecordRow): Html | null {
  if (screen.withName === undefined) return null;
  const { below } = screen.withName;
  return html`<span class="name-below"
    >${markView(t, screen, row)}
    <span class="sr-only">${labelOf(t, screen, below)}${t('app.colon')} </span
    >${String(valueOf(screen, row, below) ?? '')}</span
  >`;
}

function breakable(screen: Screen, field: string, text: string): Html | string {
  const declared = fieldOf(screen, field);
  if (declared?.kind !== 'text' || declared.shape !== 'email') return text;
  return mailAddress(text);
}

/** What a cell says, on the screen and in an export. */
export function cellText(t: Translate, { screen, row, field, names }: CellOf): string {
  const declared = fieldOf(screen, field);
  const value = valueOf(screen, row, field);
  if (declared === undefined || value === null) return '';
  switch (declared.kind) {
    case 'flag':
      return value === true ? t('list.yes') : t('list.no');
    case 'choice':
      return choiceText(t, screen, field, String(value));
    case 'ref':
      return names[declared.to]?.get(String(value)) ?? '';
    case 'refs':
      return (value as readonly string[]).flatMap((id) => names[declared.to]?.get(id) ?? []).join(', ');
    case 'many':
      return (value as readonly string[]).map((one) => choiceText(t, screen, field, one)).join(', ');
    case 'levels':
      return (value as readonly string[])
        .map((one) => {
          const [section = '', level = ''] = one.split(':');
          return `${choiceText(t, screen, field, section)} (${choiceText(t, screen, 'level', level)})`;
        })
        .join(', ');
    case 'number': {
      const text = writeField(declared, value, t.language);
      return declared.unit === undefined ? text : `${text}\u00a0${declared.unit}`;
    }
    case 'text':
      return declared.shape === 'phone' ? spacedPhone(String(value)) : String(value);
    case 'date':
      return writtenDay(t, String(value));
    case 'instant':
      return dateAndMinute(t, Number(value));
    default:
      return String(value);
  }
}

/** A French number as the French write it, on one line; any other as it was typed. */
function spacedPhone(phone: string): string {
  const [, prefix = '', rest = ''] = /^(\+33|0)([1-9]\d{8})$/.exec(phone) ?? [];
  if (rest === '') return phone;
  const pairs = rest.slice(1).match(/\d\d/g) ?? [];
  const first = `${prefix}${prefix === '0' ? '' : '\u00a0'}${rest[0]}`;
  return [first, ...pairs].join('\u00a0');
}

function pages(t: Translate, { screen, query, found }: Listing): Html {
  const { rows, found: count, isMore } = found;
  const paged = { page: query.page, size: query.size, shown: rows.length, found: count, isMore };
  return pager(t, paged, (page) => listUrl(screen, query, { page }));
}
