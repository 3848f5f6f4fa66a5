import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Choice, Saved } from '#actors/office/messages.ts';
import { OWN_FIELDS } from '#actors/office/own.ts';
import { ownerIdOf } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { readForm, type Entity, type FaultsByField, type RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { provePassword, troubleOf, type Door } from '#web/door/door.ts';
import { noticeLetter } from '#web/letters/account.ts';
import { endLogins } from '#web/door/logins.ts';
import { signIn } from '#web/door/login.ts';
import { readNewPassword } from '#web/door/new-password.ts';
import { noticeOf, summaryOf, typedOf, type Notice, type Typed } from '#web/screens/form.ts';
import { inputView } from '#web/screens/inputs.ts';
import { postedFields } from '#web/screens/posted.ts';
import { ownScreen } from '#web/screens/user.ts';
import { tabTitle } from '#web/screens/screen.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { dateTime } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { passwordField } from '#web/views/password-fields.ts';
import { loginsPanel } from './account-logins.ts';
import { problem } from './problem.ts';

const USER: Entity = ENTITIES.user;
const OWN = new Set<string>(OWN_FIELDS);

type Drawn = {
  readonly record: RecordRow;
  readonly version: number;
  readonly typed: Typed;
  readonly faults?: FaultsByField;
  readonly notice?: Notice | null;
  /** A sentence under the password that is meant. */
  readonly trouble?: { readonly of: 'old' | 'password'; readonly text: string } | null;
};

/** « Mon compte » (ABO-04, ABO-05). */
export function accountPages(door: Door): Hono<WebEnv> {
  return new Hono<WebEnv>()
    .get('/account', async (c) => {
      const record = await ownRecord(c, door);
      if (record === null) return draw(c, door, null);
      const notice: Notice | null = c.req.query('saved') === undefined ? null : { kind: 'saved' };
      const typed = typedOf(ownScreen, record.values, c.var.t.language);
      return draw(c, door, { record, version: record.version, typed, notice });
    })
    .post('/account', async (c) => {
      const record = await ownRecord(c, door);
      return record === null ? problem(c, 'not-found', 404) : save(c, door, record);
    });
}

async function save(c: PageContext, door: Door, record: RecordRow): Promise<Response> {
  const { t, login, nowMs } = c.var;
  const posted = await postedFields(c.req.raw);
  const text = (name: string): string => posted.get(name)?.at(-1) ?? '';
  const version = Number(text('version'));
  const typed: Typed = new Map([...typedOf(ownScreen, record.values, t.language), ...posted]);
  const drawn: Drawn = { record, version, typed };
  const read = readForm(USER.fields, posted, record.values, OWN);
  if (!read.ok) return draw(c, door, { ...drawn, faults: read.faults }, 422);
  const isNewPassword = text('password') !== '' || text('again') !== '';
  // An address takes over the account: a forgotten password is mailed to it.
  const isGuarded = isNewPassword || read.values['email'] !== record.values['email'];
  if (isGuarded) {
    const proof = await provePassword(c, door, { username: login.name, password: text('old') });
    const wrong = troubleOf(t, proof, t('password.trouble.wrong'));
    if (wrong !== null) return draw(c, door, { ...drawn, trouble: { of: 'old', text: wrong } }, 422);
  }
  const username = String(read.values['username']);
  const before = await door.accounts.recipient(record.id);
  const passwordHash = (await door.accounts.account(login.name, nowMs))?.passwordHash ?? null;
  const fields = { password: text('password'), again: text('again') };
  const chosen = isNewPassword ? await readNewPassword(door, { username, passwordHash }, fields) : null;
  if (chosen !== null && 'trouble' in chosen) {
    const trouble = { of: 'password', text: t(`password.trouble.${chosen.trouble}`) } as const;
    return draw(c, door, { ...drawn, trouble }, 422);
  }
  const saved = await door.actors.office(login).ask<Saved>((replyTo) => ({
    type: 'save-own',
    userId: record.id,
    version,
    values: read.values,
    atMs: nowMs,
    replyTo,
  }));
  if (!saved.ok) return refused(c, door, drawn, saved);
  // To the address before: if it was not he who changed it, he hears of it there.
  const notice = before?.email === read.values['email'] ? null : noticeLetter(door, before, 'address', nowMs);
  if (notice !== null) await door.post.queue(notice);
  if (chosen !== null) {
    const change = { userId: record.id, password: chosen.password, temporary: false };
    await door.accounts.setPassword(change, {
      by: username,
      atMs: nowMs,
      notice: noticeLetter(door, before, 'password', nowMs),
    });
  }
  if (chosen !== null || username !== login.name) await goOn(c, door, username);
  return c.redirect('/account?saved', 303);
}

/** A new password or name ends every login; this browser gets another. */
async function goOn(c: PageContext, door: Door, username: string): Promise<void> {
  const { login, nowMs } = c.var;
  const account = await door.accounts.account(username, nowMs);
  await endLogins(door, { userId: login.userId, username: login.name }, { by: username, nowMs, which: () => true });
  if (account !== null) await signIn(c, door, account);
}

function refused(c: PageContext, door: Door, drawn: Drawn, saved: Saved & { readonly ok: false }): Promise<Response> {
  const { language } = c.var.t;
  switch (saved.why) {
    case 'faults':
      return draw(c, door, { ...drawn, faults: saved.faults }, 422);
    case 'stale': {
      const { record } = saved;
      const theirs = typedOf(ownScreen, record.values, language);
      const fields = OWN_FIELDS.filter((name) => String(drawn.typed.get(name)) !== String(theirs.get(name)));
      const notice: Notice = { kind: 'stale', by: record.changedBy, atMs: record.changedAtMs, fields };
      return draw(c, door, { ...drawn, record, version: record.version, notice }, 409);
    }
    default:
      return problem(c, 'not-found', 404);
  }
}

async function ownRecord(c: PageContext, door: Door): Promise<RecordRow | null> {
  const { login } = c.var;
  const { userId } = login;
  if (userId === null) return null;
  return door.actors.office(login).ask<RecordRow | null>((replyTo) => ({ type: 'own', userId, replyTo }));
}

/** `drawn` null: the operator of the configuration, who has no record. */
async function draw(c: PageContext, door: Door, drawn: Drawn | null, status: 200 | 409 | 422 = 200): Promise<Response> {
  const { t, login } = c.var;
  const factor = await door.secondFactors.of(ownerIdOf(login.userId, login.name));
  const body = html`<div class="form-page">
    <h1>${t('account.title')}</h1>
    ${drawn === null ? operatorCard(c) : await ownForm(c, door, drawn)}
    <section class="panel">
      <h2>${t('factor.title')}</h2>
      <p>${factor === null ? t('factor.off-now') : t('factor.on-since', dateTime(t, factor.sinceMs))}</p>
      <p>
        <a class="button" href="/account/second-factor"
          >${icon('key-round')}${factor === null ? t('factor.turn-on') : t('factor.manage')}</a
        >
      </p>
    </section>
    ${await loginsPanel(c, door)}
  </div>`;
  const title = status === 200 ? t('account.title') : `${t('form.error-title')} ${t('account.title')}`;
  return show(c, { title, section: 'account', body }, status);
}

function operatorCard(c: PageContext): Html {
  const { t, login } = c.var;
  return html`<section class="panel">
    <p><strong>${login.name}</strong></p>
    <p class="hint">${t('account.operator')}</p>
  </section>`;
}

async function ownForm(c: PageContext, door: Door, drawn: Drawn): Promise<Html> {
  const { t } = c.var;
  const { record, faults = {}, notice = null, trouble = null } = drawn;
  const choices = await namesFor(c, door);
  const shown = ownScreen.tabs[1];
  const input = (name: string, open: boolean): Html | null => {
    const field = USER.fields[name];
    if (field === undefined) return null;
    return inputView(t, {
      screen: ownScreen,
      name,
      field,
      typed: drawn.typed.get(name) ?? [],
      fault: faults[name] ?? null,
      choices: choices[name] ?? [],
      open,
      nowMs: c.var.nowMs,
    });
  };
  const error = (of: 'old' | 'password'): string | null => (trouble?.of === of ? trouble.text : null);
  return html`${noticeOf(t, { screen: ownScreen, notice })} ${summaryOf(t, ownScreen, faults)}
    ${
      trouble !== null &&
      html`<div class="errors" tabindex="-1" role="alert" autofocus>
        <p><a href="#field-${trouble.of}">${trouble.text}</a></p>
      </div>`
    }
    <form method="post" action="/account" class="record-form" data-guard="${t('form.unsaved')}" novalidate>
      <p class="hint">${t('form.intro')}</p>
      <input type="hidden" name="version" value="${drawn.version}" />
      <section class="panel">
        <h2>${tabTitle(t, ownScreen, { name: 'general', fields: [] })}</h2>
        <div class="fields">${OWN_FIELDS.map((name) => input(name, true))}</div>
      </section>
      <section class="panel">
        <h2>${t('password.title')}</h2>
        <p class="hint">${t('account.password.hint')}</p>
        <div class="fields">
          ${passwordField(t, 'password', { required: false, error: error('password'), hint: t('password.policy') })}
          ${passwordField(t, 'again', { required: false })}
          ${passwordField(t, 'old', { required: false, error: error('old'), hint: t('account.old.hint') })}
        </div>
      </section>
      ${
        c.var.login.kind !== 'customer' &&
        html`<section class="panel">
          <h2>${t('account.rights')}</h2>
          <div class="fields">
            ${(shown?.fields ?? []).filter((name) => hasSomething(record.values, name)).map((name) => input(name, false))}
          </div>
          <p class="hint">${t('account.rights.hint')}</p>
        </section>`
      }
      <div class="form-actions"><button class="button primary">${t('form.submit')}</button></div>
    </form>`;
}

/** The lists of a restriction that is not his are left out; so is a last day that he has not. */
function hasSomething(values: Values, name: string): boolean {
  if (name === 'lastDay') return values['lastDay'] !== null;
  return (name !== 'companies' && name !== 'stations' && name !== 'customers') || values['restriction'] === name;
}

/** The names of his role, and of what he is restricted to. */
async function namesFor(c: PageContext, door: Door): Promise<Record<string, readonly Choice[]>> {
  const choices: Record<string, readonly Choice[]> = {};
  for (const [name, to] of Object.entries({
    role: 'role',
    companies: 'company',
    stations: 'station',
    customers: 'customer',
  }))
    choices[name] = await door.actors
      .office(c.var.login)
      .ask<readonly Choice[]>((replyTo) => ({ type: 'choices', to, kept: null, replyTo }));
  return choices;
}
