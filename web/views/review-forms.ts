import { html } from 'hono/html';
import type { ReviewView } from '#actors/archive/messages.ts';
import { sessionMark } from '#actors/connector/resolve.ts';
import { endedBy, heldFits } from '#actors/connector/stops.ts';
import { plausibleEnergy, possibleWh } from '#src/domain/metering.ts';
import { energyPrice } from '#src/domain/tariff.ts';
import type { HeldStop, SessionRow } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { FormState } from './command-form-spec.ts';
import { dateTime, energy, euros, kilowattHours, register } from './format.ts';
import { anchor, when, type Html } from './html.ts';
import { icon } from './icon.ts';

/** The address of one review: its page, and where a decision is sent. */
export function reviewUrl(key: string): string {
  return `/reviews/${encodeURIComponent(key)}`;
}

/** The answers that a person may give to an open review. */
export function reviewForms(t: Translate, view: ReviewView, state: FormState): Html {
  const { review, session } = view;
  const { key } = review;
  switch (review.kind) {
    case 'implausible-energy':
      return session === null ? html`` : energyForm(t, key, session, state);
    case 'conflicting-stop':
      return session === null ? html`` : stopForms(t, key, session, review.stop);
    case 'unmatched-stop':
      return attachForms(t, view, state);
    case 'duplicate-identity':
      return html`<div class="review-actions">
        ${oneButton(key, { choice: 'seen', text: t('review.seen') })}
        <a class="button quiet" href="/fleet/${encodeURIComponent(review.chargePointId)}/events?level=critical"
          >${t('review.events')}</a
        >
      </div>`;
  }
}

type Sending = { readonly key: string; readonly choice: string; readonly mark?: string; readonly id?: string };

/** A form of its own for each answer, so that a plain browser sends exactly that one. */
function form({ key, choice, mark, id }: Sending, fields: Html): Html {
  return html`<form
    ${id !== undefined && html` id="${id}"`}
    class="review-form"
    method="post"
    action="${reviewUrl(key)}"
    hx-post="${reviewUrl(key)}"
    hx-target="closest article"
    hx-swap="outerHTML"
    hx-disable="find button"
    novalidate
  >
    <input type="hidden" name="choice" value="${choice}" />
    ${mark !== undefined && html`<input type="hidden" name="mark" value="${mark}" />`}${fields}
  </form>`;
}

type Button = { readonly choice: string; readonly text: string; readonly mark?: string; readonly primary?: true };

function oneButton(key: string, { text, primary, ...sending }: Button): Html {
  return form({ key, ...sending }, html`<button class="button${primary && ' primary'}">${text}</button>`);
}

