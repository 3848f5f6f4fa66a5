import { html } from 'hono/html';
import type { Recharge } from '#actors/recharge/messages.ts';
import { mayDeleteRecharges } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { inBites } from '#web/screens/many-records.ts';
import { postedFields } from '#web/screens/posted.ts';
import { PAGE_SIZES } from '#web/screens/query.ts';
import type { PageContext } from '#web/views/env.ts';
import { dateTime, energy, whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';
import { RECHARGES_PATH } from './recharge-query.ts';

/** A page of the list. */
const SELECTED_MAX = Math.max(...PAGE_SIZES);
/** Up to here a click is enough, as for records. */
const LOSSES_BEFORE_TYPING = 10;
const NAMED_MAX = 8;

/**
 * SUB-02: an administrator deletes recharges that he has ticked, once he has said that he is sure. They are in the bin
 * for thirty days, and the sums of the list are without them at once; balances do not move.
 */
export async function removeRecharges(c: PageContext, deps: WebDeps): Promise<Response> {
  const { t, login, nowMs } = c.var;
  if (!mayDeleteRecharges(login)) return problem(c, 'not-found', 404);
  const recharges = deps.actors.recharges(login);
  const posted = await postedFields(c.req.raw);
  const ids = [...new Set((posted.get('id') ?? []).map(Number))].slice(0, SELECTED_MAX);
  if (ids.length === 0) return c.redirect(RECHARGES_PATH, 303);
  const found: Recharge[] = [];
  for (const transactionId of ids) {
    if (!Number.isSafeInteger(transactionId)) return problem(c, 'not-found', 404);
    const row = await recharges.ask<Recharge | null>((replyTo) => ({ type: 'find', transactionId, replyTo }));
    if (row === null) return problem(c, 'not-found', 404);
    found.push(row);
  }
  const word = t('delete.word');
  const asksWord = found.length > LOSSES_BEFORE_TYPING;
  const isSure = posted.get('confirmed')?.at(-1) === '1';
  const isTyped = posted.get('word')?.at(-1)?.trim().toLowerCase() === word.toLowerCase();
  if (!isSure || (asksWord && !isTyped)) {
    const body = question(c, found, { asksWord, refusal: isSure ? t('delete.word.wrong', word) : null });
    const title = t('recharges.delete.title', found.length, whole(t, found.length));
    return show(c, { title, section: 'office', body }, isSure ? 422 : 200);
  }
  const batchId = deps.newId();
  let removed = 0;
  for (const transactionIds of inBites(ids.map(String))) {
    removed += await recharges.ask<number>((replyTo) => ({
      type: 'delete',
      transactionIds: transactionIds.map(Number),
      deletionIds: transactionIds.map(() => deps.newId()),
      batchId,
      atMs: nowMs,
      replyTo,
    }));
  }
  const left = ids.length - removed;
  return c.redirect(`${RECHARGES_PATH}?deleted=${removed}${left > 0 ? `&left=${left}` : ''}`, 303);
}

/** What came of it, above the list. */
export function deletedNotice(c: PageContext): Html | null {
  const { t } = c.var;
  const [deleted, left] = ['deleted', 'left'].map((name) => Number(c.req.query(name) ?? 0) || 0);
  if (!deleted && !left) return null;
  return html`${
    !!deleted &&
    html`<p class="notice good" role="status">
      ${icon('circle-check')}${t('recharges.deleted', deleted, whole(t, deleted))}
      <a href="/bin" hx-boost="false">${t('list.bin')}</a>
    </p>`
  }
  ${!!left && html`<p class="notice warn" role="status">${icon('triangle-alert')}${t('recharges.left', left, whole(t, left))}</p>`}`;
}

function question(
  c: PageContext,
  found: readonly Recharge[],
  { asksWord, refusal }: { readonly asksWord: boolean; readonly refusal: string | null },
): Html {
  const { t } = c.var;
  const word = t('delete.word');
  const unnamed = found.length - NAMED_MAX;
  const energyWh = found.reduce((sum, row) => sum + row.energyWh, 0);
  return html`<div class="form-page">
    <a class="back" href="${RECHARGES_PATH}">${icon('arrow-left')}${t('recharges.title')}</a>
    <h1>${t('recharges.delete.title', found.length, whole(t, found.length))}</h1>
    ${refusal !== null && html`<p class="notice bad" role="alert">${icon('triangle-alert')}${refusal}</p>`}
    <section class="panel">
      <ul class="lost">
        ${found
          .slice(0, NAMED_MAX)
          .map(
            ({ stationName, startedAtMs, driver, idTag, energyWh: own }) =>
              html`<li>
                ${stationName ?? t('recharges.no-station')} · ${dateTime(t, startedAtMs)} · ${driver ?? idTag} ·
                ${energy(t, own)}
              </li>`,
          )}
      </ul>
      ${unnamed > 0 && html`<p class="others">${t('delete.others', whole(t, unnamed), unnamed)}</p>`}
      <p class="warning">${t('recharges.delete.sums', energy(t, energyWh))}</p>
      <p class="hint">${t('recharges.delete.stay')}</p>
      <p class="hint">${t('delete.bin')}</p>
    </section>
    <form method="post" action="${RECHARGES_PATH}/delete" class="form-actions">
      ${found.map(({ transactionId }) => html`<input type="hidden" name="id" value="${transactionId}" />`)}<input
        type="hidden"
        name="confirmed"
        value="1"
      />
      ${asksWord && html`<label class="field" for="f-word">${t('delete.type', word)}<input id="f-word" name="word" autocomplete="off" /></label>`}
      <button class="button danger">${t('recharges.delete.submit', found.length, whole(t, found.length))}</button>
      <a class="button quiet" href="${RECHARGES_PATH}">${t('form.cancel')}</a>
    </form>
  </div>`;
}
