import { Hono } from 'hono';
import { html } from 'hono/html';
import type { DropProtocol, FirmwareChoice } from '#src/storage/files-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { whyNot } from '#web/views/command-form.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { bytes, localTimeMs } from '#web/views/format.ts';
import { anchor, when, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { protocolField, protocolOf } from '#web/views/transfer-form.ts';
import { sendCommand } from './send-command.ts';

const ATTEMPTS = 3;
/** Between two attempts of the charger. */
const RETRY_AFTER_S = 120;

/** « Chargement logiciel » (PRC-12, PRC-17): a software of the library, that the charger fetches by a key of its own. */
export function firmwarePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/fleet/:chargePointId/firmware', async (c) => {
      const facts = await readFacts(deps.actors, c.var.login, c.req.param('chargePointId'), c.var.nowMs);
      return facts === null || !facts.mayCommand ? c.notFound() : firmwarePage(deps, c, facts);
    })
    .post('/fleet/:chargePointId/firmware', async (c) => {
      const { login, nowMs, t } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (chargePoint === null || facts === null || !facts.mayCommand) return c.notFound();
      const input = await formFields(c.req.raw);
      const { files } = deps;
      const choices = (await files?.firmwaresFor(madeBy(facts))) ?? [];
      const chosen = choices.find(({ id }) => id === input['firmware']);
      const confirmed = input['confirm'] === 'on';
      if (files === null || chosen === undefined || !confirmed) {
        const error = chosen === undefined ? t('firmware.load.gone') : t('form.confirm');
        return firmwarePage(deps, c, facts, { field: chosen === undefined ? 'firmware' : 'confirm', error });
      }
      const commandId = deps.newId();
      const { calledAs } = facts.detail;
      const protocol = protocolOf(files.protocols, input['protocol']);
      const location = await files.offerFirmware({
        commandId,
        chargePointId,
        firmwareId: chosen.id,
        calledAs,
        protocol,
      });
      if (location === null) return firmwarePage(deps, c, facts, { field: 'firmware', error: t('firmware.load.gone') });
      const atMs = Math.max(localTimeMs(input['when'] ?? '', t.timeZone) ?? nowMs, nowMs);
      const call = {
        action: 'UpdateFirmware',
        location,
        retrieveDate: new Date(atMs).toISOString(),
        retries: ATTEMPTS,
        retryInterval: RETRY_AFTER_S,
      } as const;
      await sendCommand(c, chargePoint, { commandId, call });
      return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}#${anchor('command', commandId)}`, 303);
    });
}

type Wrong = { readonly field: 'firmware' | 'confirm'; readonly error: string };

async function firmwarePage(deps: WebDeps, c: PageContext, facts: ChargePointFacts, wrong?: Wrong): Promise<Response> {
  const { t } = c.var;
  const choices = (await deps.files?.firmwaresFor(madeBy(facts))) ?? [];
  const protocols = deps.files?.protocols ?? [];
  const title = `${t('firmware.load')} · ${facts.view.stationName}`;
  const body = view(t, facts, { choices, protocols, wrong: wrong ?? null, isOff: deps.files === null });
  return show(
    c,
    { title: wrong ? `${t('form.error-title')} ${title}` : title, section: 'fleet', body },
    wrong ? 422 : 200,
  );
}

function madeBy({ view: { vendor, model } }: ChargePointFacts): { make: string | null; model: string | null } {
  return { make: vendor, model };
}

type Shown = {
  readonly choices: readonly FirmwareChoice[];
  readonly protocols: readonly DropProtocol[];
  readonly wrong: Wrong | null;
  readonly isOff: boolean;
};

function view(t: Translate, facts: ChargePointFacts, shown: Shown): Html {
  const { chargePointId, stationName, firmwareVersion, vendor, model } = facts.view;
  const make = [vendor, model].filter(Boolean).join(' ') || chargePointId;
  return html`<div class="narrow transfer-page">
    <a class="back" href="/fleet/${encodeURIComponent(chargePointId)}">${icon('arrow-left')}${stationName}</a>
    <h1>${t('firmware.load')} <code>${chargePointId}</code></h1>
    <section class="panel">
      <p>${t('firmware.load.intro')}</p>
      <p>
        ${t('firmware.load.now')} : <b>${firmwareVersion ?? t('firmware.load.unknown')}</b>
        <span class="sub">${make}</span>
      </p>
      ${
        shown.isOff
          ? html`<p class="notice warn">${icon('triangle-alert')}${t('files.off')}</p>`
          : shown.choices.length === 0
            ? html`<p class="notice">${icon('info')}${t('firmware.load.none', make)}</p>`
            : form(t, facts, shown)
      }
    </section>
  </div>`;
}

function form(t: Translate, facts: ChargePointFacts, { choices, protocols, wrong }: Shown): Html {
  const error = (field: Wrong['field']) =>
    wrong?.field === field &&
    html`<span id="firmware-${field}-error" class="field-error">${icon('octagon-alert')}${wrong.error}</span>`;
  const described = (field: Wrong['field']) =>
    wrong?.field === field && html` aria-invalid="true" aria-describedby="firmware-${field}-error"`;
  return html`${whyNot(t, facts.view, null)}
    <form
      class="command-form grave"
      method="post"
      action="/fleet/${encodeURIComponent(facts.view.chargePointId)}/firmware"
      novalidate
    >
      <div class="field">
        <label for="firmware-which">${t('firmware.load.which')} *</label>${error('firmware')}<select
          id="firmware-which"
          name="firmware"
          ${described('firmware')}
        >
          ${choices.map((one) => html`<option value="${one.id}">${t('firmware.load.option', one.name, one.softwareVersion, one.bytes === null ? t('firmware.load.elsewhere') : bytes(t, one.bytes))}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="firmware-when">${t('firmware.load.when')}</label>
        <input id="firmware-when" type="datetime-local" name="when" aria-describedby="firmware-when-hint" />
        <p class="hint" id="firmware-when-hint">${t('firmware.load.when.hint')}</p>
      </div>
      ${protocolField(t, 'firmware', protocols)}
      <p class="warning">${icon('triangle-alert')}${t('command.trained')}</p>
      <div class="field check">
        ${error('confirm')}<label
          ><input type="checkbox" name="confirm" value="on" ${described('confirm')} /> ${t('command.confirm')}</label
        >
      </div>
      <button
        class="button primary"
        ${when(!facts.view.linked, 'disabled')}${!facts.view.linked && html` aria-describedby="why-box"`}
      >
        ${t('firmware.load.submit')}
      </button>
    </form>`;
}
