import { Hono } from 'hono';
import { html } from 'hono/html';
import type { FirmwareChoice } from '#src/storage/files-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { commandForm } from '#web/views/command-form.ts';
import { UNTOUCHED, type FormState } from '#web/views/command-form-spec.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { anchor } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { isSpoken } from '#web/views/spoken-commands.ts';
import { firmwareForm } from '#web/views/transfer-form.ts';
import { absentNote, waitUntil, whileAbsent } from '#web/views/waiting.ts';
import { firmwareCall, readFirmware } from './file-calls.ts';
import { sendCommand } from './send-command.ts';

/** « Chargement logiciel » (PRC-12, PRC-17): a software of the library, that the charger fetches by a key of its own. */
export function firmwarePages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/fleet/:chargePointId/firmware', async (c) => {
      const facts = await readFacts(deps.actors, c.var.login, c.req.param('chargePointId'), c.var.nowMs);
      if (facts === null || !facts.mayCommand) return c.notFound();
      return firmwarePage(deps, c, facts, { choices: await choicesFor(deps, facts), state: UNTOUCHED });
    })
    .post('/fleet/:chargePointId/firmware', async (c) => {
      const { login, nowMs, t } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (chargePoint === null || facts === null || !facts.mayCommand) return c.notFound();
      const input = await formFields(c.req.raw);
      const { files } = deps;
      const choices = await choicesFor(deps, facts);
      const again = (errors: FormState['errors']) =>
        firmwarePage(deps, c, facts, { choices, state: { ...UNTOUCHED, input, errors } });
      const read = readFirmware(t, input, { offered: choices, protocols: files?.protocols ?? [], nowMs });
      if (!read.ok) return again(read.errors);
      const commandId = deps.newId();
      const expiresAtMs = waitUntil(input, nowMs);
      await sendCommand(c, chargePoint, { commandId, ...firmwareCall(read.wanted, nowMs), expiresAtMs });
      return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}#${anchor('command', commandId)}`, 303);
    });
}

async function choicesFor(deps: WebDeps, { view }: ChargePointFacts): Promise<readonly FirmwareChoice[]> {
  return (await deps.files?.firmwaresFor({ make: view.vendor, model: view.model })) ?? [];
}

async function firmwarePage(
  deps: WebDeps,
  c: PageContext,
  facts: ChargePointFacts,
  { choices, state }: { readonly choices: readonly FirmwareChoice[]; readonly state: FormState },
): Promise<Response> {
  const { t } = c.var;
  const { chargePointId, stationName, firmwareVersion, vendor, model } = facts.view;
  const make = [vendor, model].filter(Boolean).join(' ') || chargePointId;
  const page = `/fleet/${encodeURIComponent(chargePointId)}`;
  const form = firmwareForm(t, {
    choices: choices.map((one) => ({ ...one, fits: null })),
    protocols: deps.files?.protocols ?? [],
    maySign: isSpoken(facts.detail.protocol, 'install-certificate'),
    action: `${page}/firmware`,
    ...whileAbsent(facts.view, 'file'),
  });
  const body = html`<div class="narrow transfer-page">
    <a class="back" href="${page}">${icon('arrow-left')}${stationName}</a>
    <h1>${t('firmware.load')} <code>${chargePointId}</code></h1>
    <section class="panel">
      <p>${t('firmware.load.intro')}</p>
      <p>
        ${t('firmware.load.now')} <b>${firmwareVersion ?? t('firmware.load.unknown')}</b>
        <span class="sub">${make}</span>
      </p>
      ${
        deps.files === null
          ? html`<p class="notice warn">${icon('triangle-alert')}${t('files.off')}</p>`
          : choices.length === 0
            ? html`<p class="notice">${icon('info')}${t('firmware.load.none', make)}</p>`
            : html`${absentNote(t, facts.view)} ${commandForm(t, chargePointId, form, state)}`
      }
    </section>
  </div>`;
  const title = `${t('firmware.load')} · ${stationName}`;
  const isWrong = Object.keys(state.errors).length > 0;
  return show(
    c,
    { title: isWrong ? `${t('form.error-title')} ${title}` : title, section: 'fleet', body },
    isWrong ? 422 : 200,
  );
}
