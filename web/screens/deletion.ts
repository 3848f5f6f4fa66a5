import { html } from 'hono/html';
import { DELETED_AT_ONCE_MAX, type Removed } from '#actors/office/messages.ts';
import { mayCreate } from '#src/domain/office/access.ts';
import { isCustomer } from '#src/domain/office/entities/customer.ts';
import type { WebDeps } from '#web/deps.ts';
import { translated } from '#web/i18n/t.ts';
import { problem } from '#web/pages/problem.ts';
import type { PageContext } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { postedFields } from './posted.ts';
import { entityOf, listTitle, type Screen } from './screen.ts';

/** Deletion asks first, by naming what goes with it; more than ten losses ask for a word to be typed (ui rule 27). */
export async function removeRecords(c: PageContext, deps: WebDeps, screen: Screen): Promise<Response> {
  const { t, login, nowMs } = c.var;
  const entity = entityOf(screen);
  const posted = await postedFields(c.req.raw);
  const ids = [...new Set(posted.get('id') ?? [])];
  if (!mayCreate(login, entity)) return problem(c, 'not-found', 404);
  if (ids.length === 0) return c.redirect(screen.path, 303);
  if (ids.length > DELETED_AT_ONCE_MAX) {
    const body = html`<div class="form-page">
      <a class="back" href="${screen.path}">${icon('arrow-left')}${listTitle(t, screen)}</a>
      <h1>${t('delete.title', ids.length)}</h1>
      <p class="notice bad" role="alert">${icon('triangle-alert')}${t('delete.too-many', DELETED_AT_ONCE_MAX)}</p>
    </div>`;
    return show(c, { title: t('delete.title', ids.length), section: 'office', body }, 422);
  }
  const office = deps.actors.office(login);
  const { labels, counts } = await office.ask<{ labels: readonly string[]; counts: Readonly<Record<string, number>> }>(
    (replyTo) => ({ type: 'dependants', entity: screen.entity, ids, replyTo }),
  );
  if (labels.length < ids.length) return problem(c, 'not-found', 404);
  // CPT-10: the sessions of a customer lose his name, and stay in the sums of their stations.
  const { session = 0, ...records } = counts;
  const [gone, nameless] = isCustomer(entity) ? [records, session] : [counts, 0];
  const losses = labels.length + Object.values(gone).reduce((sum, count) => sum + count, 0);
  const word = t('delete.word');
  const asksWord = losses > LOSSES_BEFORE_TYPING;
  const isSure = posted.get('confirmed')?.at(-1) === '1';
  const typed = posted.get('word')?.at(-1)?.trim().toLowerCase();
  if (isSure && (!asksWord || typed === word.toLowerCase())) {
    const deletionIds = ids.map(() => deps.newId());
    const removed = await office.ask<Removed>((replyTo) => ({
      type: 'delete',
      entity: screen.entity,
      ids,
      deletionIds,
      atMs: nowMs,
      replyTo,
    }));
    if (removed.ok) return c.redirect(`${screen.path}?deleted=${removed.deletions.length}`, 303);
    if (removed.why === 'not-found') return problem(c, 'not-found', 404);
    return ask({ refusal: translated(t, `delete.${removed.why}.${screen.entity}`) ?? t(`delete.${removed.why}`) }, 422);
  }
  return ask({ refusal: isSure ? t('delete.word.wrong', word) : null }, isSure ? 422 : 200);

  function ask({ refusal }: { refusal: string | null }, status: 200 | 422): Promise<Response> {
    const lost = Object.entries(gone).map(([name, count]) => `${whole(t, count)} ${t(`plural.${name as 'station'}`)}`);
    const body = html`<div class="form-page">
      <a class="back" href="${screen.path}">${icon('arrow-left')}${listTitle(t, screen)}</a>
      <h1>${t('delete.title', labels.length)}</h1>
      ${refusal !== null && html`<p class="notice bad" role="alert">${icon('triangle-alert')}${refusal}</p>`}
      <section class="panel">
        <ul class="lost">
          ${labels.map((label) => html`<li>${label}</li>`)}
        </ul>
        ${lost.length > 0 && html`<p class="warning">${t('delete.also', lost.join(', '))}</p>`}
        ${nameless > 0 && html`<p class="warning">${t('delete.sessions-of-customer', whole(t, nameless), nameless)}</p>`}
        <p class="hint">${t('delete.bin')} ${gone['session'] !== undefined && t('delete.purged')}</p>
      </section>
      <form method="post" action="${screen.path}/delete" class="form-actions">
        ${ids.map((id) => html`<input type="hidden" name="id" value="${id}" />`)}<input
          type="hidden"
          name="confirmed"
          value="1"
        />
        ${asksWord && html`<label class="field" for="f-word">${t('delete.type', word)}<input id="f-word" name="word" autocomplete="off" /></label>`}
        <button class="button danger">${t('delete.submit', losses)}</button>
        <a class="button quiet" href="${screen.path}">${t('form.cancel')}</a>
      </form>
    </div>`;
    return show(c, { title: t('delete.title', labels.length), section: 'office', body }, status);
  }
}

/** Up to here a click is enough. */
const LOSSES_BEFORE_TYPING = 10;
