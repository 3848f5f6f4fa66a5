import { html } from 'hono/html';
import type { Choice, Suggestion } from '#actors/office/messages.ts';
import { mayRest } from '#src/domain/office/access.ts';
import type { FaultsByField, RecordRow } from '#src/domain/office/entity.ts';
import { writeField, type Value } from '#src/domain/office/field.ts';
import type { Viewer } from '#src/domain/office/viewer.ts';
import type { Translate } from '#web/i18n/t.ts';
import { dateTime } from '#web/views/format.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { inputTable } from './input-table.ts';
import type { Said } from './aids.ts';
import { filledInputView, helpMark, inputView, type Input } from './inputs.ts';
import {
  entityOf,
  faultText,
  fieldOf,
  fieldsOf,
  fits,
  formPath,
  labelOf,
  tabsFor,
  tabTitle,
  textOf,
  type Screen,
  type Tab,
} from './screen.ts';

/** What was typed, or what a record holds, as texts by field. */
export type Typed = ReadonlyMap<string, readonly string[]>;
export type Notice =
  | { readonly kind: 'saved' }
  /** Somebody else saved first; what was typed is kept, and sent again it replaces his. */
  | { readonly kind: 'stale'; readonly by: string; readonly atMs: number; readonly fields: readonly string[] }
  | { readonly kind: 'quota'; readonly max: number };

/** Where it leads back to. */
export type Back = { readonly href: string; readonly text: string };
export type FormPage = {
  readonly screen: Screen;
  readonly viewer: Viewer;
  /** Null for a new one. */
  readonly record: RecordRow | null;
  /** The version that a save must find. */
  readonly version: number;
  readonly back: Back;
  readonly typed: Typed;
  readonly inactive: boolean;
  readonly faults: FaultsByField;
  readonly notice: Notice | null;
  readonly seen: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
  readonly choices: Readonly<Record<string, readonly Choice[]>>;
  readonly nowMs: number;
  /** What a button that fills in fields has to say, and which one it is. */
  readonly filled: { readonly by: string; readonly said: Said } | null;
  /** What a text may well be, by field. */
  readonly suggested: Readonly<Record<string, readonly Suggestion[]>>;
  /** More than the declared fields, after the tabs: the actions of one screen. */
  readonly more?: Html;
};

/** The form of one screen (FIC-01..05, GEN-08): sections that fold, errors in view, one button that stays in view. */
export function formView(t: Translate, form: FormPage): Html {
  const { screen, faults, changed, back } = form;
  const fields = fieldsView(t, form);
  // Enter presses the first button of a form: it is to save, not to fill in.
  const hasFills = Object.values(screen.aids ?? {}).some(({ fill }) => fill !== undefined);
  // Who may change nothing has no form, but what one would hold (FIC-02).
  const body =
    changed.size > 0
      ? html`<form
          method="post"
          action="${actionOf(form)}"
          class="record-form"
          data-guard="${t('form.unsaved')}"
          novalidate
        >
          ${hasFills && html`<button class="sr-only" tabindex="-1" aria-hidden="true">${t('form.submit')}</button>`}
          <p class="hint">${t('form.intro')}</p>
          <input type="hidden" name="version" value="${form.version}" />
          ${fields}
        </form>`
      : html`<div class="record-form">${fields}</div>`;
  return html`<div class="form-page">
    <a class="back" href="${back.href}">${icon('arrow-left')}${back.text}</a>
    <h1>${formTitle(t, form)}</h1>
    ${noticeOf(t, form)} ${summaryOf(t, screen, faults)} ${body} ${form.more}
  </div>`;
}

function fieldsView(t: Translate, form: FormPage): Html {
  const { screen, record, changed, back } = form;
  const entity = entityOf(screen);
  const offersRest = changed.size > 0 && entity.canBeInactive && mayRest(form.viewer, entity);
  const tabs = tabsFor(screen, form.viewer).filter(
    (tab) => mayFit(form, tab) && tab.fields.some((name) => isShown(form, name)),
  );
  const wrong = form.faults['inactive'];
  // The form of a part is short enough to be seen at once.
  const isAllOpen = record === null || entity.partOf !== undefined;
  return html`${tabs.map((tab, index) => section(t, form, tab, index === 0 || isAllOpen))}
    ${
      offersRest &&
      html`<section class="panel">
        <div class="field check" id="field-inactive">
          <div class="label-row">
            <label
              ><input
                type="checkbox"
                name="inactive"
                value="1"
                ${when(form.inactive, 'checked')}
                aria-describedby="${wrong === undefined ? 'h-inactive' : 'e-inactive h-inactive'}"
              /><span>${t('form.inactive')}</span></label
            >${helpMark(t, 'inactive', t('form.inactive'))}
          </div>
          ${wrong !== undefined && html`<p class="field-error" id="e-inactive">${icon('triangle-alert')}${faultText(t, wrong)}</p>`}
          <p class="hint helped" id="h-inactive">${t('form.inactive.hint')}</p>
        </div>
      </section>`
    }
    <div class="form-actions">
      ${
        changed.size > 0
          ? html`<button class="button primary">${t('form.submit')}</button>
              <a class="button quiet" href="${back.href}">${t('form.cancel')}</a>`
          : html`<a class="button" href="${back.href}">${t('form.back')}</a>`
      }
      ${record !== null && html`<span class="sub">${t('form.changed', dateTime(t, record.changedAtMs), record.changedBy)}</span>`}
    </div>`;
}

