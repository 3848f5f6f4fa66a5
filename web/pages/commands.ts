import { Hono } from 'hono';
import { html } from 'hono/html';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import { connectorOf, commandsAbout } from '#web/views/charge-point-facts.ts';
import { part } from '#web/views/charge-point-parts.ts';
import {
  commandControl,
  commandForm,
  connectorForms,
  formNamed,
  remoteStartTag,
  staleReason,
} from '#web/views/command-form.ts';
import { COMMAND_NAMES, UNTOUCHED } from '#web/views/command-form-spec.ts';
import { latestCommand } from '#web/views/command-progress.ts';
import type { WebEnv } from '#web/views/env.ts';
import { kitForms, kitLanguages } from '#web/views/kit-facts.ts';
import { anchor, partial } from '#web/views/html.ts';
import { wantsFragment } from '#web/views/page.ts';
import { waitUntil } from '#web/views/waiting.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import { chargePointPage } from './charge-point.ts';
import { readCommand } from './command-input.ts';
import { withPasswordHash } from './password-hash.ts';
import { sendCommand } from './send-command.ts';

/** A maintainer's commands (PRC-14..19, field-32). The answer shows the command queued or refused; its way is on the page. */
export function commandPages(deps: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/fleet/:chargePointId/commands/:name', async (c) => {
      const { t, login, nowMs } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const name = COMMAND_NAMES.find((one) => one === c.req.param('name'));
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (name === undefined || chargePoint === null || facts === null || !facts.mayCommand) return c.notFound();

      const typed = await formFields(c.req.raw);
      const tag = name === 'remote-start' && (typed['idTag'] ?? '').trim() === '' ? remoteStartTag(facts.view) : null;
      const input = tag === null ? typed : { ...typed, idTag: tag };
      const connectorId = input['connectorId'] ? Number(input['connectorId']) : null;
      const transactionId = Number(input['transactionId']);
      const refusal = staleReason(t, facts.view, { name, connectorId, transactionId });
      if (refusal !== null) {
        const [current] = connectorForms(t, facts.view, connectorId ?? 1);
        if (current === undefined) return c.notFound();
        const state = { ...UNTOUCHED, refusal };
        if (wantsFragment(c)) return c.html(commandControl(t, chargePointId, current, state), 422);
        const again = commandForm(t, chargePointId, { ...current, again: true }, state);
        return chargePointPage(deps, c, chargePointId, { form: again, title: current.title });
      }

      const key = input['form'];
      const ofKit = kitForms(t, facts).find((one) => one.name === name && one.key === key);
      const form = ofKit ?? formNamed(t, facts.view, name, { connectorId, key, languages: kitLanguages(facts.detail) });
      if (form === null) return c.notFound();
      const read = readCommand(t, name, input, nowMs);
      if (!read.ok) {
        const state = { ...UNTOUCHED, input, errors: read.errors };
        if (wantsFragment(c)) return c.html(commandForm(t, chargePointId, form, state), 422);
        const again = commandForm(t, chargePointId, { ...form, again: true }, state);
        return chargePointPage(deps, c, chargePointId, { form: again, title: form.title });
      }

      const expiresAtMs = waitUntil(input, nowMs);
      const password = await withPasswordHash(deps, read.call);
      const command = await sendCommand(c, chargePoint, {
        commandId: deps.newId(),
        call: read.call,
        ...password,
        expiresAtMs,
      });
      if (!wantsFragment(c)) {
        return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}#${anchor('command', command.commandId)}`, 303);
      }
      const after = (await readFacts(deps.actors, login, chargePointId, nowMs)) ?? facts;
      const place = connectorOf(after, command);
      const latest = latestCommand(t, { place, commands: commandsAbout(after, place), nowMs });
      const parts = [
        partial(`latest-${place ?? 'box'}`, latest, 'outerMorph'),
        partial('cp-recent', part(t, 'cp-recent', after), 'outerMorph'),
      ];
      return c.html(html`${commandForm(t, chargePointId, form, { ...UNTOUCHED, sent: true })}${parts}`);
    })
    .post('/fleet/:chargePointId/commands/:commandId/withdraw', async (c) => {
      const { t, login, nowMs } = c.var;
      const { chargePointId, commandId } = c.req.param();
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      if (chargePoint === null || !mayCommand(login)) return c.notFound();
      const { name: by } = login;
      const command = await chargePoint.ask<CommandView | null>((replyTo) => {
        return { type: 'withdraw', commandId, by, atMs: nowMs, replyTo };
      });
      if (command === null) return c.notFound();
      if (!wantsFragment(c)) return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}#recent`, 303);
      const facts = await readFacts(deps.actors, login, chargePointId, nowMs);
      if (facts === null) return c.notFound();
      return c.html(html`${partial('cp-recent', part(t, 'cp-recent', facts), 'outerMorph')}`);
    });
}
