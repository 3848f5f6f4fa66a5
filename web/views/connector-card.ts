import { html } from 'hono/html';
import type { ConnectorView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { elapsed, faultWords, sessionOwner, statusIcon, statusTone, statusWord } from './badge.ts';
import { commandsAbout, type ChargePointFacts } from './charge-point-facts.ts';
import { askStatusForm, commandControl, connectorForms } from './command-form.ts';
import { latestCommand } from './command-progress.ts';
import { energy, power, timeOfDay, whole } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import { absentNote, canCall } from './waiting.ts';

/** The connectors as on the box, left to right; before any of them was heard of, what to do next. */
export function connectorCards(t: Translate, facts: ChargePointFacts): Html {
  const { view } = facts;
  return html`<div id="cp-connectors" class="cards">
    ${!view.statusTold && nothingTold(t, facts)}${view.connectors.map((connector) => card(t, facts, connector))}
  </div>`;
}

function nothingTold(t: Translate, { view, mayCommand }: ChargePointFacts): Html {
  const isThere = canCall(view);
  return html`<section class="untold">
    ${icon('circle-dashed')}
    <div>
      <p><strong>${t('state.untold')}</strong></p>
      <p class="muted">${isThere ? t('box.untold.linked') : t('box.untold.unlinked')}</p>
      ${isThere && mayCommand && commandControl(t, view.chargePointId, askStatusForm(t))}
    </div>
  </section>`;
}

function card(t: Translate, facts: ChargePointFacts, connector: ConnectorView): Html {
  const { view, nowMs, mayCommand } = facts;
  const { connectorId } = connector;
  const fault = faultWords(t, connector);
  return html`<article
    id="connector-${connectorId}"
    class="card st-${statusTone(connector)}"
    aria-label="${t('connector.number', connectorId)}"
  >
    <header>
      <h3>${t('connector.number', connectorId)}</h3>
      <span class="badge st-${statusTone(connector)}">${statusIcon(connector.status)}${statusWord(t, connector)}</span
      >${connector.statusAtMs !== null && html`<span class="sub">${elapsed(t, connector.statusAtMs, nowMs)}</span>`}
    </header>
    ${fault && html`<p class="notice bad">${icon('triangle-alert')}${fault}</p>`} ${runningSession(t, connector, nowMs)}
    ${latestCommand(t, { place: connectorId, commands: commandsAbout(facts, connectorId), nowMs })}
    ${
      mayCommand &&
      html`<div class="actions">
        ${connectorForms(t, view, connectorId).map((form) => commandControl(t, view.chargePointId, form))}
        ${absentNote(t, view)}
      </div>`
    }
  </article>`;
}

function runningSession(t: Translate, { session }: ConnectorView, nowMs: number): Html {
  if (session === null) return html`<p class="idle">${t('session.none')}</p>`;
  const marks = [
    session.verdict !== 'Accepted' &&
      html`<span class="badge st-out-of-service">${icon('triangle-alert')}${t('session.unauthorised')}</span>`,
    session.freeService && html`<span class="badge">${t('session.free-service')}</span>`,
  ];
  const figure = (label: string, value: Html | string, main = false): Html =>
    html`<div${main && html` class="main"`}><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<dl class="session">
      ${figure(t('session.energy'), energy(t, session.energyWh), true)}${session.powerW !== null && figure(t('session.power'), power(t, session.powerW))}${figure(t('session.duration'), elapsed(t, session.startedAtMs, nowMs))}${session.socPercent !== null && figure(t('session.soc'), `${whole(t, session.socPercent)}\u00a0%`)}
    </dl>
    <p class="owner">
      ${icon('user')}<span
        >${sessionOwner(session)}${session.driver !== null && html` <code>${session.idTag}</code>`} ·
        ${t('session.since', timeOfDay(t, session.startedAtMs))}</span
      >${marks}
    </p>`;
}
