import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import type { CommandView, Forced } from '#actors/charge-point/messages.ts';
import { foldedKey, FORCED_KEYS_MAX, isSecretKey } from '#src/domain/forced-keys.ts';
import type { WebDeps } from '#web/deps.ts';
import { formFields } from '#web/door/form.ts';
import type { Translate } from '#web/i18n/t.ts';
import { readFacts } from '#web/live/charge-point-hub.ts';
import type { ChargePointFacts } from '#web/views/charge-point-facts.ts';
import { part } from '#web/views/charge-point-parts.ts';
import { keyForm, keyFormOf, type KeyFormState } from '#web/views/configuration-keys.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { partial, when } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show, wantsFragment, type PageStatus } from '#web/views/page.ts';
import { canCall } from '#web/views/waiting.ts';

const KeyInput = z.object({
  key: z.string().trim().min(1, 'form.required').max(50, 'max:50'),
  value: z.string().max(500, 'max:500').default(''),
  force: z.literal('on').optional(),
});
const MAX = { key: 50, value: 500, force: 0 } as const;

/** OCP-19, OCP-20: the form that each key of « Clé de configuration » opens. */
export function keyPages(deps: WebDeps): Hono<WebEnv> {
  const factsOf = async (c: PageContext, chargePointId: string): Promise<ChargePointFacts | null> => {
    const facts = await readFacts(deps.actors, c.var.login, chargePointId, c.var.nowMs);
    return facts?.mayCommand === true ? facts : null;
  };
  return new Hono<WebEnv>()
    .get('/fleet/:chargePointId/keys', async (c) => {
      const facts = await factsOf(c, c.req.param('chargePointId'));
      if (facts === null) return c.notFound();
      return showForm(c, facts, keyFormOf(facts.detail, (c.req.query('key') ?? '').slice(0, MAX.key)));
    })
    .post('/fleet/:chargePointId/keys', async (c) => {
      const { t, login, nowMs } = c.var;
      const chargePointId = c.req.param('chargePointId');
      const chargePoint = deps.actors.chargePoint(chargePointId, login);
      const facts = await factsOf(c, chargePointId);
      if (chargePoint === null || facts === null) return c.notFound();
      const input = await formFields(c.req.raw);
      const typed = { key: input['key'] ?? '', value: input['value'] ?? '', force: input['force'] === 'on' };
      const again = (errors: KeyFormState['errors']) => showForm(c, facts, { ...typed, errors }, 422);
      const read = KeyInput.safeParse(input);
      if (!read.success) return again(sentences(t, read.error));
      const { key, value } = read.data;
      const forced = (asked: string | null) =>
        chargePoint.ask<Forced>((replyTo) => {
          return { type: 'force-key', key, value: asked, send: true, by: login.name, atMs: nowMs, replyTo };
        });
      if (typed.force) {
        if (isSecretKey(key)) return again({ force: t('key.secret') });
        const kept = await forced(value);
        if (!kept.ok)
          return again({ force: kept.why === 'too-many' ? t('key.too-many', FORCED_KEYS_MAX) : t('key.undeclared') });
        return done(c, deps, chargePointId, t('key.kept', key));
      }
      const was = facts.detail.forced.some((one) => one.origin === 'person' && foldedKey(one.key) === foldedKey(key));
      const isThere = canCall(facts.view);
      if (!isThere && !was) return again({ force: t('key.absent') });
      if (was) await forced(null);
      if (isThere)
        await chargePoint.ask<CommandView>((replyTo) => ({
          type: 'command',
          commandId: deps.newId(),
          call: { action: 'ChangeConfiguration', key, value },
          requestedBy: login.name,
          atMs: nowMs,
          replyTo,
        }));
      return done(c, deps, chargePointId, isThere ? t('key.sent', key) : t('key.released', key));
    });
}

function showForm(
  c: PageContext,
  facts: ChargePointFacts,
  state: KeyFormState,
  status: PageStatus = 200,
): Promise<Response> {
  const { t } = c.var;
  const { view } = facts;
  const form = keyForm(t, facts, state);
  const title = `${t('key.title')} · ${view.stationName}`;
  const wrong = status === 422 ? `${t('form.error-title')} ` : '';
  if (wantsFragment(c)) return show(c, { title, section: 'fleet', body: form }, status);
  const body = html`<div class="narrow transfer-page">
    <a class="back" href="/fleet/${encodeURIComponent(view.chargePointId)}#configuration"
      >${icon('arrow-left')}${view.stationName}</a
    >
    <h1>${t('key.title')} <code>${view.chargePointId}</code></h1>
    <section class="panel" id="key-form">${form}</section>
  </div>`;
  return show(c, { title: wrong + title, section: 'fleet', body }, status);
}

/** In place of the form a sentence; the lists say what it comes to. */
async function done(c: PageContext, deps: WebDeps, chargePointId: string, sentence: string): Promise<Response> {
  if (!wantsFragment(c)) return c.redirect(`/fleet/${encodeURIComponent(chargePointId)}#configuration`, 303);
  const facts = await readFacts(deps.actors, c.var.login, chargePointId, c.var.nowMs);
  if (facts === null) return c.notFound();
  const parts = (['cp-configuration', 'cp-recent'] as const).map((id) =>
    partial(id, part(c.var.t, id, facts), 'outerMorph'),
  );
  return c.html(
    html`<p class="key-said" role="status" tabindex="-1" ${when(true, 'autofocus')}>${sentence}</p>
      ${parts}`,
  );
}

function sentences(t: Translate, error: z.ZodError): KeyFormState['errors'] {
  const errors: Partial<Record<keyof typeof MAX, string>> = {};
  for (const { path, message } of error.issues) {
    const name = String(path[0]) as keyof typeof MAX;
    errors[name] ??= message === 'form.required' ? t('form.required') : t('form.too-long', MAX[name]);
  }
  return errors;
}
