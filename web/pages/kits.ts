import { Hono } from 'hono';
import { html } from 'hono/html';
import type { KitAssignment, KitState } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { may } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { dualList } from '#web/screens/inputs.ts';
import { postedFields } from '#web/screens/posted.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { writtenDay } from '#web/views/format.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** « Affectation des kits Pulse » of an integrator (INT-05, INT-06). */
export function kitPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/kits/assign', async (c) => {
      const modelId = c.req.query('model') ?? null;
      const found = await deps.actors
        .office(c.var.login)
        .ask<KitAssignment | null>((replyTo) => ({ type: 'kit-assignment', modelId, replyTo }));
      if (found === null || (modelId !== null && modelId !== '' && found.model === null))
        return problem(c, 'not-found', 404);
      return show(c, { title: c.var.t('kits.assign'), section: 'office', body: assignment(c, found) });
    })
    .post('/kits/assign', async (c) => {
      const posted = await postedFields(c.req.raw);
      const modelId = posted.get('model')?.at(-1) ?? '';
      const isDone = await deps.actors.office(c.var.login).ask<boolean>((replyTo) => ({
        type: 'assign-kits',
        modelId,
        kitIds: [...new Set(posted.get('kits'))],
        atMs: c.var.nowMs,
        replyTo,
      }));
      if (!isDone) return problem(c, 'not-found', 404);
      return c.redirect(`/kits/assign?model=${encodeURIComponent(modelId)}&saved`, 303);
    });
}

function assignment(c: PageContext, { models, model, free, own }: KitAssignment): Html {
  const { t, login } = c.var;
  const choices = [...own, ...free].map((kit) => ({ id: kit.id, name: kitText(t, kit) }));
  return html`<div class="form-page">
    <a class="back" href="/kits">${icon('arrow-left')}${t('list.kit')}</a>
    <h1>${t('kits.assign')}</h1>
    ${c.req.query('saved') !== undefined && html`<p class="notice good" role="status">${icon('circle-check')}${t('form.saved')}</p>`}
    <p class="hint">${t('kits.assign.hint')}</p>
    ${
      models.length === 0
        ? html`<p class="muted">${t('kits.no-model')} <a href="/models">${t('nav.models')}</a></p>`
        : html`<form class="panel" action="/kits/assign">
            <div class="fields">
              <div class="field">
                <label for="f-model">${t('kits.model')}</label>
                <select id="f-model" name="model">
                  <option value="">${t('form.none-chosen')}</option>
                  ${models.map((one) => html`<option value="${one.id}" ${when(one.id === model?.id, 'selected')}>${modelText(t, one)}</option>`)}
                </select>
              </div>
            </div>
            <p class="link-line"><button class="button">${t('kits.choose')}</button></p>
          </form>`
    }
    ${
      model !== null &&
      html`<form method="post" action="/kits/assign" class="record-form" data-guard="${t('form.unsaved')}">
        <input type="hidden" name="model" value="${model.id}" />
        <section class="panel">
          <div class="fields">
            <fieldset class="field" id="field-kits">
              <legend>${t('kits.of', modelText(t, model))}</legend>
              ${dualList(t, { name: 'kits', typed: own.map(({ id }) => id), choices })}
            </fieldset>
          </div>
        </section>
        ${
          may(login, 'kits', 'modify') &&
          html`<div class="form-actions"><button class="button primary">${t('form.submit')}</button></div>`
        }
      </form>`
    }
  </div>`;
}

/** INT-05: « Série : … ; Hard : … ; Version : … ; Date : … ». */
function kitText(t: Translate, { values }: RecordRow): string {
  const text = (field: string): string => String(values[field] ?? '');
  return t(
    'kits.kit',
    text('serialNumber'),
    text('hardVersion'),
    text('softwareVersion'),
    writtenDay(t, text('softwareDate')),
  );
}

function modelText(t: Translate, { values }: RecordRow): string {
  return t('kits.model.name', String(values['make']), String(values['name']), values['zeReady'] === true);
}

/** LAF-04: said below the form of a station whose kit belongs to no charger. */
export async function kitNotice(c: PageContext, deps: WebDeps, station: RecordRow): Promise<Html | null> {
  const state = await deps.actors
    .office(c.var.login)
    .ask<KitState>((replyTo) => ({ type: 'kit-state', stationId: station.id, replyTo }));
  if (state !== 'card-not-granted') return null;
  return html`<p class="notice warn" role="alert">
    ${icon('triangle-alert')}${c.var.t('kits.unattached', String(station.values['simIccid']))}
  </p>`;
}
