import { html } from 'hono/html';
import type { CommandField, FormState } from './command-form-spec.ts';
import { when, type Html } from './html.ts';
import { icon } from './icon.ts';

/** One field of a command's form, with what was typed and what is wrong with it. */
export function fieldOf(formId: string, field: CommandField, { input, errors }: FormState): Html {
  const id = `${formId}-${field.name}`;
  const error = errors[field.name];
  const trouble =
    error !== undefined && html`<span id="${id}-error" class="field-error">${icon('octagon-alert')}${error}</span>`;
  const hint = 'hint' in field && field.hint !== null && field.hint !== undefined ? field.hint : false;
  const about = [...(error === undefined ? [] : [`${id}-error`]), ...(hint === false ? [] : [`${id}-hint`])].join(' ');
  const described = [
    error !== undefined && html` aria-invalid="true"`,
    about !== '' && html` aria-describedby="${about}"`,
  ];
  const below = hint !== false && html`<p id="${id}-hint" class="hint">${hint}</p>`;
  const typed = input[field.name];
  switch (field.kind) {
    case 'hidden':
      return html`<input type="hidden" name="${field.name}" value="${field.value}" />`;
    case 'text':
      return html`<div class="field">
        <label for="${id}">${field.label}${field.required && ' *'}</label>${trouble}<input
          id="${id}"
          type="text"
          name="${field.name}"
          value="${typed ?? field.initial ?? ''}"
          maxlength="${field.max}"
          autocomplete="off"
          spellcheck="false"
          ${described}
        />
      </div>`;
    case 'lines':
      return html`<div class="field">
        <label for="${id}">${field.label}</label>${trouble}<textarea
          id="${id}"
          name="${field.name}"
          rows="5"
          maxlength="${field.max}"
          spellcheck="false"
          ${described}
        >
${typed ?? ''}</textarea
        >${below}
      </div>`;
    case 'date':
    case 'datetime-local':
      return html`<div class="field">
        <label for="${id}">${field.label}${field.required && ' *'}</label>${trouble}<input
          id="${id}"
          type="${field.kind}"
          name="${field.name}"
          value="${typed ?? field.initial ?? ''}"
          ${described}
        />${below}
      </div>`;
    case 'check':
      return html`<div class="field check">
        ${trouble}<label
          ><input
            id="${id}"
            type="checkbox"
            name="${field.name}"
            value="on"
            ${when(typed === 'on', 'checked')}${described}
          />
          ${field.label}</label
        >
      </div>`;
    case 'choice':
      return html`<div class="field">
        <label for="${id}">${field.label}${field.required && ' *'}</label>${trouble}<select
          id="${id}"
          name="${field.name}"
          ${described}
        >
          ${field.options.map(([value, text]) => html`<option value="${value}" ${when(typed === value, 'selected')}>${text}</option>`)}
        </select>
      </div>`;
  }
}
