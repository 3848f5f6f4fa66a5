import { html } from 'hono/html';
import type { BatchedCommand } from '#actors/archive/messages.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { commandControl } from './command-form.ts';
import { UNTOUCHED, type FormName, type FormSpec, type FormState } from './command-form-spec.ts';
import { commandGroups } from './command-groups.ts';
import { downloadOf, lastPhase, outcome, toneOf, transferOf } from './command-progress.ts';
import { commandTitle } from './command-title.ts';
import { dateTime } from './format.ts';
import { anchor, type Html } from './html.ts';
import { icon } from './icon.ts';
import { manyForms } from './many-forms.ts';

/** Chargers that one command goes to at most. */
export const BATCH_MAX = 100;

/** A table of chargers to choose from, and what to do with those that are chosen. */
export function picking(t: Translate, table: Html): Html {
  return html`<form method="post" action="/commands/new" data-selection hx-boost="false">
    ${table}
    <div class="selection picked">
      <span
        class="scripted"
        data-count
        data-one="${t('batch.chosen.one')}"
        data-other="${t('batch.chosen.other', '{}')}"
        role="status"
      ></span>
      <button class="button primary">${icon('send')}${t('batch.go')}</button>
    </div>
  </form>`;
}

/** A form that was sent, and what is wrong with it. */
export type WrongForm = { readonly name: FormName; readonly state: FormState };

/** Which command, for these chargers. `transfers`: the forms of what moves files. */
export function batchForms(
  t: Translate,
  views: readonly ChargePointView[],
  { transfers, wrong }: { readonly transfers: readonly FormSpec[]; readonly wrong: WrongForm | null },
): Html {
  const forms: readonly FormSpec[] = [...manyForms(t, views), ...transfers];
  const items = forms.map((form) => {
    // One with a key has nothing to be filled in wrongly: it stands beside the form of its name.
    const isWrong = wrong?.name === form.name && form.key === undefined;
    return { name: form.name, isWrong, control: commandControl(t, '', form, isWrong ? wrong.state : UNTOUCHED) };
  });
  return html`<p class="muted">${t('batch.what')}</p>
    <h2 class="sr-only">${t('command.title')}</h2>
    <div class="command-groups panel">
      ${commandGroups(t, items, { common: ['operation', 'files', 'configuration'] })}
    </div>
    <h2>${views.length === 1 ? t('batch.chosen.one') : t('batch.chosen.other', views.length)}</h2>
    <ul class="batch-chosen">
      ${views.map(({ chargePointId, stationName }) => html`<li>${stationName} <code>${chargePointId}</code></li>`)}
    </ul>`;
}

/** The commands that were asked together, as one reader finds them. */
export type Batch = {
  readonly batchId: string;
  readonly rows: readonly BatchedCommand[];
  /** Of the stations, by charger. */
  readonly names: ReadonlyMap<string, string>;
  readonly mayWithdraw: boolean;
};

/** One row for each charger, with how far its command has got. */
export function batchTable(t: Translate, { batchId, rows, names, mayWithdraw }: Batch): Html {
  const ended = rows.filter(({ command }) => command.ended);
  const bad = ended.filter(({ command }) => toneOf(command) === 'bad').length;
  const isWaiting = rows.some(({ command }) => command.phase === 'queued');
  return html`<div id="batch">
    <div class="batch-sum">
      <p role="status">
        <strong>${t('batch.progress', ended.length, rows.length)}</strong>
        ${ended.length > bad && html`<span class="good">${icon('circle-check')} ${t('batch.good', ended.length - bad)}</span>`}
        ${bad > 0 && html`<span class="bad">${icon('octagon-alert')} ${t('batch.bad', bad)}</span>`}
      </p>
      ${
        mayWithdraw &&
        isWaiting &&
        html`<form method="post" action="/commands/${encodeURIComponent(batchId)}/withdraw">
          <button class="button small">${icon('x')}${t('batch.withdraw')}</button>
        </form>`
      }
    </div>
    <table class="plain batch">
      <thead>
        <tr>
          <th scope="col">${t('batch.station')}</th>
          <th scope="col">${t('batch.box')}</th>
          <th scope="col">${t('batch.phase')}</th>
          <th scope="col">${t('batch.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => batchRow(t, row, { station: names.get(row.chargePointId) ?? '', mayTake: mayWithdraw }))}
      </tbody>
    </table>
  </div>`;
}

function batchRow(
  t: Translate,
  { chargePointId, command }: BatchedCommand,
  { station, mayTake }: { readonly station: string; readonly mayTake: boolean },
): Html {
  const page = `/fleet/${encodeURIComponent(chargePointId)}`;
  const url = `${page}#${anchor('command', command.commandId)}`;
  return html`<tr id="${anchor('b', chargePointId)}" class="${toneOf(command)}">
    <th scope="row" data-label="${t('batch.station')}"><a href="${url}">${station || chargePointId}</a></th>
    <td data-label="${t('batch.box')}"><code>${chargePointId}</code></td>
    <td data-label="${t('batch.phase')}"><span class="batch-phase">${lastPhase(t, command)}</span></td>
    <td data-label="${t('batch.outcome')}">
      ${(mayTake && downloadOf(t, command, page)) || outcome(t, command) || transferOf(t, command) || t('app.none')}
    </td>
  </tr>`;
}

/** Whose command it is, and of when. */
export function batchHead(t: Translate, command: CommandView): Html {
  return html`<h1>${commandTitle(t, command.call)}</h1>
    <p class="muted">${dateTime(t, command.requestedAtMs)} ${t('command.by', command.requestedBy)}</p>`;
}
