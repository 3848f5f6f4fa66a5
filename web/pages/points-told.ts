import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ChargePointDetail } from '#actors/charge-point/messages.ts';
import type { PointsSet } from '#actors/office/messages.ts';
import { mayRest, scopeOf } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import {
  connectorsOf,
  differencesOf,
  proposedChanges,
  toldPoints,
  type PointChange,
  type PointDifference,
  type ToldPoints,
} from '#src/domain/office/points-told.ts';
import { chargePointIdOf } from '#src/domain/office/charger.ts';
import { kitSerialOf } from '#src/domain/kit.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** STA-25: a station's points beside what its charger tells; what would set them right is shown, and saved when asked. */
export function pointsToldPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/stations/:id/points-told', async (c) => {
      const known = await compared(c, deps, c.req.param('id'));
      return known === null ? problem(c, 'not-found', 404) : proposal(c, known, { isChanged: false });
    })
    .post('/stations/:id/points-told', async (c) => {
      const known = await compared(c, deps, c.req.param('id'));
      if (known === null) return problem(c, 'not-found', 404);
      const { station, changes } = known;
      // What he has seen is what is saved, whatever the charger has told since.
      const { seen = '' } = await formFields(c.req.raw);
      if (seen !== JSON.stringify(changes)) return proposal(c, known, { isChanged: true });
      const outcome = await deps.actors.office(c.var.login).ask<PointsSet>((replyTo) => ({
        type: 'set-points',
        stationId: station.id,
        changes,
        atMs: c.var.nowMs,
        replyTo,
      }));
      if (outcome === 'not-found') return problem(c, 'not-found', 404);
      if (outcome === 'changed') return proposal(c, known, { isChanged: true });
      return c.redirect(`${stationPath(station.id)}?points#points`, 303);
    });
}

/** What stands above the table of points: what the charger tells otherwise, or that it tells the same. */
export function pointsCompared(c: PageContext, of: PointsOf & { readonly detail: ChargePointDetail }): Html {
  const { t, login } = c.var;
  const told = toldIn(of.detail);
  const saved =
    c.req.query('points') !== undefined &&
    html`<p class="notice good" role="status">${icon('circle-check')}${t('points-told.saved')}</p>`;
  const differences = differencesOf(of.points, told);
  if (differences.length === 0) {
    const ids = connectorsOf(told);
    const text = ids.length === 0 ? t('points-told.silent') : t('points-told.same', ids);
    return html`${saved}
      <p class="hint">${text}</p>`;
  }
  const mayChange = mayRest(login, ENTITIES.evse) && proposedChanges(of.points, told).length > 0;
  const path = stationPath(of.station.id);
  return html`${saved} ${said(t, differences)} ${unread(t, of.station, told, differences)}
  ${mayChange && html`<p class="link-line"><a class="button" href="${path}/points-told">${icon('list-checks')}${t('points-told.propose')}</a></p>`}`;
}

/** The same on the page of the charger, which leads to the station; null where there is nothing to say. */
export async function pointsDiffer(
  c: PageContext,
  deps: WebDeps,
  of: { readonly stationId: string; readonly detail: ChargePointDetail },
): Promise<Html | null> {
  const points = await pointsOf(c, deps, of.stationId);
  const differences = points.length === 0 ? [] : differencesOf(points, toldIn(of.detail));
  if (differences.length === 0) return null;
  const link = html`<a href="${stationPath(of.stationId)}#points">${c.var.t('points-told.look')}</a>`;
  const look = html`<p>${link}</p>`;
  return said(c.var.t, differences, look);
}

type PointsOf = { readonly station: RecordRow; readonly points: readonly RecordRow[] };
type Compared = PointsOf & { readonly told: ToldPoints; readonly changes: readonly PointChange[] };

/** Null for who does not find the station, may not change its points, or cannot see its charger. */
async function compared(c: PageContext, deps: WebDeps, id: string): Promise<Compared | null> {
  if (!mayRest(c.var.login, ENTITIES.evse)) return null;
  const station = await deps.actors
    .office(c.var.login)
    .ask<RecordRow | null>((replyTo) => ({ type: 'find', entity: 'station', id, replyTo }));
  const points = station === null ? [] : await pointsOf(c, deps, id);
  const charger = station === null ? null : await chargerOf(c, deps, station);
  if (station === null || charger === null || points.length === 0) return null;
  const told = toldIn(charger.detail);
  return { station, points, told, changes: proposedChanges(points, told) };
}

async function pointsOf(c: PageContext, deps: WebDeps, id: string): Promise<readonly RecordRow[]> {
  if (scopeOf(c.var.login, ENTITIES.evse).length === 0) return [];
  return deps.actors
    .office(c.var.login)
    .ask<readonly RecordRow[]>((replyTo) => ({ type: 'points', of: 'evse', id, replyTo }));
}

