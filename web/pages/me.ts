import { Hono } from 'hono';
import { html } from 'hono/html';
import { OWN_CUSTOMER_FIELDS } from '#actors/office/own-customer.ts';
import type { Saved } from '#actors/office/messages.ts';
import type { CustomerLevel } from '#src/domain/office/account.ts';
import { badgesOf } from '#src/domain/office/badges.ts';
import { readForm, type RecordRow } from '#src/domain/office/entity.ts';
import type { Door } from '#web/door/door.ts';
import { ownCustomerScreen } from '#web/screens/customer.ts';
import { formView, typedOf, type FormPage } from '#web/screens/form.ts';
import { postedFields } from '#web/screens/posted.ts';
import { fieldsOf, formPath, type Screen } from '#web/screens/screen.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { current, type Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { problem } from './problem.ts';

type Drawn = Pick<FormPage, 'record' | 'version' | 'typed'> & Partial<Pick<FormPage, 'faults' | 'notice'>>;
const CHANGED: ReadonlySet<string> = new Set(OWN_CUSTOMER_FIELDS);
const SEEN: ReadonlySet<string> = new Set(ownCustomerScreen.tabs.flatMap(({ fields }) => fields));

/** « Mes informations personnelles » (CLI-06): of each customer whose login this is (CLI-15). */
export function mePages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/me', async (c) => {
      const first = firstOf(await levelsOf(c, door));
      return first === null
        ? problem(c, 'not-found', 404)
        : c.redirect(`/me/${encodeURIComponent(first.customerId)}`, 303);
    })
    .get('/me/join/:token', async (c) => {
      const { t, login, nowMs } = c.var;
      const token = c.req.param('token');
      const found = login.userId === null ? null : await door.accounts.invited(token, login.userId, nowMs);
      if (found === null) return problem(c, 'not-found', 404);
      const text = t('me.join.text', found.name, found.merchant ?? t('access.public-customer'));
      const body = html`<div class="form-page">
        <h1>${t('me.join.title')}</h1>
        <form method="post" action="/me/join/${encodeURIComponent(token)}" class="panel access-panel">
          <p>${text}</p>
          <button class="button primary">${icon('link-2')}${t('me.join.submit')}</button>
        </form>
      </div>`;
      return show(c, { title: t('me.join.title'), section: 'account', body });
    })
    .post('/me/join/:token', async (c) => {
      const { login, nowMs } = c.var;
      const { userId } = login;
      const doer = { by: login.name, atMs: nowMs };
      const joined =
        userId === null ? null : await door.accounts.joinCustomer({ token: c.req.param('token'), userId }, doer);
      return joined === null ? problem(c, 'not-found', 404) : c.redirect('/access', 303);
    })
    .get('/me/:id', async (c) => {
      const record = await find(c, door, c.req.param('id'));
      if (record === null) return problem(c, 'not-found', 404);
      const typed = typedOf(ownCustomerScreen, record.values, c.var.t.language);
      const notice = c.req.query('saved') === undefined ? null : ({ kind: 'saved' } as const);
      return draw(c, door, { record, version: record.version, typed, notice });
    })
    .post('/me/:id', async (c) => {
      const record = await find(c, door, c.req.param('id'));
      const { userId, nowMs } = { ...c.var.login, nowMs: c.var.nowMs };
      if (record === null || userId === null) return problem(c, 'not-found', 404);
      const posted = await postedFields(c.req.raw);
      const version = Number(posted.get('version')?.at(-1) ?? 0);
      const held = typedOf(ownCustomerScreen, record.values, c.var.t.language);
      const typed = new Map([
        ...[...held].filter(([name]) => !CHANGED.has(name)),
        ...[...posted].filter(([name]) => CHANGED.has(name)),
      ]);
      const drawn = { record, version, typed };
      const read = readForm(fieldsOf(ownCustomerScreen), posted, record.values, CHANGED);
      if (!read.ok) return draw(c, door, { ...drawn, faults: read.faults }, 422);
      const saved = await door.actors.office(c.var.login).ask<Saved>((replyTo) => ({
        type: 'save-own-customer',
        userId,
        id: record.id,
        version,
        values: read.values,
        atMs: nowMs,
        replyTo,
      }));
      if (saved.ok) return c.redirect(`${formPath(ownCustomerScreen, saved.record)}?saved`, 303);
      if (saved.why === 'faults') return draw(c, door, { ...drawn, faults: saved.faults }, 422);
      if (saved.why !== 'stale') return problem(c, 'not-found', 404);
      const { changedBy: by, changedAtMs: atMs } = saved.record;
      const notice = { kind: 'stale', by, atMs, fields: [] } as const;
      return draw(c, door, { ...drawn, record: saved.record, version: saved.record.version, notice }, 409);
    });
}

/** CLI-07: as a public customer where he is one, else as that of the first merchant. */
function firstOf(levels: readonly CustomerLevel[]): CustomerLevel | null {
  return levels.find(({ merchant }) => merchant === null) ?? levels[0] ?? null;
}

async function levelsOf(c: PageContext, door: Door): Promise<readonly CustomerLevel[]> {
  const { userId } = c.var.login;
  return userId === null ? [] : door.accounts.customersOf(userId);
}

async function find(c: PageContext, door: Door, id: string): Promise<RecordRow | null> {
  const { login } = c.var;
  const { userId } = login;
  // One of a merchant who is served no more is not there either.
  if (userId === null || !(await levelsOf(c, door)).some(({ customerId }) => customerId === id)) return null;
  return door.actors.office(login).ask<RecordRow | null>((replyTo) => ({ type: 'own-customer', userId, id, replyTo }));
}

async function draw(c: PageContext, door: Door, drawn: Drawn, status: 200 | 409 | 422 = 200): Promise<Response> {
  const { t, login, nowMs } = c.var;
  const form: FormPage = {
    screen: withOwnBadges(drawn.record),
    viewer: login,
    inactive: false,
    faults: {},
    notice: null,
    filled: null,
    suggested: {},
    choices: {},
    seen: SEEN,
    changed: CHANGED,
    nowMs,
    back: { href: '/access', text: t('access.title') },
    ...drawn,
  };
  const title = status === 200 ? t('me.title') : `${t('form.error-title')} ${t('me.title')}`;
  const others = switcher(c, await levelsOf(c, door), drawn.record?.id ?? '');
  return show(c, { title, section: 'account', body: html`${others}${formView(t, form)}` }, status);
}

/** Badges are his merchant's to give: places for more say nothing to him. */
function withOwnBadges(record: RecordRow | null): Screen {
  const own = badgesOf(record?.values ?? {}).flatMap(({ field }) => [field.replace('Value', 'Kind'), field]);
  const tabs = ownCustomerScreen.tabs.map((tab) => (tab.name === 'badges' ? { ...tab, fields: own } : tab));
  return { ...ownCustomerScreen, tabs };
}

/** Which of them this is; nothing for who is one customer only. */
function switcher({ var: { t } }: PageContext, levels: readonly CustomerLevel[], here: string): Html | null {
  if (levels.length < 2) return null;
  return html`<nav class="office-nav whose" aria-label="${t('me.title')}">
    ${levels.map(
      ({ customerId, merchant }) =>
        html`<a href="/me/${encodeURIComponent(customerId)}" ${current(customerId === here, 'page')}
          >${merchant ?? t('access.public-customer')}</a
        >`,
    )}
  </nav>`;
}
