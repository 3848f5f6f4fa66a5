import { html } from 'hono/html';
import { DELETED_AT_ONCE_MAX, type Removed } from '#actors/office/messages.ts';
import { mayCreate } from '#src/domain/office/access.ts';
import { isCustomer } from '#src/domain/office/entities/customer.ts';
import type { WebDeps } from '#web/deps.ts';
import { translated } from '#web/i18n/t.ts';
import { problem } from '#web/pages/problem.ts';
import type { PageContext } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { allFound, lossesOf, removeInBites, SELECTED_MAX, type Losses } from './many-records.ts';
import { postedFields } from './posted.ts';
import { entityOf, listTitle, type Screen } from './screen.ts';
import type { Selections } from './selections.ts';

/**
 * Deletion asks first, by naming what goes with it; more than ten losses ask for a word to be typed (ui rule 27). What
 * is on one page of a list goes all or not at all; more goes in bites, and what could not go is told (LST-08).
 */
export async function removeRecords(
  c: PageContext,
  deps: WebDeps,
  { screen, selections }: { readonly screen: Screen; readonly selections: Selections },
): Promise<Response> {
  const { t, login, nowMs } = c.var;
  const entity = entityOf(screen);
  const posted = await postedFields(c.req.raw);
  if (!mayCreate(login, entity)) return problem(c, 'not-found', 404);
  const field = (name: string): string => posted.get(name)?.at(-1) ?? '';
  const ticket = field('selection');
  const owner = { owner: login.tokenHash, entity: screen.entity };
  const kept = ticket === '' ? null : selections.find(ticket, { ...owner, nowMs });
  if (ticket !== '' && kept === null) return refused(t('delete.again'));
  const isAll = field('all') === '1';
  const ids = kept?.ids ?? (isAll ? await allFound(c, deps, screen, posted) : [...new Set(posted.get('id') ?? [])]);
  if (ids.length === 0) return c.redirect(screen.path, 303);
  if (ids.length > SELECTED_MAX) return refused(t('delete.too-many', SELECTED_MAX));
  const losses = await lossesOf(c, deps, screen, ids);
  const isMany = ids.length > DELETED_AT_ONCE_MAX;
  // Of very many some may have gone meanwhile.
  if (losses.found === 0 || (losses.found < ids.length && !isMany)) return problem(c, 'not-found', 404);

  // CPT-10: the sessions of a customer lose his name, and stay in the sums of their stations.
  const { session = 0, ...records } = losses.counts;
  const [gone, nameless] = isCustomer(entity) ? [records, session] : [losses.counts, 0];
  const lost = losses.found + Object.values(gone).reduce((sum, count) => sum + count, 0);
  const word = t('delete.word');
  const asksWord = lost > LOSSES_BEFORE_TYPING;
  const isSure = field('confirmed') === '1';
  if (!isSure || (asksWord && field('word').trim().toLowerCase() !== word.toLowerCase()))
    return ask(isSure ? t('delete.word.wrong', word) : null);
  if (isMany) {
    // Used up before it begins: a second click finds nothing to do.
    selections.use(ticket);
    const { removed, left } = await removeInBites(c, deps, screen, ids);
    return c.redirect(`${screen.path}?deleted=${removed}${left > 0 ? `&left=${left}` : ''}`, 303);
  }
  const removed = await deps.actors.office(login).ask<Removed>((replyTo) => ({
    type: 'delete',
    entity: screen.entity,
    ids,
    deletionIds: ids.map(() => deps.newId()),
    batchId: null,
    atMs: nowMs,
    replyTo,
  }));
  if (removed.ok) return c.redirect(`${screen.path}?deleted=${removed.count}`, 303);
  if (removed.why === 'not-found') return problem(c, 'not-found', 404);
  return ask(translated(t, `delete.${removed.why}.${screen.entity}`) ?? t(`delete.${removed.why}`));

  function ask(refusal: string | null): Promise<Response> {
    const id = ticket === '' ? deps.newId() : ticket;
    if (isMany && ticket === '') selections.put(id, { ...owner, ids }, nowMs);
    const hidden = isMany ? [['selection', id] as const] : ids.map((one) => ['id', one] as const);
    const form = html`<form method="post" action="${screen.path}/delete" class="form-actions">
      ${[...hidden, ['confirmed', '1'] as const].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      ${asksWord && html`<label class="field" for="f-word">${t('delete.type', word)}<input id="f-word" name="word" autocomplete="off" /></label>`}
      <button class="button danger">${t('delete.submit', lost)}</button>
      <a class="button quiet" href="${screen.path}">${t('form.cancel')}</a>
    </form>`;
    const panel = html`${lossesView(c, { losses, gone, nameless, isMany })}${form}`;
    return page(t('delete.title', losses.found), { refusal, panel, status: refusal === null ? 200 : 422 });
  }

  function refused(refusal: string): Promise<Response> {
    return page(t('delete.title', 2), { refusal, panel: null, status: 422 });
  }

  function page(
    title: string,
    of: { readonly refusal: string | null; readonly panel: Html | null; readonly status: 200 | 422 },
  ): Promise<Response> {
    const body = html`<div class="form-page">
      <a class="back" href="${screen.path}">${icon('arrow-left')}${listTitle(t, screen)}</a>
      <h1>${title}</h1>
      ${of.refusal !== null && html`<p class="notice bad" role="alert">${icon('triangle-alert')}${of.refusal}</p>`}
      ${of.panel}
    </div>`;
    return show(c, { title, section: 'office', body }, of.status);
  }
}

/** Up to here a click is enough. */
const LOSSES_BEFORE_TYPING = 10;

function lossesView(
  c: PageContext,
  of: {
    readonly losses: Losses;
    readonly gone: Readonly<Record<string, number>>;
    readonly nameless: number;
    readonly isMany: boolean;
  },
): Html {
  const { t } = c.var;
  const { losses, gone, nameless } = of;
  const also = Object.entries(gone).map(([name, count]) => `${whole(t, count)} ${t(`plural.${name as 'station'}`)}`);
  const unnamed = losses.found - losses.labels.length;
  return html`<section class="panel">
    <ul class="lost">
      ${losses.labels.map((label) => html`<li>${label}</li>`)}
    </ul>
    ${unnamed > 0 && html`<p class="others">${t('delete.others', whole(t, unnamed), unnamed)}</p>`}
    ${also.length > 0 && html`<p class="warning">${t('delete.also', also.join(', '))}</p>`}
    ${nameless > 0 && html`<p class="warning">${t('delete.sessions-of-customer', whole(t, nameless), nameless)}</p>`}
    ${of.isMany && html`<p class="hint">${t('delete.in-bites')}</p>`}
    <p class="hint">${t('delete.bin')} ${gone['session'] !== undefined && t('delete.purged')}</p>
  </section>`;
}