/** The charger of a station, as far as he finds it. */
export async function chargerOf(
  c: PageContext,
  deps: WebDeps,
  { values }: RecordRow,
): Promise<ChargePointFacts | null> {
  const chargePointId = chargePointIdOf(values);
  return chargePointId === null ? null : readFacts(deps.actors, c.var.login, chargePointId, c.var.nowMs);
}

function toldIn({ chargePointId, spokenOf, configuration, told }: ChargePointDetail): ToldPoints {
  return toldPoints({ isKit: kitSerialOf(chargePointId) !== null, spokenOf, configuration, told });
}

function stationPath(id: string): string {
  return `/stations/${encodeURIComponent(id)}`;
}

function said(t: Translate, differences: readonly PointDifference[], more: Html | null = null): Html {
  return html`<div class="notice warn points-differ">
    ${icon('triangle-alert')}
    <div>
      ${t('points-told.differs')}
      <ul>
        ${differences.map((one) => html`<li>${differenceText(t, one)}</li>`)}
      </ul>
      ${more}
    </div>
  </div>`;
}

/** How many connectors it has, a charger of OCPP tells when it is asked for its keys. */
function unread(
  t: Translate,
  station: RecordRow,
  { counted, sockets }: ToldPoints,
  differences: readonly PointDifference[],
): Html | null {
  const isWaiting = differences.some(({ why }) => why === 'not-spoken-of');
  if (!isWaiting || counted !== null || sockets !== null) return null;
  const page = `/fleet/${encodeURIComponent(String(station.values['identity']))}#configuration`;
  return html`<p class="hint"><a href="${page}">${t('points-told.read-keys')}</a></p>`;
}

function proposal(c: PageContext, known: Compared, { isChanged }: { readonly isChanged: boolean }): Promise<Response> {
  const { t } = c.var;
  const { station, points, told, changes } = known;
  const path = stationPath(station.id);
  const differences = differencesOf(points, told);
  const placed = new Set(changes.flatMap(connectorIn));
  const left = differences
    .flatMap((one) => (one.why === 'not-declared' ? one.connectorIds : []))
    .filter((id) => !placed.has(id));
  const body = html`<div class="form-page">
    <a class="back" href="${path}#points">${icon('arrow-left')}${String(station.values['name'])}</a>
    <h1>${t('points-told.title')}</h1>
    ${isChanged && html`<p class="notice warn" role="alert">${icon('triangle-alert')}${t('points-told.changed')}</p>`}
    ${differences.length > 0 && said(t, differences)}
    <section class="panel">
      <h2>${t('points-told.would')}</h2>
      ${
        changes.length === 0
          ? html`<p class="muted">${t('points-told.nothing')}</p>`
          : html`<ul class="proposed">
                ${changes.map((one) => html`<li>${changeText(t, one)}</li>`)}
              </ul>
              <p class="hint">${t('points-told.hint')}</p>`
      }
      ${left.length > 0 && html`<p class="hint">${t('points-told.left', left)}</p>`}
    </section>
    <form method="post" action="${path}/points-told" class="form-actions">
      <input type="hidden" name="seen" value="${JSON.stringify(changes)}" />
      ${changes.length > 0 && html`<button class="button primary">${icon('check')}${t('points-told.save')}</button>`}
      <a class="button quiet" href="${path}#points">${t('form.cancel')}</a>
    </form>
  </div>`;
  return show(c, { title: t('points-told.title'), section: 'office', body }, isChanged ? 409 : 200);
}

/** The connector that has a place by this change. */
function connectorIn(change: PointChange): readonly number[] {
  if (change.type === 'add') return [change.connectorId];
  return change.type === 'connector' ? [change.to] : [];
}

function differenceText(t: Translate, difference: PointDifference): string {
  switch (difference.why) {
    case 'not-counted':
      return t('points-told.not-counted', difference.connectorIds, difference.counted);
    case 'socket-not-declared':
      return t('points-told.socket-not-declared', difference.point, difference.sockets);
    case 'not-declared':
    case 'not-spoken-of':
      return t(`points-told.${difference.why}`, difference.connectorIds);
  }
}

function changeText(t: Translate, change: PointChange): string {
  if (change.type === 'add') return t('points-told.change.add', change.point, change.connectorId);
  const { point, outlet } = change;
  const place = outlet === null ? t('points.point', point) : t('points-told.place', point, outlet);
  if (change.type === 'connector') return t('points-told.change.connector', place, change.from, change.to);
  return t(`points-told.change.${change.type}`, place);
}
