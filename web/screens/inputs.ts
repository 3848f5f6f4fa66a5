import { html } from 'hono/html';
import type { Choice, Suggestion } from '#actors/office/messages.ts';
import { LEVELS } from '#src/domain/office/viewer.ts';
import type { Fault, Field } from '#src/domain/office/field.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { dateAndMinute, writtenDay } from '#web/views/format.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { fillButton, groupedSelect, type Said } from './aids.ts';
import { knockingList, suggestionOptions } from './kit-suggestions.ts';
import { choiceText, faultText, hintOf, labelOf, type Screen } from './screen.ts';

export type Input = {
  readonly screen: Screen;
  readonly name: string;
  readonly field: Field;
  /** As typed, or as `writeField` and the lists of a record give it. */
  readonly typed: readonly string[];
  readonly fault: Fault | null;
  /** What a reference may point to; for `levels`, the sections of this kind of account. */
  readonly choices: readonly Choice[];
  /** What a text may well be; anything else may be typed. */
  readonly suggested?: readonly Suggestion[];
  /** May it be changed? Else its value is shown as text (FIC-02). */
  readonly open: boolean;
  readonly nowMs: number;
};

/** A field with the button that fills in it or others; `at` is the address of its form. */
export function filledInputView(
  t: Translate,
  input: Input & { readonly at: string; readonly said: Said | null },
): Html {
  const fill = input.screen.aids?.[input.name]?.fill;
  if (fill === undefined || !input.open) return inputView(t, input);
  return html`<div class="field-group">${inputView(t, input)}${fillButton(t, { ...input, fill })}</div>`;
}

/** One field of a form: label, error, input, unit and hint, tied together for whoever does not see them. */
export function inputView(t: Translate, input: Input): Html {
  const { screen, name, field, fault } = input;
  const label = labelOf(t, screen, name);
  const hint = hintOf(t, screen, name);
  const remark = screen.aids?.[name]?.remark;
  const required = 'required' in field && field.required;
  const parts = [fault !== null && `e-${name}`, hint !== null && `h-${name}`, remark !== undefined && `r-${name}`];
  const described = parts.filter(Boolean).join(' ');
  const tail = html`${fault !== null && html`<p class="field-error" id="e-${name}">${icon('triangle-alert')}${faultText(t, fault)}</p>`}`;
  const said = remark?.text(t, input.typed.at(-1) ?? '', input.nowMs);
  const mark = hint !== null && input.open && helpMark(t, name, label);
  const help = html`${hint !== null && html`<p class="hint helped" id="h-${name}">${hint}</p>`}${said !== undefined && html`<p class="hint" id="r-${name}" aria-live="polite">${said}</p>`}`;
  if (!input.open) {
    return html`<div class="field" id="field-${name}">
      <span class="label">${label}</span>
      <output>${shownText(t, input)}</output>
      ${said !== undefined && html`<p class="hint">${said}</p>`}
    </div>`;
  }
  const control = controlOf(t, input, described);
  if (field.kind === 'flag') {
    return html`<div class="field check" id="field-${name}">
      <div class="label-row">
        <label>${control}<span>${label}</span></label
        >${mark}
      </div>
      ${tail}${help}
    </div>`;
  }
  if (field.kind === 'many' || field.kind === 'levels' || field.kind === 'refs') {
    return html`<fieldset class="field" id="field-${name}" aria-label="${label}" aria-describedby="${described}">
      <legend>${label}${mark}</legend>
      ${tail}${control}${help}
    </fieldset>`;
  }
  return html`<div class="field${hasLongChoices(t, input) && ' wide'}" id="field-${name}">
    <div class="label-row">
      <label for="f-${name}">${label}${required && html`<span class="star" aria-hidden="true"> *</span>`}</label>${mark}
    </div>
    ${tail}
    <div class="control">
      ${control}${field.kind === 'number' && field.unit !== undefined && html`<span class="unit">${field.unit}</span>`}
    </div>
    ${knockingList(t, input.suggested ?? [], input.nowMs)}${help}
  </div>`;
}

