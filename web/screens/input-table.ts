import { html } from 'hono/html';
import type { Translate } from '#web/i18n/t.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { controlOf, shownText, type Input } from './inputs.ts';
import { faultText, hintOf, labelOf, textOf, type Tab } from './screen.ts';

/** Inputs that are alike from row to row, as a numbered table; on a phone each row is a card (GRA-18). */
export function inputTable(
  t: Translate,
  { cells = [], rows: row = '' }: Pick<Tab, 'cells' | 'rows'>,
  inputs: readonly Input[],
): Html {
  const starts = inputs.filter((_, index) => index % cells.length === 0);
  const headings = cells.map((cell) => textOf(t, `column.${cell}`));
  return html`<table class="records cells">
    <thead>
      <tr>
        <th scope="col">${textOf(t, `column.${row}`)}</th>
        ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${starts.map(
        (_, at) =>
          html`<tr>
            <th scope="row"><span class="row-name">${textOf(t, `column.${row}`)} </span>${at + 1}</th>
            ${cells.map((_cell, column) => {
              const input = inputs[at * cells.length + column];
              return input && cellView(t, input, headings[column] ?? '');
            })}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Its label is its heading, for whoever sees the table; spelled out for whoever does not. */
function cellView(t: Translate, input: Input, heading: string): Html {
  const { screen, name, field, fault, open } = input;
  if (!open) return html`<td data-label="${heading}">${shownText(t, input)}</td>`;
  const hint = hintOf(t, screen, name);
  const described = [fault !== null && `e-${name}`, hint !== null && `h-${name}`].filter(Boolean).join(' ');
  const label = html`<span class="sr-only">${labelOf(t, screen, name)}</span>`;
  const control = controlOf(t, input, described);
  return html`<td data-label="${heading}" id="field-${name}">
    ${field.kind === 'flag' ? html`<label class="hit">${control}${label}</label>` : html`<label for="f-${name}">${label}</label>${control}`}
    ${fault !== null && html`<p class="field-error" id="e-${name}">${icon('triangle-alert')}${faultText(t, fault)}</p>`}
    ${hint !== null && html`<p class="hint" id="h-${name}">${hint}</p>`}
  </td>`;
}
