import { Hono } from 'hono';
import { html } from 'hono/html';
import type { CommandView, Forced } from '#actors/charge-point/messages.ts';
import { isSecretKey } from '#src/domain/forced-keys.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFieldsAnd } from '#web/door/form.ts';
import { readBatch, type BatchHub } from '#web/live/batch-hub.ts';
import { BATCH_MAX, batchForms, batchHead, batchTable } from '#web/views/batch.ts';
import { manyForms, waitUntil } from '#web/views/command-form.ts';
import { UNTOUCHED, type CommandName, type FormState } from '#web/views/command-form-spec.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { icon } from '#web/views/icon.ts';
import type { Html } from '#web/views/html.ts';
import { show, type PageStatus } from '#web/views/page.ts';
import { readCommand } from './command-input.ts';

/** The same command to many chargers at once, and one table of what became of it. */
export function batchPages(deps: WebDeps, hub: BatchHub): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .post('/commands/new', async (c) => {
      if (!mayCommand(c.var.login)) return c.notFound();
      const { values } = await formFieldsAnd(c.req.raw, 'id');
      const views = await chosen(deps, c, values);
      return views === null ? tooMany(c) : showForms(c, views, null);
    })
    .post('/commands/:name', async (c) => {
      const { t, login } = c.var;
      if (!mayCommand(login)) return c.notFound();
      const { fields, values } = await formFieldsAnd(c.req.raw, 'id');
      const views = await chosen(deps, c, values);
      if (views === null) return tooMany(c);
      if (views.length === 0) return showForms(c, [], null);
      const form = manyForms(t, views).find(({ name }) => name === c.req.param('name'));
      if (form === undefined) return c.notFound();
      const { name } = form;
      const wrong = (errors: FormState['errors']) =>
        showForms(c, views, { name, state: { ...UNTOUCHED, input: fields, errors } });
      const read = readCommand(t, name, fields, c.var.nowMs);
      if (!read.ok) return wrong(read.errors);
      const isForced = read.call.action === 'ChangeConfiguration' && fields['force'] === 'on';
      if (isForced && isSecretKey(read.call.key)) return wrong({ force: t('key.secret') });
      // One for all would be no secret, and the door of each must know its own.
      if (read.call.action === 'ChangeConfiguration' && isSecretKey(read.call.key))
        return wrong({ key: t('credential.one-by-one') });
      const batchId = await send(deps, c, { views, call: read.call, fields, isForced });
      return c.redirect(`/commands/${encodeURIComponent(batchId)}`, 303);
    })
    .get('/commands/:batch', async (c) => {
      const { t, login } = c.var;
      const batchId = c.req.param('batch');
      const batch = await readBatch(deps.actors, login, batchId);
      const [first] = batch.rows;
      if (first === undefined) return c.notFound();
      const body = html`<div class="narrow batch-page">
        ${back(c)} ${batchHead(t, first.command)} ${batchTable(t, batch)}
        <div
          class="live"
          hx-sse:connect="/commands/${encodeURIComponent(batchId)}/live"
          hx-swap="none"
          hx-trigger="load, app:retry"
          hidden
        ></div>
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

/** Those of these that he finds, in the order of the fleet page; null when they are more than one command goes to. */
async function chosen(
  deps: WebDeps,
  c: PageContext,
  ids: readonly string[],
): Promise<readonly ChargePointView[] | null> {
  const chargePointIds = [...new Set(ids)];
  if (chargePointIds.length > BATCH_MAX) return null;
  return deps.actors
    .fleet(c.var.login)
    .ask<readonly ChargePointView[]>((replyTo) => ({ type: 'find-all', chargePointIds, replyTo }));
}

/** Every charger is asked at once; one that fails to answer has its row as soon as it does. */
async function send(
  deps: WebDeps,
  c: PageContext,
  of: {
    readonly views: readonly ChargePointView[];
    readonly call: CallToChargePoint;
    readonly fields: Readonly<Record<string, string>>;
    readonly isForced: boolean;
  },
): Promise<string> {
  const { login, nowMs: atMs } = c.var;
  const batchId = deps.newId();
  const { call } = of;
  const expiresAtMs = waitUntil(of.fields, atMs);
  await Promise.allSettled(
    of.views.map(async ({ chargePointId }) => {
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      if (chargePoint === null) return;
      const { name: by } = login;
      if (of.isForced && call.action === 'ChangeConfiguration')
        await chargePoint.ask<Forced>((replyTo) => {
          return { type: 'force-key', key: call.key, value: call.value, send: false, by, atMs, replyTo };
        });
      await chargePoint.ask<CommandView>((replyTo) => ({
        type: 'command',
        commandId: deps.newId(),
        call,
        requestedBy: by,
        batchId,
        ...(expiresAtMs !== null && { expiresAtMs }),
        atMs,
        replyTo,
      }));
    }),
  );
  return batchId;
}

function showForms(
  c: PageContext,
  views: readonly ChargePointView[],
  wrong: { readonly name: CommandName; readonly state: FormState } | null,
): Promise<Response> {
  const { t } = c.var;
  if (views.length === 0) return notice(c, t('batch.none'), 422);
  const title = `${wrong === null ? '' : `${t('form.error-title')} `}${t('batch.title')}`;
  return page(c, title, batchForms(t, views, wrong), wrong === null ? 200 : 422);
}

function tooMany(c: PageContext): Promise<Response> {
  return notice(c, c.var.t('batch.too-many', BATCH_MAX), 422);
}

function notice(c: PageContext, sentence: string, status: PageStatus): Promise<Response> {
  const { t } = c.var;
  const title = `${t('form.error-title')} ${t('batch.title')}`;
  return page(c, title, html`<p class="notice warn" role="alert">${icon('triangle-alert')}${sentence}</p>`, status);
}

function page(c: PageContext, title: string, body: Html, status: PageStatus): Promise<Response> {
  const whole = html`<div class="narrow batch-page">
    ${back(c)}
    <h1>${c.var.t('batch.title')}</h1>
    ${body}
  </div>`;
  return show(c, { title, section: 'fleet', body: whole }, status);
}

function back(c: PageContext): Html {
  return html`<a class="back" href="/fleet">${icon('arrow-left')}${c.var.t('batch.back')}</a>`;
}