/** A choice that says more than a name: in one column of the form its end would be cut off. */
const LONG_CHOICE_CHARACTERS = 28;

function hasLongChoices(t: Translate, { screen, name, field, choices }: Input): boolean {
  if (field.kind === 'text') return screen.aids?.[name]?.groups !== undefined;
  if (field.kind !== 'choice') return field.kind === 'ref' && choices.some((one) => isLong(one.name));
  return field.values.some((one) => isLong(choiceText(t, screen, name, one)));
}

function isLong(text: string): boolean {
  return text.length > LONG_CHOICE_CHARACTERS;
}

/**
 * FIC-03: shows the sentence of a field to who points at it, reaches it or touches it; the sheet of styles does so.
 * Without script there is no mark, and the sentence stays in view.
 */
export function helpMark(t: Translate, name: string, label: string): Html {
  return html`<button type="button" class="help" aria-describedby="h-${name}">
    ${icon('circle-help')}<span class="sr-only">${t('form.help', label)}</span>
  </button>`;
}

export function controlOf(t: Translate, input: Input, described: string): Html {
  const { screen, name, field, typed, fault, suggested = [] } = input;
  const value = typed.at(-1) ?? '';
  const required = 'required' in field && field.required;
  const invalid = fault !== null ? 'true' : 'false';
  const aid = screen.aids?.[name];
  switch (field.kind) {
    case 'flag':
      return html`<input
        type="checkbox"
        name="${name}"
        value="1"
        ${when(value !== '', 'checked')}
        aria-describedby="${described}"
      />`;
    case 'choice':
    case 'ref': {
      const choices =
        field.kind === 'choice'
          ? field.values.map((id) => ({ id, name: choiceText(t, screen, name, id) }))
          : input.choices;
      const isNever = field.kind === 'choice' && field.fallback !== undefined;
      const isEmptyOffered = !isNever && (!required || value === '');
      return html`<select
        id="f-${name}"
        name="${name}"
        aria-invalid="${invalid}"
        aria-describedby="${described}"
        ${when(required, 'required')}
      >
        ${isEmptyOffered && html`<option value="">${noneText(t, name)}</option>`}
        ${choices.map((choice) => html`<option value="${choice.id}" ${when(choice.id === value, 'selected')}>${choice.name}</option>`)}
      </select>`;
    }
    case 'refs':
      return dualList(t, input);
    case 'many':
      return html`<div class="boxes">
        ${field.values.map((one) => html`<label class="check"><input type="checkbox" name="${name}" value="${one}" ${when(typed.includes(one), 'checked')} /><span>${choiceText(t, screen, name, one)}</span></label>`)}
      </div>`;
    case 'levels':
      return levelTable(t, input);
    case 'text':
      if (aid?.groups !== undefined) {
        const groups = aid.groups(t, input.nowMs);
        return groupedSelect(t, {
          name,
          value,
          groups,
          described,
          invalid: fault !== null,
          remarkAt: aid.remark?.at,
        });
      }
      if (field.lines !== undefined) {
        return html`<textarea
          id="f-${name}"
          name="${name}"
          rows="${field.lines}"
          maxlength="${field.max}"
          aria-invalid="${invalid}"
          aria-describedby="${described}"
          ${when(required, 'required')}
        >
${value}</textarea>`;
      }
      return line(field.shape === 'email' ? 'email' : field.shape === 'phone' ? 'tel' : 'text', 'text');
    case 'date':
      return line('date', 'text');
    case 'number':
      return line('text', 'decimal');
    case 'position':
    case 'instant':
      return line('text', 'text');
  }

  function line(type: 'text' | 'email' | 'tel' | 'date', inputMode: 'text' | 'decimal'): Html {
    return html`<input
        id="f-${name}"
        name="${name}"
        type="${type}"
        ${inputMode === 'decimal' && html`inputmode="decimal"`}
        value="${value}"
        aria-invalid="${invalid}"
        aria-describedby="${described}"
        ${suggested.length > 0 && html`list="d-${name}"`}
        ${when(required, 'required')}
        ${aid?.suggestAt !== undefined && suggesting(aid.suggestAt)}
      />${
        suggested.length > 0 && suggestionOptions(t, `d-${name}`, suggested)
      }${aid?.suggestAt !== undefined && html`<ul id="l-${name}" class="suggestions" role="listbox" aria-label="${t('form.suggestions')}" hidden></ul>`}`;
  }

  /** The script shows what the server suggests for what is typed so far. */
  function suggesting(at: string): Html {
    return html`data-suggest="l-${name}" autocomplete="off" hx-get="${at}" hx-trigger="input changed delay:200ms"
    hx-target="#l-${name}" hx-sync="this:replace"`;
  }
}

