import { Hono } from 'hono';
import { html } from 'hono/html';
import type { RoamingCounts, StatusesSent } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import { ROAMING_FIELDS, ROAMING_PARTNERS, type RoamingPartner } from '#src/domain/roaming.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

/** « Envoi statuts » to Girève and EASYCONNECT: of every charger that roams, or of one (PRC-20). */
export function roamingPages(deps: WebDeps): Hono<WebEnv> {
  const send = (c: PageContext, partner: RoamingPartner, stationId: string | null): Promise<StatusesSent | null> =>
    deps.actors.office(c.var.login).ask<StatusesSent | null>((replyTo) => ({
      type: 'send-statuses',
      partner,
      stationId,
      id: deps.newId(),
      atMs: c.var.nowMs,
      replyTo,
    }));
  return new Hono<WebEnv>()
    .get('/roaming', async (c) => {
      const counts = await deps.actors
        .office(c.var.login)
        .ask<RoamingCounts | null>((replyTo) => ({ type: 'roaming-counts', replyTo }));
      if (counts === null) return problem(c, 'not-found', 404);
      return show(c, { title: c.var.t('roaming.title'), section: 'fleet', body: page(c, deps, counts) });
    })
    .post('/roaming/:partner', async (c) => {
      const partner = partnerNamed(c.req.param('partner'));
      const sent = partner === null ? null : await send(c, partner, null);
      if (sent === null) return problem(c, 'not-found', 404);
      return c.redirect(`/roaming?${sent.isUnderWay ? 'sending' : 'sent'}=${sent.count}`, 303);
    })
    .post('/stations/:id/statuses/:partner', async (c) => {
      const stationId = c.req.param('id');
      const partner = partnerNamed(c.req.param('partner'));
      const sent = partner === null ? null : await send(c, partner, stationId);
      if (sent === null) return problem(c, 'not-found', 404);
      return c.redirect(`/stations/${encodeURIComponent(stationId)}?statuses=${sent.count}#statuses`, 303);
    });
}

function partnerNamed(name: string): RoamingPartner | null {
  return ROAMING_PARTNERS.find((one) => one === name) ?? null;
}

function page(c: PageContext, { post }: Pick<WebDeps, 'post'>, counts: RoamingCounts): Html {
  const { t } = c.var;
  return html`<div class="narrow">
    <a class="back" href="/fleet">${icon('arrow-left')}${t('box.back')}</a>
    <h1>${t('roaming.title')}</h1>
    <p class="muted">${t('roaming.intro')}</p>
    ${said(c, 'sent') || said(c, 'sending')}
    ${ROAMING_PARTNERS.map(
      (partner) =>
        html`<section class="panel">
          <h2>${t(`journal.type.${partner}`)}</h2>
          <p>${t('roaming.stations', counts[partner], whole(t, counts[partner]))}</p>
          ${!post.transports.has(partner) && html`<p class="notice">${icon('info')}${t(`outbox.no-${partner}`)}</p>`}
          <form method="post" action="/roaming/${partner}">
            <button class="button" ${when(counts[partner] === 0, 'disabled')}>
              ${icon('send')}${t(`roaming.send.${partner}`)}
            </button>
          </form>
        </section>`,
    )}
  </div>`;
}

/** Below the form of a station that roams, for whoever may command its charger. */
export function statusesPanel(c: PageContext, station: RecordRow): Html | null {
  const { t, login } = c.var;
  const partners = ROAMING_PARTNERS.filter((partner) => station.values[ROAMING_FIELDS[partner]] === true);
  if (partners.length === 0 || !mayCommand(login)) return null;
  const action = `/stations/${encodeURIComponent(station.id)}/statuses`;
  return html`<section class="panel" id="statuses">
    <h2>${t('roaming.title')}</h2>
    ${said(c, 'statuses')}
    ${partners.map(
      (partner) =>
        html`<form method="post" action="${action}/${partner}">
          <button class="button">${icon('send')}${t(`roaming.send.${partner}`)}</button>
        </form>`,
    )}
  </section>`;
}

/** What the last act came to. */
function said(c: PageContext, name: 'sent' | 'sending' | 'statuses'): Html | false {
  const count = c.req.query(name);
  if (count === undefined || !/^\d{1,7}$/.test(count)) return false;
  const { t } = c.var;
  return html`<p class="notice good" role="status">
    ${icon('circle-check')}${t(name === 'sending' ? 'roaming.sending' : 'roaming.sent', Number(count), whole(t, Number(count)))}
  </p>`;
}
