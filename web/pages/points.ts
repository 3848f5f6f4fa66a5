import { html } from 'hono/html';
import type { ChargePointDetail } from '#actors/charge-point/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { writeField } from '#src/domain/office/field.ts';
import { outletsOf, type Outlet } from '#src/domain/office/points.ts';
import { scopeOf } from '#src/domain/office/access.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { evseScreen, modelEvseScreen } from '#web/screens/evse.ts';
import { choiceText, entityOf, fieldOf, formPath, labelOf, textOf, type Screen } from '#web/screens/screen.ts';
import { pointsCompared } from './points-told.ts';
import type { PageContext } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';

/** GRA-15: the points of a station or of a model below its form, a row for each socket; null for who may not see them. */
export async function pointsPanel(
  c: PageContext,
  deps: WebDeps,
  {
    owner,
    of,
    detail = null,
  }: {
    readonly owner: RecordRow;
    readonly of: 'evse' | 'model-evse';
    /** What its charger tells. */
    readonly detail?: ChargePointDetail | null;
  },
): Promise<Html | null> {
  const screen = of === 'evse' ? evseScreen : modelEvseScreen;
  if (scopeOf(c.var.login, entityOf(screen)).length === 0) return null;
  const points = await deps.actors
    .office(c.var.login)
    .ask<readonly RecordRow[]>((replyTo) => ({ type: 'points', of, id: owner.id, replyTo }));
  if (points.length === 0) return null;
  const told = detail === null ? null : pointsCompared(c, { station: owner, points, detail });
  return panel(c.var.t, screen, points, told);
}

/** Beside the number of its point and its own. */
const POINT_COLUMNS = ['currentMinMa', 'currentMaxMa', 'supply', 'phase'] as const;

function panel(t: Translate, screen: Screen, points: readonly RecordRow[], told: Html | null): Html {
  const heading = (text: string): Html => html`<th scope="col">${text}</th>`;
  return html`<details class="panel fold" open id="points">
    <summary><h2>${t('points.title')}</h2></summary>
    <p class="hint">${t('points.hint')} ${screen.entity === 'evse' && t('points.must-match')}</p>
    ${told}
    <table class="records">
      <thead>
        <tr>
          ${heading(t('points.number'))} ${heading(t('points.outlet-number'))}
          ${(['outletType', 'outletSpeed', 'outletConnectorId'] as const).map((name) => heading(t(`column.${name}`)))}
          ${POINT_COLUMNS.map((name) => heading(labelOf(t, screen, name)))}
        </tr>
      </thead>
      <tbody>
        ${points.map((point) => {
          const outlets = outletsOf(point.values);
          const rows: readonly (Outlet | null)[] = outlets.length === 0 ? [null] : outlets;
          return rows.map((outlet) => row(t, screen, point, outlet));
        })}
      </tbody>
    </table>
  </details>`;
}

function row(t: Translate, screen: Screen, point: RecordRow, outlet: Outlet | null): Html {
  const isOff = point.inactive || outlet?.inactive === true;
  const text = (name: string): string => {
    const field = fieldOf(screen, name);
    const value = point.values[name] ?? null;
    if (field === undefined || value === null) return '';
    if (field.kind === 'choice') return choiceText(t, screen, name, String(value));
    const written = writeField(field, value, t.language);
    return field.kind === 'number' && field.unit !== undefined ? `${written}\u00a0${field.unit}` : written;
  };
  const cell = (label: string, value: string): Html => html`<td data-label="${label}">${value}</td>`;
  const number = `outlet${outlet?.number ?? 1}`;
  const connectorId = outlet?.connectorId ?? point.values['connectorId'] ?? '';
  return html`<tr class="${isOff ? 'inactive' : ''}">
    <th scope="row">
      <a class="record-link" href="${formPath(screen, point)}">${t('points.point', Number(point.values['number']))}</a>
      ${isOff && html`<span class="badge">${t('list.inactive')}</span>`}
    </th>
    ${cell(t('points.outlet-number'), outlet === null ? t('points.no-outlet') : t('points.outlet', outlet.number))}
    ${cell(t('column.outletType'), outlet === null ? '' : choiceText(t, screen, `${number}Type`, outlet.type))}
    ${cell(t('column.outletSpeed'), outlet?.speed ? textOf(t, `choice.${number}Speed.${outlet.speed}`) : '')}
    ${cell(t('column.outletConnectorId'), String(connectorId))}
    ${POINT_COLUMNS.map((name) => cell(labelOf(t, screen, name), text(name)))}
  </tr>`;
}