function energyForm(t: Translate, key: string, session: SessionRow, { input, errors }: FormState): Html {
  const id = anchor('energy', key);
  const error = errors['energy'];
  const durationMs = (session.stoppedAtMs ?? session.startedAtMs) - session.startedAtMs;
  const proposed = kilowattHours(
    t,
    Math.min(possibleWh({ durationMs, powerMaxW: session.powerMaxW }), session.energyWh),
  );
  const pays = !session.freeService && session.walletId !== null;
  return form(
    { key, choice: 'bill', mark: sessionMark(session) },
    html`${errorSummary(t, `#${id}`, error)}
      <div class="field">
        <label for="${id}">${t('review.energy')}</label>
        <span id="${id}-hint" class="sub">${t('review.energy.hint')}</span>
        ${fieldError(`${id}-error`, error)}
        <span class="review-line"
          ><input
            id="${id}"
            type="text"
            name="energy"
            inputmode="decimal"
            value="${input['energy'] ?? proposed}"
            autocomplete="off"
            maxlength="20"
            aria-describedby="${id}-hint${error !== undefined && ` ${id}-error`}"
            ${error !== undefined && html` aria-invalid="true"`}
          /><button class="button primary">
            ${t(pays ? 'review.energy.submit' : 'review.energy.submit-free')}
          </button></span
        >
      </div>`,
  );
}

/** Both ends side by side, each with its button. */
function stopForms(t: Translate, key: string, session: SessionRow, second: HeldStop | null): Html {
  const mark = sessionMark(session);
  const side = (title: string, figures: Html, button: Html): Html =>
    html`<section class="review-side">
      <h3>${title}</h3>
      ${figures} ${button}
    </section>`;
  const keep = oneButton(key, { choice: 'keep-first', mark, text: t('review.keep-first') });
  const first = side(t('review.first'), endFigures(t, session, session), keep);
  if (second === null) {
    return html`<p class="notice warn">${icon('info')}${t('review.stop.lost')}</p>
      <div class="review-sides">${first}</div>`;
  }
  const ended = { ...session, ...endedBy(session, second) };
  const durationMs = ended.stoppedAtMs - session.startedAtMs;
  const plausible = plausibleEnergy({ energyWh: ended.energyWh, durationMs, powerMaxW: session.powerMaxW });
  const take = oneButton(key, { choice: 'take-second', mark, text: t('review.take-second') });
  return html`<div class="review-sides">
    ${first}
    ${side(
      t('review.second'),
      html`${endFigures(t, session, ended)}${!plausible && html`<p class="notice warn">${icon('triangle-alert')}${t('review.second.implausible')}</p>`}`,
      take,
    )}
  </div>`;
}

function endFigures(
  t: Translate,
  session: SessionRow,
  { stoppedAtMs, meterStopWh, energyWh }: Pick<SessionRow, 'stoppedAtMs' | 'meterStopWh' | 'energyWh'>,
): Html {
  const pays = !session.freeService && session.walletId !== null;
  const rows: readonly (readonly [string, string])[] = [
    [t('review.fact.stop'), stoppedAtMs === null ? t('app.none') : dateTime(t, stoppedAtMs)],
    [t('review.fact.register'), meterStopWh === null ? t('app.none') : register(t, meterStopWh)],
    [t('session.energy'), energy(t, energyWh)],
    [
      t('review.fact.price'),
      pays ? euros(t, energyPrice(energyWh, session.energyPriceMillsPerKwh)) : t('review.price.free'),
    ],
  ];
  return html`<dl class="facts">
    ${rows.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function attachForms(t: Translate, { review, choices }: ReviewView, { input, errors }: FormState): Html {
  const { key, stop } = review;
  if (stop === null || choices.length === 0) {
    return html`<p class="notice">${icon('info')}${t(stop === null ? 'review.stop.lost' : 'review.attach.none')}</p>
      ${oneButton(key, { choice: 'set-aside', text: t('review.set-aside') })}`;
  }
  const id = anchor('attach', key);
  const error = errors['transactionId'];
  const attach = form(
    { key, choice: 'attach' },
    html`${errorSummary(t, `#${id}-0`, error)}
      <fieldset class="review-choices" ${error !== undefined && html` aria-describedby="${id}-error"`}>
        <legend>${t('review.attach')}</legend>
        ${fieldError(`${id}-error`, error)}
        ${choices.map((session, index) => {
          const chosen = input['transactionId'] === String(session.transactionId);
          return html`<label
            ><input
              id="${id}-${index}"
              type="radio"
              name="transactionId"
              value="${session.transactionId}"
              ${when(chosen, 'checked')}
            />${attachChoice(t, session, heldFits(stop, session))}</label
          >`;
        })}
      </fieldset>
      <span class="review-actions"
        ><button class="button primary">${t('review.attach.submit')}</button
        ><button class="button" form="${id}-aside">${t('review.set-aside')}</button></span
      >`,
  );
  return html`${attach}${form({ key, choice: 'set-aside', id: `${id}-aside` }, html``)}`;
}

function attachChoice(t: Translate, session: SessionRow, fits: boolean): Html {
  const open = session.closing === 'open';
  const start = t('review.attach.start', dateTime(t, session.startedAtMs), register(t, session.meterStartWh));
  return html`<span
    ><b>${t('connector.number', session.connectorId)}</b> ${session.driver && html`${session.driver} `}<code
      >${session.idTag}</code
    >
    <span class="sub">${start}</span>
    <span class="badge st-${open ? 'charging' : 'out-of-service'}"
      >${t(open ? 'sessions.open' : 'sessions.provisional')}</span
    >${fits && html`<span class="badge st-free" title="${t('review.attach.fits.hint')}">${icon('check')}${t('review.attach.fits')}</span>`}</span
  >`;
}

function errorSummary(t: Translate, href: string, error: string | undefined): Html | null {
  if (error === undefined) return null;
  return html`<div class="errors" role="alert" tabindex="-1" ${when(true, 'autofocus')}>
    <p>${t('form.errors', 1)}</p>
    <ul>
      <li><a href="${href}">${error}</a></li>
    </ul>
  </div>`;
}

function fieldError(id: string, error: string | undefined): Html | null {
  if (error === undefined) return null;
  return html`<span id="${id}" class="field-error">${icon('octagon-alert')}${error}</span>`;
}
