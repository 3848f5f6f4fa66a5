import { Hono } from 'hono';
import { html } from 'hono/html';
import type { CommandView } from '#actors/charge-point/messages.ts';
import { isSecretKey } from '#src/domain/forced-keys.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFieldsAnd } from '#web/door/form.ts';
import { readBatch, type BatchHub } from '#web/live/batch-hub.ts';
import { batchHead, batchTable } from '#web/views/batch.ts';
import type { FormState } from '#web/views/command-form-spec.ts';
import { manyForms } from '#web/views/many-forms.ts';
import { isKit } from '#web/views/message-forms.ts';
import type { WebEnv } from '#web/views/env.ts';
import { liveStream } from '#web/views/live-stream.ts';
import { show } from '#web/views/page.ts';
import { waitUntil } from '#web/views/waiting.ts';
import {
  askedOf,
  back,
  chosen,
  filesAskedOf,
  sendToAll,
  sent,
  showForms,
  softwaresFor,
  tooMany,
  formAgain,
} from './batch-sending.ts';
import { readCommand } from './command-input.ts';
import { firmwareCall, logCall, readFirmware, readLog } from './file-calls.ts';

/** The same command to many chargers at once, and one table of what became of it. */
export function batchPages(deps: WebDeps, hub: BatchHub): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/commands/new', async (c) => {
      if (!mayCommand(c.var.login)) return c.notFound();
      const { values } = await formFieldsAnd(c.req.raw, 'id');
      const views = await chosen(deps, c, values);
      return views === null ? tooMany(c) : showForms(deps, c, views, null);
    })
    .post('/commands/firmware', async (c) => {
      const { nowMs, t } = c.var;
      const asked = await filesAskedOf(deps, c);
      if (!asked.ok) return asked.answer;
      const { fields, views, protocols } = asked;
      const softwares = await softwaresFor(deps, views);
      const read = readFirmware(t, fields, { offered: softwares, protocols, nowMs });
      if (!read.ok) return formAgain(deps, c, asked, { name: 'firmware', errors: read.errors });
      const { wanted } = read;
      const fitting = softwares.find(({ id }) => id === wanted.firmware.id)?.chargePointIds;
      const receivers = views.filter(({ chargePointId }) => fitting?.has(chargePointId));
      const expiresAtMs = waitUntil(fields, nowMs);
      return sent(c, await sendToAll(deps, c, receivers, { ...firmwareCall(wanted, nowMs), expiresAtMs }));
    })
    .post('/commands/logs', async (c) => {
      const { nowMs, t } = c.var;
      const asked = await filesAskedOf(deps, c);
      if (!asked.ok) return asked.answer;
      const { fields, views, protocols } = asked;
      const read = readLog(t, fields, protocols);
      if (!read.ok) return formAgain(deps, c, asked, { name: 'logs', errors: read.errors });
      const expiresAtMs = waitUntil(fields, nowMs);
      return sent(c, await sendToAll(deps, c, views, { ...logCall(read.wanted, nowMs), expiresAtMs }));
    })
    .post('/commands/:name', async (c) => {
      const { t } = c.var;
      const asked = await askedOf(deps, c);
      if (!asked.ok) return asked.answer;
      const { fields, views } = asked;
      const form = manyForms(t, views).find(({ name }) => name === c.req.param('name'));
      if (form === undefined) return c.notFound();
      const { name } = form;
      const again = (errors: FormState['errors']) => formAgain(deps, c, asked, { name, errors });
      if (name === 'change-configuration' && isSecretKey(fields['key'] ?? '')) {
        // One for all would be no secret, and the door of each must know its own.
        return again(fields['force'] === 'on' ? { force: t('key.secret') } : { key: t('credential.one-by-one') });
      }
      const read = readCommand(t, name, fields, c.var.nowMs);
      if (!read.ok) return again(read.errors);
      const { call } = read;
      const forced = call.action === 'ChangeConfiguration' && fields['force'] === 'on' ? call : null;
      const expiresAtMs = waitUntil(fields, c.var.nowMs);
      const receivers = name === 'show-message' ? views.filter(isKit) : views;
      return sent(c, await sendToAll(deps, c, receivers, { call, forced, expiresAtMs }));
    })
    .get('/commands/:batch', async (c) => {
      const { t, login } = c.var;
      const batchId = c.req.param('batch');
      const batch = await readBatch(deps.actors, login, batchId);
      const [first] = batch.rows;
      if (first === undefined) return c.notFound();
      const body = html`<div class="narrow batch-page">
        ${back(c)} ${batchHead(t, first.command)} ${batchTable(t, batch)}
        ${liveStream('batch-live', `/commands/${encodeURIComponent(batchId)}/live`)}
      </div>`;
      return show(c, { title: t('batch.result'), section: 'fleet', body });
    })
    .post('/commands/:batch/withdraw', async (c) => {
      const { login, nowMs: atMs } = c.var;
      const { batchId, rows, mayWithdraw } = await readBatch(deps.actors, login, c.req.param('batch'));
      if (!mayWithdraw || rows.length === 0) return c.notFound();
      const { name: by } = login;
      const waiting = rows.filter(({ command }) => command.phase === 'queued');
      await Promise.allSettled(
        waiting.map(async ({ chargePointId, command: { commandId } }) => {
          const chargePoint = deps.actors.chargePoint(chargePointId, login);
          await chargePoint?.ask<CommandView | null>((replyTo) => ({ type: 'withdraw', commandId, by, atMs, replyTo }));
        }),
      );
      return c.redirect(`/commands/${encodeURIComponent(batchId)}`, 303);
    })
    .get('/commands/:batch/live', async (c) => {
      const { login, t } = c.var;
      const batchId = c.req.param('batch');
      const { rows } = await readBatch(deps.actors, login, batchId);
      return rows.length === 0 ? c.notFound() : hub.join({ login, t, batchId });
    });
}