/** What choosing nothing means; for most fields it is only not chosen yet. */
function noneText(t: Translate, name: string): string {
  return translated(t, `none.${name}`) ?? t('form.none-chosen');
}

/** FIC-04: two lists with arrows. Without script it is one list with boxes; the script makes two of it. */
export function dualList(t: Translate, { name, typed, choices }: Pick<Input, 'name' | 'typed' | 'choices'>): Html {
  if (choices.length === 0) return html`<p class="muted">${t('form.nothing-to-choose')}</p>`;
  return html`<div
    class="dual"
    data-dual
    data-available="${t('form.available')}"
    data-chosen="${t('form.chosen')}"
    data-add="${t('form.add')}"
    data-remove="${t('form.remove')}"
  >
    ${choices.map((choice) => html`<label class="check"><input type="checkbox" name="${name}" value="${choice.id}" ${when(typed.includes(choice.id), 'checked')} /><span>${choice.name}</span></label>`)}
  </div>`;
}

/** USR-04: one row for each section, « Aucun » by default. */
function levelTable(t: Translate, { screen, name, typed, choices }: Input): Html {
  return html`<table class="rights-table">
    <thead>
      <tr>
        <td></td>
        ${LEVELS.map((level) => html`<th scope="col">${choiceText(t, screen, 'level', level)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${choices.map(({ id: section }) => {
        const given = typed.find((one) => one.startsWith(`${section}:`))?.split(':')[1] ?? 'none';
        const text = choiceText(t, screen, name, section);
        return html`<tr>
          <th scope="row">${text}</th>
          ${LEVELS.map(
            (level) =>
              html`<td>
                <label class="hit"
                  ><input
                    type="radio"
                    name="${name}:${section}"
                    value="${section}:${level}"
                    ${when(given === level, 'checked')}
                  /><span class="sr-only"
                    >${text}${t('app.colon')} ${choiceText(t, screen, 'level', level)}</span
                  ></label
                >
              </td>`,
          )}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

export function shownText(t: Translate, { screen, name, field, typed, choices }: Input): string {
  const value = typed.at(-1) ?? '';
  const nameOf = (id: string): string => choices.find((choice) => choice.id === id)?.name ?? id;
  switch (field.kind) {
    case 'flag':
      return value === '' ? t('list.no') : t('list.yes');
    case 'choice':
      return value === '' ? (translated(t, `none.${name}`) ?? t('app.none')) : choiceText(t, screen, name, value);
    case 'ref':
      return value === '' ? (translated(t, `none.${name}`) ?? t('app.none')) : nameOf(value);
    case 'refs':
      return typed.length === 0 ? t('app.none') : typed.map(nameOf).join(', ');
    case 'many':
      return typed.length === 0 ? t('app.none') : typed.map((one) => choiceText(t, screen, name, one)).join(', ');
    case 'levels':
      return typed
        .map((one) => {
          const [section = '', level = ''] = one.split(':');
          return `${choiceText(t, screen, name, section)} (${choiceText(t, screen, 'level', level)})`;
        })
        .join(', ');
    case 'number':
      return value === '' ? t('app.none') : [value, field.unit].filter(Boolean).join('\u00a0');
    case 'date':
      return value === '' ? t('app.none') : writtenDay(t, value);
    case 'instant':
      return value === '' ? t('list.never') : dateAndMinute(t, Number(value));
    default:
      return value === '' ? t('app.none') : value;
  }
}
