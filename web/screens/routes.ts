import { Hono } from 'hono';
import { html } from 'hono/html';
import { DELETED_AT_ONCE_MAX, type Choice, type Names, type Removed, type Saved } from '#actors/office/messages.ts';
import { fieldsFor, mayAdd, mayCreate, scopeOf } from '#src/domain/office/access.ts';
import { customFieldsOf } from '#src/domain/office/custom.ts';
import { readForm, type FaultsByField, type RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { sectionsOf } from '#src/domain/office/viewer.ts';
import type { RecordPage } from '#src/storage/office-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { problem } from '#web/pages/problem.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { whole } from '#web/views/format.ts';
import type { Html } from '#web/views/html.ts';
import { icon } from '#web/views/icon.ts';
import { show } from '#web/views/page.ts';
import { exportRecords } from './export.ts';
import { formTitle, formView, typedOf, type FormPage, type Notice, type Typed } from './form.ts';
import { listView } from './list.ts';
import { postedFields } from './posted.ts';
import { listUrl, readListQuery, recordQuery } from './query.ts';
import { entityOf, fieldsOf, listTitle, splitValues, tabsFor, valuesOf, withCustom, type Screen } from './screen.ts';

type Drawn = {
  readonly record: RecordRow | null;
  readonly version: number;
  readonly typed: Typed;
  readonly inactive: boolean;
  readonly faults?: FaultsByField;
  readonly notice?: Notice | null;
};
/** What one screen adds to what all of them do: below its form, and after a new record. */
export type Extras = {
  readonly more?: (c: PageContext, record: RecordRow) => Html | Promise<Html | null> | null;
  /** What follows from a new record, once it is on disk. */
  readonly made?: (c: PageContext, record: RecordRow) => Promise<void>;
};

/** Every route of one declared screen. Who may not see it finds nothing there: 404, like any address that leads nowhere. */
export function screenRoutes(deps: WebDeps, declared: Screen, { more, made }: Extras = {}): Hono<WebEnv> {
  const entity = entityOf(declared);
  const { path } = declared;
  const companyColumns = declared.columns.filter((name) => {
    const field = entity.fields[name];
    return field?.kind === 'ref' && field.to === 'company';
  });
  const office = (c: PageContext) => deps.actors.office(c.var.login);
  const isHis = (c: PageContext): boolean => scopeOf(c.var.login, entity).length > 0;

  /** With what the subscriber of this record, or of a new one, added to the screen. */
  async function screenFor(c: PageContext, id: string | null): Promise<Screen> {
    // Only subscribers add to a screen.
    if (entity.custom === undefined || (id === null && c.var.login.subscriberId === null)) return declared;
    const definitions = await office(c).ask<readonly RecordRow[]>((replyTo) => ({
      type: 'custom-fields',
      entity: declared.entity,
      id,
      replyTo,
    }));
    return withCustom(declared, customFieldsOf(definitions));
  }

  async function choicesFor(c: PageContext, names: Iterable<string>): Promise<Record<string, readonly Choice[]>> {
    const choices: Record<string, readonly Choice[]> = {};
    await Promise.all(
      Array.from(names, async (name) => {
        const field = entity.fields[name];
        if (field?.kind === 'levels') choices[name] = sectionsOf(c.var.login.kind).map((id) => ({ id, name: id }));
        if (field?.kind !== 'ref' && field?.kind !== 'refs') return;
        choices[name] = await office(c).ask<readonly Choice[]>((replyTo) => ({
          type: 'choices',
          to: field.to,
          replyTo,
        }));
      }),
    );
    return choices;
  }

  async function draw(c: PageContext, screen: Screen, drawn: Drawn, status: 200 | 409 | 422 = 200): Promise<Response> {
    const { t, login } = c.var;
    const { seen, changed } = openFields(c, screen);
    const form: FormPage = {
      screen,
      viewer: login,
      faults: {},
      notice: null,
      ...drawn,
      seen,
      changed: drawn.record === null && !mayAdd(login, entity) ? new Set() : changed,
      choices: await choicesFor(c, Object.keys(entity.fields)),
    };
    const below = drawn.record === null ? null : await more?.(c, drawn.record);
    const title = formTitle(t, form);
    return show(
      c,
      {
        title: status === 200 ? title : `${t('form.error-title')} ${title}`,
        section: 'office',
        body: formView(t, below ? { ...form, more: below } : form),
      },
      status,
    );
  }

  async function exported(c: PageContext, format: 'xlsx' | 'csv'): Promise<Response> {
    if (!isHis(c)) return problem(c, 'not-found', 404);
    return exportRecords(c, deps, await screenFor(c, null), format);
  }

  /** What subscribers add to a form is open to whoever may make and delete its records. */
  function openFields(c: PageContext, screen: Screen): ReturnType<typeof fieldsFor> {
    const { seen, changed } = fieldsFor(c.var.login, entity);
    const added = (screen.custom ?? []).map(({ name }) => name);
    const mayChange = mayCreate(c.var.login, entity);
    return { seen: new Set([...seen, ...added]), changed: mayChange ? new Set([...changed, ...added]) : changed };
  }

  /** SOC-12: with several companies it is not known yet whose settings it would take. */
  async function inherited(c: PageContext): Promise<Values> {
    if (declared.inherited === undefined) return {};
    const { company = [] } = await choicesFor(c, ['company']);
    const [only] = company;
    if (only === undefined || company.length > 1) return {};
    const found = await office(c).ask<RecordRow | null>((replyTo) => ({
      type: 'find',
      entity: 'company',
      id: only.id,
      replyTo,
    }));
    if (found === null) return {};
    return Object.fromEntries(declared.inherited.map((name) => [name, found.values[name] ?? null]));
  }

  async function find(c: PageContext, id: string): Promise<RecordRow | null> {
    return office(c).ask<RecordRow | null>((replyTo) => ({ type: 'find', entity: declared.entity, id, replyTo }));
  }

  async function save(c: PageContext, id: string | null): Promise<Response> {
    const { t, login, nowMs } = c.var;
    const posted = await postedFields(c.req.raw);
    const before = id === null ? null : await find(c, id);
    const screen = await screenFor(c, id);
    const { changed } = openFields(c, screen);
    if ((id !== null && before === null) || (id === null && !mayAdd(login, entity)) || changed.size === 0) {
      return problem(c, 'not-found', 404);
    }
    const choices = await choicesFor(c, changed);
    // A tab without its option was not shown: what it holds stays (SUB-03).
    const shown = new Set(
      tabsFor(screen, login)
        .flatMap(({ fields }) => fields)
        .filter((name) => changed.has(name)),
    );
    const [onlyCompany] = choices['company'] ?? [];
    const isHidden = onlyCompany !== undefined && choices['company']?.length === 1;
    if (isHidden && !posted.has('company')) posted.set('company', [onlyCompany.id]);
    const version = Number(posted.get('version')?.at(-1) ?? 0);
    const inactive = posted.get('inactive')?.at(-1) === '1';
    const typed: Drawn = { record: before, version, typed: posted, inactive };
    const read = readForm(fieldsOf(screen), posted, before === null ? null : valuesOf(screen, before), shown);
    if (!read.ok) return draw(c, screen, { ...typed, faults: read.faults }, 422);
    const saved = await office(c).ask<Saved>((replyTo) => ({
      type: 'save',
      entity: declared.entity,
      id,
      newId: deps.newId(),
      version,
      ...splitValues(screen, read.values),
      inactive,
      atMs: nowMs,
      replyTo,
    }));
    if (saved.ok && id === null) await made?.(c, saved.record);
    if (saved.ok) return c.redirect(`${path}/${encodeURIComponent(saved.record.id)}?saved`, 303);
    switch (saved.why) {
      case 'not-found':
        return problem(c, 'not-found', 404);
      case 'faults':
        return draw(c, screen, { ...typed, faults: saved.faults }, 422);
      case 'quota':
        return draw(c, screen, { ...typed, notice: { kind: 'quota', max: saved.max } }, 422);
      case 'stale': {
        const theirs = typedOf(screen, valuesOf(screen, saved.record), t.language);
        const mine = typedOf(screen, read.values, t.language);
        const fields = [...theirs].filter(([name, value]) => shown.has(name) && differs(mine.get(name), value));
        const { changedBy: by, changedAtMs: atMs, version: theirVersion } = saved.record;
        const notice: Notice = { kind: 'stale', by, atMs, fields: fields.map(([name]) => name) };
        return draw(c, screen, { ...typed, record: saved.record, version: theirVersion, notice }, 409);
      }
    }
  }

  return new Hono<WebEnv>()
    .get(path, async (c) => {
      const { t } = c.var;
      const screen = await screenFor(c, null);
      const query = readListQuery(screen, new URL(c.req.url).searchParams);
      // Asked at once: the office answers everybody in turn, and a page should wait for its turn but once.
      const [found, choices] = await Promise.all([
        office(c).ask<(RecordPage & { readonly names: Names }) | null>((replyTo) => ({
          type: 'list',
          entity: declared.entity,
          query: recordQuery(query),
          replyTo,
        })),
        choicesFor(c, new Set([...(screen.filters ?? []), ...companyColumns])),
      ]);
      if (found === null) return problem(c, 'not-found', 404);
      if (c.req.header('HX-Request') !== undefined)
        c.header('HX-Replace-Url', listUrl(screen, query, { page: query.page }));
      const deleted = Number(c.req.query('deleted') ?? 0);
      const listing = {
        screen,
        deleted,
        query,
        found,
        choices,
        mayAdd: mayAdd(c.var.login, entity),
        mayDelete: mayCreate(c.var.login, entity),
      };
      return show(c, { title: listTitle(t, screen), section: 'office', body: listView(t, listing) });
    })
    .get(`${path}.xlsx`, (c) => exported(c, 'xlsx'))
    .get(`${path}.csv`, (c) => exported(c, 'csv'))
    .get(`${path}/new`, async (c) => {
      if (!mayAdd(c.var.login, entity)) return problem(c, 'not-found', 404);
      const fresh = { ...declared.fresh?.(c.var.login, c.var.t), ...(await inherited(c)) };
      const screen = await screenFor(c, null);
      return draw(c, screen, {
        record: null,
        version: 0,
        typed: typedOf(screen, fresh, c.var.t.language),
        inactive: false,
      });
    })
    .post(path, (c) => save(c, null))
    .post(`${path}/delete`, (c) => remove(c, deps, declared))
    .get(`${path}/:id`, async (c) => {
      const record = await find(c, c.req.param('id'));
      if (record === null) return problem(c, 'not-found', 404);
      const screen = await screenFor(c, record.id);
      const typed = typedOf(screen, valuesOf(screen, record), c.var.t.language);
      const notice: Notice | null = c.req.query('saved') === undefined ? null : { kind: 'saved' };
      return draw(c, screen, { record, version: record.version, typed, inactive: record.inactive, notice });
    })
    .post(`${path}/:id`, (c) => save(c, c.req.param('id')));
}

/** Deletion asks first, by naming what goes with it; more than ten losses ask for a word to be typed (ui rule 27). */
async function remove(c: PageContext, deps: WebDeps, screen: Screen): Promise<Response> {
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
  const losses = labels.length + Object.values(counts).reduce((sum, count) => sum + count, 0);
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
    return ask({ refusal: t(`delete.${removed.why}`) }, 422);
  }
  return ask({ refusal: isSure ? t('delete.word.wrong', word) : null }, isSure ? 422 : 200);

  function ask({ refusal }: { refusal: string | null }, status: 200 | 422): Promise<Response> {
    const lost = Object.entries(counts).map(
      ([name, count]) => `${whole(t, count)} ${t(`plural.${name as 'station'}`)}`,
    );
    const body = html`<div class="form-page">
      <a class="back" href="${screen.path}">${icon('arrow-left')}${listTitle(t, screen)}</a>
      <h1>${t('delete.title', labels.length)}</h1>
      ${refusal !== null && html`<p class="notice bad" role="alert">${icon('triangle-alert')}${refusal}</p>`}
      <section class="panel">
        <ul class="lost">
          ${labels.map((label) => html`<li>${label}</li>`)}
        </ul>
        ${lost.length > 0 && html`<p class="warning">${t('delete.also', lost.join(', '))}</p>`}
        <p class="hint">${t('delete.bin')}</p>
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

function differs(mine: readonly string[] | undefined, theirs: readonly string[]): boolean {
  return (
    JSON.stringify((mine ?? []).filter((one) => one !== '')) !== JSON.stringify(theirs.filter((one) => one !== ''))
  );
}
