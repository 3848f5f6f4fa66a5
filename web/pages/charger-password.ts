import { Hono } from 'hono';
import { html } from 'hono/html';
import type { ChargePointDetail } from '#actors/charge-point/messages.ts';
import { fieldsFor } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import { chargerCertificates } from '#web/views/charger-certificates.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dateTime } from '#web/views/format.ts';
import { when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { problem } from './problem.ts';
import { sendCommand } from './send-command.ts';

/** The password of a station's charger (field-26): set, renewed or taken off; never shown. */
export async function chargerPasswordPanel(c: PageContext, deps: WebDeps, record: RecordRow): Promise<Html | null> {
  const { t, login } = c.var;
  const { identity, ocppVersion, protocol } = record.values;
  // Over SOAP a charger has no password, and a kit has a key of its own.
  if (typeof identity !== 'string' || protocol !== 'ocpp' || ocppVersion !== '1.6-json') return null;
  const { seen, changed } = fieldsFor(login, ENTITIES.station, record.values);
  if (!seen.has('identity')) return null;
  const credential = await deps.chargerSecurity.credential(record.id);
  const said = new URL(c.req.url).searchParams.get('password');
  const isLinked = await linked(deps, c, identity);
  const state =
    credential === null
      ? html`<p class="notice warn">${icon('shield-off')}${t('credential.none')}</p>`
      : html`<p class="notice good">
            ${icon('shield-check')}${t('credential.set', credential.setBy, dateTime(t, credential.setAtMs))}
          </p>
          ${credential.isChanging && html`<p class="notice">${icon('hourglass')}${t('credential.changing')}</p>`}`;
  const done = said === 'saved' || said === 'cleared' || said === 'revoked' ? t(`credential.${said}`) : null;
  const mayChange = changed.has('identity');
  const certificates = chargerCertificates(t, await deps.chargerSecurity.certificates(record.id), {
    action: actionOf(record),
    mayRevoke: mayChange,
    nowMs: c.var.nowMs,
  });
  return html`<details id="charger-password" class="panel fold" ${when(said !== null, 'open')}>
    <summary><h2>${t('credential.title')}</h2></summary>
    <p class="hint">${t('credential.hint')}</p>
    ${done !== null && html`<p class="notice good" role="status">${icon('circle-check')}${done}</p>`} ${state}
    ${mayChange && forms(c, { record, isSet: credential !== null, isLinked, isWrong: said === 'wrong' })}
    ${certificates}
  </details>`;
}

function actionOf({ id }: RecordRow): string {
  return `/stations/${encodeURIComponent(id)}/charger-password`;
}

type Forms = {
  readonly record: RecordRow;
  readonly isSet: boolean;
  readonly isLinked: boolean;
  readonly isWrong: boolean;
};

function forms(c: PageContext, { record, isSet, isLinked, isWrong }: Forms): Html {
  const { t } = c.var;
  const action = actionOf(record);
  const described = `${isWrong ? 'charger-key-error ' : ''}charger-key-hint`;
  return html`<form method="post" action="${action}" novalidate>
      <div class="field">
        <label for="charger-key">${t('credential.password')}</label>
        ${isWrong && html`<span id="charger-key-error" class="field-error" role="alert">${icon('octagon-alert')}${t('credential.password.wrong')}</span>`}
        <input
          id="charger-key"
          type="password"
          name="password"
          maxlength="80"
          autocomplete="new-password"
          aria-describedby="${described}"
          ${isWrong && html` aria-invalid="true"`}
        />
        <p class="hint" id="charger-key-hint">${t('credential.password.hint')}</p>
      </div>
      <button class="button primary" name="act" value="set">${t('credential.save')}</button>
    </form>
    <form method="post" action="${action}" class="credential-acts">
      <button
        class="button"
        name="act"
        value="rotate"
        ${when(!isLinked, 'disabled')}${!isLinked && html` aria-describedby="rotate-why"`}
      >
        ${t('credential.rotate')}
      </button>
      ${isSet && html`<button class="button danger" name="act" value="clear">${t('credential.clear')}</button>`}
      ${!isLinked && html`<p id="rotate-why" class="hint">${t('credential.rotate.offline')}</p>`}
    </form>`;
}

/**
 * Sets it here, has the charger change its own (`ChangeConfiguration AuthorizationKey`), or takes it off; and voids a
 * certificate of the charger.
 */
export function chargerPasswordPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/stations/:id/charger-password', async (c) => {
    const { login } = c.var;
    const stationId = c.req.param('id');
    const record = await deps.actors.office(login).ask<RecordRow | null>((replyTo) => ({
      type: 'find',
      entity: 'station',
      id: stationId,
      replyTo,
    }));
    const mayChange = record !== null && fieldsFor(login, ENTITIES.station, record.values).changed.has('identity');
    if (!mayChange) return problem(c, 'not-found', 404);
    const { act, password = '', fingerprint = '' } = await formFields(c.req.raw);
    const page = `/stations/${encodeURIComponent(stationId)}`;
    const security = deps.chargerSecurity;
    if (act === 'clear') {
      await security.clearPassword(stationId);
      return c.redirect(`${page}?password=cleared#charger-password`, 303);
    }
    if (act === 'revoke') {
      const isDone = await security.revoke({ stationId, fingerprint, by: login.name });
      if (!isDone) return problem(c, 'not-found', 404);
      return c.redirect(`${page}?password=revoked#charger-password`, 303);
    }
    if (act !== 'rotate') {
      const isKey = await security.setPassword({ stationId, typed: password, by: login.name });
      return c.redirect(`${page}?password=${isKey ? 'saved' : 'wrong'}#charger-password`, 303);
    }
    const identity = String(record.values['identity']);
    const chargePoint = deps.actors.chargePoint(identity, login);
    if (chargePoint === null) return problem(c, 'not-found', 404);
    const value = security.newKey();
    const passwordHash = await security.hashOf(value);
    const call = { action: 'ChangeConfiguration', key: 'AuthorizationKey', value } as const;
    await sendCommand(c, chargePoint, {
      commandId: deps.newId(),
      call,
      ...(passwordHash !== null && { passwordHash }),
    });
    return c.redirect(`/fleet/${encodeURIComponent(identity)}#recent`, 303);
  });
}

async function linked(deps: WebDeps, c: PageContext, identity: string): Promise<boolean> {
  const chargePoint = deps.actors.chargePoint(identity, c.var.login);
  if (chargePoint === null) return false;
  const detail = await chargePoint.ask<ChargePointDetail>((replyTo) => ({ type: 'view', replyTo }));
  return detail.linkedSinceMs !== null;
}
