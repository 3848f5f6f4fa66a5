import { html } from 'hono/html';
import type { Recharge } from '#actors/recharge/messages.ts';
import { isAbnormalEnd, parkedMs, type RechargeSort } from '#src/domain/recharge.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { elapsed } from './badge.ts';
import { dateTime, duration, energy, power } from './format.ts';
import { current, type Html } from './html.ts';
import { icon } from './icon.ts';
import { endWords, kindWords, modeWords, placeWords } from './recharge-words.ts';

export type RechargeTable = {
  readonly rows: readonly Recharge[];
  readonly nowMs: number;
  readonly sort: RechargeSort;
  readonly descending: boolean;
  /** The address of the list in that order; null where only one order can be had. */
  readonly urlOf: (sort: RechargeSort, descending: boolean) => string | null;
  /** Each with a box, for whoever may delete it. */
  readonly hasBoxes?: boolean;
};

/** REC-03: one line for each recharge. */
export function rechargeTable(t: Translate, table: RechargeTable): Html {
  const plain = (text: string): Html => html`<th scope="col">${text}</th>`;
  return html`<table class="records recharges">
    <caption class="sr-only">
      ${t('recharges.title')}
    </caption>
    <thead>
      <tr>
        ${
          table.hasBoxes === true &&
          html`<th scope="col" class="c-check">
            <label class="hit"
              ><input type="checkbox" data-select-all /><span class="sr-only">${t('list.select-all')}</span></label
            >
          </th>`
        }
        ${plain(t('recharges.station'))}${plain(t('recharges.who'))}
        ${heading(t, table, 'start')}${heading(t, table, 'charging')}${heading(t, table, 'energy')}${heading(t, table, 'parking')}
        ${plain(t('recharges.mode'))}${plain(t('recharges.end'))}
      </tr>
    </thead>
    <tbody>
      ${table.rows.map((row) => rechargeRow(t, row, table))}
    </tbody>
  </table>`;
}

function heading(t: Translate, { sort, descending, urlOf }: RechargeTable, column: RechargeSort): Html {
  const isSorted = sort === column;
  const url = urlOf(column, isSorted ? !descending : true);
  const text = t(`recharges.${column}`);
  const way = isSorted ? (descending ? 'descending' : 'ascending') : 'none';
  const look = column === 'start' ? '' : 'number';
  if (url === null) return html`<th scope="col" class="${look}">${text}</th>`;
  return html`<th scope="col" class="${look}" aria-sort="${way}">
    <a href="${url}" ${current(isSorted)}>${text}${isSorted && icon(descending ? 'arrow-down' : 'arrow-up')}</a>
  </th>`;
}

function rechargeRow(t: Translate, row: Recharge, { nowMs, hasBoxes = false }: RechargeTable): Html {
  const url = `/recharges/${row.transactionId}`;
  const isRunning = row.closing === 'open';
  const cell = (label: string, content: Html | string, look = ''): Html =>
    html`<td class="${look}" data-label="${label}">${content}</td>`;
  const name = `${row.stationName ?? t('recharges.no-station')}, ${dateTime(t, row.startedAtMs)}`;
  return html`<tr id="recharge-${row.transactionId}">
    ${
      hasBoxes &&
      html`<td class="c-check">
        ${
          !isRunning &&
          html`<label class="hit"
            ><input type="checkbox" name="id" value="${row.transactionId}" /><span class="sr-only"
              >${t('list.select', name)}</span
            ></label
          >`
        }
      </td>`
    }
    <th scope="row">
      <a class="record-link" href="${url}" hx-boost="false">${row.stationName ?? t('recharges.no-station')}</a>
      <span class="sub place">${placeWords(t, row)}</span>
    </th>
    ${cell(t('recharges.who'), who(t, row))} ${cell(t('recharges.start'), dateTime(t, row.startedAtMs), 'whole')}
    ${cell(t('recharges.charging'), row.chargedMs === null ? '' : duration(t, row.chargedMs), 'number')}
    ${cell(t('recharges.energy'), energyCell(t, row), 'number')}
    ${cell(t('recharges.parking'), isRunning ? elapsed(t, row.startedAtMs, nowMs) : duration(t, parkedMs(row, nowMs)), 'number')}
    ${cell(t('recharges.mode'), modeWords(t, row), 'mode')} ${cell(t('recharges.end'), endCell(t, row))}
  </tr>`;
}

/** REC-09: of whom nobody knows, the badge alone, with its kind. */
function who(t: Translate, row: Recharge): Html {
  const { driver, idTag, freeService } = row;
  const kind = driver === null ? kindWords(t, row) : '';
  return html`${driver !== null && html`${driver} `}<code>${idTag}</code>${kind !== '' && html` <span class="sub">${kind}</span>`}${freeService && html` <span class="badge">${t('session.free-service')}</span>`}`;
}

/** So far and power now while it runs, energy when it is over. */
function energyCell(t: Translate, { closing, energyWh, live }: Recharge): Html | string {
  if (closing !== 'open') return energy(t, energyWh);
  if (live === null) return '';
  return html`${energy(t, live.energyWh)}${live.powerW !== null && html` <span class="sub">${power(t, live.powerW)}</span>`}`;
}

/** REC-07: abnormal ends in red, and what a person should know before he trusts the figures. */
export function endCell(t: Translate, row: Recharge): Html {
  const { closing, verdict, review } = row;
  const end = endWords(t, row);
  const marks = html`${verdict !== 'Accepted' && html`<span class="badge st-out-of-service">${t('session.unauthorised')}</span>`}
  ${review !== null && html`<span class="badge st-out-of-service">${translated(t, `sessions.review.${review}`) ?? t('sessions.review')}</span>`}`;
  if (closing === 'open') return html`<span class="badge st-charging">${t('recharges.running')}</span>${marks}`;
  return html`${isAbnormalEnd(row) ? html`<span class="badge st-fault">${icon('triangle-alert')}${end}</span>` : end}
  ${marks}`;
}