/** Where it is posted: `/stations` for a new one, `/stations/<id>`. */
function actionOf({ screen, record }: FormPage): string {
  return record === null ? screen.path : formPath(screen, record);
}

export function formTitle(t: Translate, { screen, record }: Pick<FormPage, 'screen' | 'record'>): string {
  if (record === null) return textOf(t, `new.${screen.entity}`);
  const { label, partOf } = entityOf(screen);
  const name = String(record.values[label] ?? record.id);
  return partOf === undefined ? name : `${textOf(t, `part.${screen.entity}`)} ${name}`;
}

/** What a record holds, as its form shows it. */
export function typedOf(screen: Screen, values: Readonly<Record<string, Value>>, language: 'fr' | 'en'): Typed {
  const typed = new Map<string, readonly string[]>();
  for (const [name, field] of Object.entries(fieldsOf(screen))) {
    const value = values[name] ?? null;
    typed.set(name, Array.isArray(value) ? (value as readonly string[]) : [writeField(field, value, language)]);
  }
  return typed;
}

function isShown({ screen, seen, choices }: FormPage, name: string): boolean {
  if (!seen.has(name)) return false;
  const field = fieldOf(screen, name);
  // With a single company it is used by default and hidden everywhere (SOC-03).
  return !(field?.kind === 'ref' && field.to === 'company' && (choices[name] ?? []).length === 1);
}

/** What decides whether it is shown may still be chosen in this form, or is as it must be. */
function mayFit({ typed, changed }: FormPage, tab: Tab): boolean {
  const names = Object.keys(tab.when ?? {});
  return names.every((name) => changed.has(name)) || fits(tab, (name) => typed.get(name)?.at(-1) ?? '');
}

/** A fold of its own, with the number of its errors on the header; open where there is something to correct. */
function section(t: Translate, form: FormPage, tab: Tab, open: boolean): Html {
  const { screen, faults } = form;
  const fields = tab.fields.filter((name) => isShown(form, name));
  const wrong = fields.filter((name) => faults[name] !== undefined).length;
  return html`<details class="panel fold" data-tab="${tab.name}" ${when(open || wrong > 0, 'open')}>
    <summary>
      <h2>${tabTitle(t, screen, tab)}</h2>
      ${wrong > 0 && html`<span class="badge st-fault">${t('form.errors', wrong)}</span>`}
    </summary>
    ${
      tab.cells === undefined
        ? html`<div class="fields">${fields.map((name) => filledInput(t, form, name))}</div>`
        : inputTable(
            t,
            tab,
            fields.map((name) => inputOf(form, name)),
          )
    }
  </details>`;
}

/** A field with the button beside it. */
function filledInput(t: Translate, form: FormPage, name: string): Html {
  const fill = form.screen.aids?.[name]?.fill;
  const said = fill !== undefined && form.filled?.by === fill.name ? form.filled.said : null;
  return filledInputView(t, { ...inputOf(form, name), at: actionOf(form), said });
}

/** One field as it stands in the form, for an answer that changes a part of it. */
export function formField(t: Translate, form: FormPage, name: string): Html | null {
  return isShown(form, name) ? inputView(t, inputOf(form, name)) : null;
}

/** @throws for a field that the screen shows and its entity has not; a test looks for those. */
function inputOf(form: FormPage, name: string): Input {
  const field = fieldOf(form.screen, name);
  if (field === undefined) throw new Error(`${form.screen.entity} has no field ${name}`);
  return {
    screen: form.screen,
    name,
    field,
    typed: form.typed.get(name) ?? [],
    fault: form.faults[name] ?? null,
    choices: form.choices[name] ?? [],
    suggested: form.suggested[name] ?? [],
    open: form.changed.has(name),
    nowMs: form.nowMs,
  };
}

/** The errors as a list of links to their fields, above the form. */
export function summaryOf(t: Translate, screen: Screen, faults: FaultsByField): Html | null {
  const names = Object.keys(faults);
  if (names.length === 0) return null;
  return html`<div class="errors" tabindex="-1" role="alert" autofocus>
    <p>${t('form.errors', names.length)}</p>
    <ul>
      ${Object.entries(faults).map(([name, fault]) => html`<li><a href="#field-${name}">${labelOf(t, screen, name)}</a>${t('app.colon')} ${faultText(t, fault)}</li>`)}
    </ul>
  </div>`;
}

/** What came of the last save. */
export function noticeOf(t: Translate, { screen, notice }: Pick<FormPage, 'screen' | 'notice'>): Html | null {
  if (notice === null) return null;
  switch (notice.kind) {
    case 'saved':
      return html`<p class="notice good" role="status">${icon('circle-check')}${t('form.saved')}</p>`;
    case 'quota':
      return html`<p class="notice bad" role="alert">${icon('triangle-alert')}${t('form.quota', notice.max)}</p>`;
    case 'stale': {
      const fields = notice.fields.map((name) => labelOf(t, screen, name)).join(', ');
      return html`<div class="notice warn" role="alert">
        ${icon('triangle-alert')}
        <p>
          ${t('form.stale', notice.by, dateTime(t, notice.atMs))} ${fields !== '' && t('form.stale.fields', fields)}
        </p>
      </div>`;
    }
  }
}
