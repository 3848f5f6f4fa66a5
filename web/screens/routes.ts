import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Choice, Names, Saved } from '#actors/office/messages.ts';
import { fieldsFor, mayCreate, scopeOf } from '#src/domain/office/access.ts';
import { customFieldsOf } from '#src/domain/office/custom.ts';
import { readForm, type FaultsByField, type RecordRow } from '#src/domain/office/entity.ts';
import type { Values } from '#src/domain/office/field.ts';
import { sectionsOf } from '#src/domain/office/viewer.ts';
import type { RecordPage } from '#src/storage/office-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { problem } from '#web/pages/problem.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import { partial, type Html } from '#web/views/html.ts';
import { show, wantsFragment } from '#web/views/page.ts';
import { deleteRecords } from './deletion.ts';
import { exportRecords } from './export.ts';
import { saidView } from './extras.ts';
import { formField, formTitle, formView, typedOf, type FormPage, type Notice, type Typed } from './form.ts';
import { listView, type BesideColumn } from './list.ts';
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
  readonly filled?: FormPage['filled'];
};
/** What one screen has around its list and its form. */
export type Around = {
  readonly belowForm?: (c: PageContext, record: RecordRow) => Html | Promise<Html | null> | null;
  /** Null for whoever has no use of it. */
  readonly column?: (c: PageContext, rows: readonly RecordRow[]) => Promise<BesideColumn | null>;
  readonly exports?: (c: PageContext) => Html | null;
};

/** Every route of one declared screen. Who may not see it finds nothing there: 404, like any address that leads nowhere. */
export function screenRoutes(deps: WebDeps, declared: Screen, around: Around = {}): Hono<WebEnv> {
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
    if (entity.custom === undefined) return declared;
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
    for (const name of names) {
      const field = entity.fields[name];
      if (field?.kind === 'levels') choices[name] = sectionsOf(c.var.login.kind).map((id) => ({ id, name: id }));
      if (field?.kind !== 'ref' && field?.kind !== 'refs') continue;
      choices[name] = await office(c).ask<readonly Choice[]>((replyTo) => ({ type: 'choices', to: field.to, replyTo }));
    }
    return choices;
  }

  async function formOf(c: PageContext, screen: Screen, drawn: Drawn): Promise<FormPage> {
    const { login, nowMs } = c.var;
    const { seen, changed } = openFields(c, screen);
    return {
      screen,
      viewer: login,
      faults: {},
      notice: null,
      filled: null,
      nowMs,
      ...drawn,
      seen,
      changed: drawn.record === null && !mayCreate(login, entity) ? new Set() : changed,
      choices: await choicesFor(c, Object.keys(entity.fields)),
    };
  }

  async function draw(c: PageContext, screen: Screen, drawn: Drawn, status: 200 | 409 | 422 = 200): Promise<Response> {
    const { t } = c.var;
    const form = await formOf(c, screen, drawn);
    const below = drawn.record === null ? null : await around.belowForm?.(c, drawn.record);
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
    if ((id !== null && before === null) || (id === null && !mayCreate(login, entity)) || changed.size === 0) {
      return problem(c, 'not-found', 404);
    }
    const button = posted.get('fill')?.at(-1);
    if (button !== undefined) return fillIn(c, { screen, record: before, posted, name: button });
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
    const { language } = t;
    const typed: Drawn = {
      record: before,
      version,
      typed: typedAfter(screen, { record: before, posted, changed: shown, language }),
      inactive,
    };
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

  /** What a button beside a field fills in: nothing is saved, and what was typed stays. */
  async function fillIn(
    c: PageContext,
    of: { readonly screen: Screen; readonly record: RecordRow | null; readonly posted: Typed; readonly name: string },
  ): Promise<Response> {
    const { t } = c.var;
    const { screen, record, posted, name } = of;
    const { changed } = openFields(c, screen);
    const fill = Object.values(screen.extras ?? {}).find((extra) => extra.fill?.name === name)?.fill;
    if (fill === undefined || !fill.fills.every((field) => changed.has(field))) return problem(c, 'not-found', 404);
    const { values, said } = await fill.run(deps.places, (field) => posted.get(field)?.at(-1) ?? '', t);
    const typed = typedAfter(screen, { record, posted, changed, language: t.language });
    const drawn: Drawn = {
      record,
      version: Number(posted.get('version')?.at(-1) ?? 0),
      typed: new Map([...typed, ...Object.entries(values).map(([field, value]) => [field, [value]] as const)]),
      inactive: posted.get('inactive')?.at(-1) === '1',
      filled: { by: name, said },
    };
    if (!wantsFragment(c)) return draw(c, screen, drawn);
    const form = await formOf(c, screen, drawn);
    const parts = Object.keys(values).map((field) => [`field-${field}`, formField(t, form, field)] as const);
    return c.html(
      html`${parts.map(([at, part]) => part && partial(at, part))}${partial(`said-${name}`, saidView(said), 'innerHTML')}`,
    );
  }

  return new Hono<WebEnv>()
    .get(path, async (c) => {
      const { t } = c.var;
      const screen = await screenFor(c, null);
      const query = readListQuery(screen, new URL(c.req.url).searchParams);
      const found = await office(c).ask<(RecordPage & { readonly names: Names }) | null>((replyTo) => ({
        type: 'list',
        entity: declared.entity,
        query: recordQuery(query),
        replyTo,
      }));
      if (found === null) return problem(c, 'not-found', 404);
      if (c.req.header('HX-Request') !== undefined)
        c.header('HX-Replace-Url', listUrl(screen, query, { page: query.page }));
      const choices = await choicesFor(c, new Set([...(screen.filters ?? []), ...companyColumns]));
      const deleted = Number(c.req.query('deleted') ?? 0);
      const listing = {
        screen,
        deleted,
        query,
        found,
        choices,
        mayCreate: mayCreate(c.var.login, entity),
        beside: (await around.column?.(c, found.rows)) ?? null,
        exports: around.exports?.(c) ?? null,
      };
      return show(c, { title: listTitle(t, screen), section: 'office', body: listView(t, listing) });
    })
    .get(`${path}.xlsx`, (c) => exported(c, 'xlsx'))
    .get(`${path}.csv`, (c) => exported(c, 'csv'))
    .get(`${path}/new`, async (c) => {
      if (!mayCreate(c.var.login, entity)) return problem(c, 'not-found', 404);
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
    .post(`${path}/delete`, (c) => deleteRecords(c, deps, declared))
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

function differs(mine: readonly string[] | undefined, theirs: readonly string[]): boolean {
  return (
    JSON.stringify((mine ?? []).filter((one) => one !== '')) !== JSON.stringify(theirs.filter((one) => one !== ''))
  );
}

/** What was posted; of fields that he may not change, what the record holds. */
function typedAfter(
  screen: Screen,
  of: {
    record: RecordRow | null;
    posted: Typed;
    changed: ReadonlySet<string>;
    language: 'fr' | 'en';
  },
): Typed {
  const held = of.record === null ? [] : [...typedOf(screen, valuesOf(screen, of.record), of.language)];
  return new Map([
    ...held.filter(([name]) => !of.changed.has(name)),
    ...[...of.posted].filter(([name]) => of.changed.has(name)),
  ]);
}
