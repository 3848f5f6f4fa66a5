import { html } from 'hono/html';
import type { Choice, Saved, Suggestion } from '#actors/office/messages.ts';
import { fieldsFor, mayAdd, mayRest } from '#src/domain/office/access.ts';
import { customFieldsOf } from '#src/domain/office/custom.ts';
import type { EntityName } from '#src/domain/office/entities/all.ts';
import { emptyOf, readForm, type FaultsByField, type RecordRow } from '#src/domain/office/entity.ts';
import { writeField, type Field, type Value, type Values } from '#src/domain/office/field.ts';
import { sectionsOf } from '#src/domain/office/viewer.ts';
import type { WebDeps } from '#web/deps.ts';
import { problem } from '#web/pages/problem.ts';
import type { PageContext } from '#web/views/env.ts';
import { partial, type Html } from '#web/views/html.ts';
import { show, wantsFragment } from '#web/views/page.ts';
import { saidView, type Asks } from './aids.ts';
import { chooseCompany } from './choose-company.ts';
import { formField, formTitle, formView, typedOf, type Back, type FormPage, type Notice, type Typed } from './form.ts';
import { postedFields } from './posted.ts';
import {
  entityOf,
  fieldsOf,
  fits,
  formPath,
  listTitle,
  splitValues,
  tabsFor,
  valuesOf,
  withCustom,
  type Screen,
} from './screen.ts';

type Drawn = {
  readonly record: RecordRow | null;
  readonly version: number;
  readonly typed: Typed;
  readonly inactive: boolean;
  readonly faults?: FaultsByField;
  readonly notice?: Notice | null;
  readonly filled?: FormPage['filled'];
};
/** What one screen adds to what all of them do: below its form, and after a save. */
export type Extras = {
  readonly more?: (c: PageContext, record: RecordRow) => Html | Promise<Html | null> | null;
  /** What follows from a save, once it is on disk; `before` is null for a new record. */
  readonly saved?: (c: PageContext, record: RecordRow, before: RecordRow | null) => Promise<void>;
};
export type RecordForm = {
  /** Null for an id that leads nowhere for this viewer. */
  show(c: PageContext, id: string): Promise<Response>;
  fresh(c: PageContext): Promise<Response>;
  /** `id` null makes a new one. */
  save(c: PageContext, id: string | null): Promise<Response>;
  choices(
    c: PageContext,
    names: Iterable<string>,
    kept: Values | null,
  ): Promise<Readonly<Record<string, readonly Choice[]>>>;
  /** With what the subscriber of this record, or of a new one, added to the screen. */
  screenFor(c: PageContext, id: string | null): Promise<Screen>;
};

/** The form of one declared screen: drawn, read, saved, and drawn again with what is wrong. */
export function recordForm(deps: WebDeps, declared: Screen, { more, saved: afterwards }: Extras): RecordForm {
  const entity = entityOf(declared);
  const office = (c: PageContext) => deps.actors.office(c.var.login);

  /** Only what he could choose himself. */
  async function askedFor(c: PageContext): Promise<Values> {
    const names = (declared.asked ?? []).filter((name) => c.req.query(name) !== undefined);
    if (names.length === 0) return {};
    const offered = await choices(c, names, {});
    return Object.fromEntries(
      names.flatMap((name) => {
        const chosen = offered[name]?.find(({ id }) => id === c.req.query(name));
        return chosen === undefined ? [] : [[name, chosen.id] as const];
      }),
    );
  }

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

  async function choices(
    c: PageContext,
    names: Iterable<string>,
    kept: Values | null,
  ): Promise<Record<string, readonly Choice[]>> {
    const found: Record<string, readonly Choice[]> = {};
    await Promise.all(
      Array.from(names, async (name) => {
        const field = entity.fields[name];
        if (field?.kind === 'levels') found[name] = sectionsOf(c.var.login.kind).map((id) => ({ id, name: id }));
        if (field?.kind !== 'ref' && field?.kind !== 'refs') return;
        const { to } = field;
        const ids = kept === null ? null : idsIn(kept[name] ?? null);
        found[name] = await office(c).ask<readonly Choice[]>((replyTo) => ({
          type: 'choices',
          to,
          kept: ids,
          replyTo,
        }));
      }),
    );
    return found;
  }

  async function suggestions(
    c: PageContext,
    of: { readonly id: string | null; readonly typed: Typed; readonly names: ReadonlySet<string> },
  ): Promise<Record<string, readonly Suggestion[]>> {
    const found: Record<string, readonly Suggestion[]> = {};
    for (const [name, field] of Object.entries<Field>(entity.fields)) {
      const suggests = field.kind === 'text' ? field.suggests : undefined;
      if (suggests === undefined || !of.names.has(name)) continue;
      const by = of.typed.get(suggests.by)?.at(-1) ?? '';
      found[name] = await office(c).ask<readonly Suggestion[]>((replyTo) => ({
        type: 'suggestions',
        of: suggests.of,
        id: of.id,
        by: by === '' ? null : by,
        replyTo,
      }));
    }
    return found;
  }

  async function formOf(c: PageContext, screen: Screen, drawn: Drawn): Promise<FormPage> {
    const { login, nowMs } = c.var;
    const { record } = drawn;
    const { seen, changed } = openFields(c, screen, record);
    return {
      screen,
      viewer: login,
      faults: {},
      notice: null,
      filled: null,
      nowMs,
      ...drawn,
      back: await backFrom(c, record),
      seen,
      changed: record === null && !mayAdd(login, entity) ? new Set() : changed,
      choices: await choices(c, Object.keys(entity.fields), record?.values ?? {}),
      suggested: await suggestions(c, { id: record?.id ?? null, typed: drawn.typed, names: changed }),
    };
  }

  async function draw(c: PageContext, screen: Screen, drawn: Drawn, status: 200 | 409 | 422 = 200): Promise<Response> {
    const { t } = c.var;
    const { record } = drawn;
    const form = await formOf(c, screen, drawn);
    const below = record === null ? null : await more?.(c, record);
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

  /** To its list; from a part, to what it is a part of. */
  async function backFrom(c: PageContext, record: RecordRow | null): Promise<Back> {
    if (entity.partOf === undefined || record === null)
      return { href: declared.path, text: listTitle(c.var.t, declared) };
    const { field, of } = entity.partOf;
    const id = String(record.values[field]);
    const parent = await office(c).ask<RecordRow | null>((replyTo) => ({
      type: 'find',
      entity: of.name as EntityName,
      id,
      replyTo,
    }));
    const [, path = ''] = /^(.*)\/:parent\//.exec(declared.path) ?? [];
    return { href: `${path}/${encodeURIComponent(id)}#points`, text: String(parent?.values[of.label] ?? id) };
  }

  /** What subscribers add to a form is open to whoever may make and delete its records. */
  function openFields(c: PageContext, screen: Screen, before: RecordRow | null): ReturnType<typeof fieldsFor> {
    const { seen, changed } = fieldsFor(c.var.login, entity, before?.values ?? null);
    const added = (screen.custom ?? []).map(({ name }) => name);
    const mayChange = mayRest(c.var.login, entity);
    return { seen: new Set([...seen, ...added]), changed: mayChange ? new Set([...changed, ...added]) : changed };
  }

  /** SOC-12: what a new record of this company takes over from it. */
  async function inherited(c: PageContext, company: string): Promise<Values> {
    const found = await office(c).ask<RecordRow | null>((replyTo) => ({
      type: 'find',
      entity: 'company',
      id: company,
      replyTo,
    }));
    const settings = (declared.inherited ?? []).map((name) => [name, found?.values[name] ?? null] as const);
    return { company, ...(found !== null && Object.fromEntries(settings)) };
  }

  async function find(c: PageContext, id: string): Promise<RecordRow | null> {
    return office(c).ask<RecordRow | null>((replyTo) => ({ type: 'find', entity: declared.entity, id, replyTo }));
  }

  async function save(c: PageContext, id: string | null): Promise<Response> {
    const { t, login, nowMs } = c.var;
    const posted = await postedFields(c.req.raw);
    const before = id === null ? null : await find(c, id);
    const screen = await screenFor(c, id);
    const { changed } = openFields(c, screen, before);
    if ((id !== null && before === null) || (id === null && !mayAdd(login, entity)) || changed.size === 0) {
      return problem(c, 'not-found', 404);
    }
    const button = posted.get('fill')?.at(-1);
    if (button !== undefined) return fillIn(c, { screen, record: before, posted, changed, button });
    const { company: companies = [] } = await choices(c, ['company'], before?.values ?? {});
    const chosen = (name: string): string => {
      const field = fieldsOf(screen)[name];
      const known = field === undefined ? null : (before?.values[name] ?? emptyOf(field));
      return posted.get(name)?.at(-1) ?? (field === undefined ? '' : writeField(field, known, t.language));
    };
    // A tab without its option, or of what was not chosen, was not shown: what it holds stays (SUB-03).
    const shown = new Set(
      tabsFor(screen, login)
        .filter((tab) => fits(tab, chosen))
        .flatMap(({ fields }) => fields)
        .filter((name) => changed.has(name)),
    );
    const [onlyCompany] = companies;
    const isHidden = changed.has('company') && onlyCompany !== undefined && companies.length === 1;
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
    if (saved.ok) await afterwards?.(c, saved.record, before);
    if (saved.ok) return c.redirect(`${formPath(declared, saved.record)}?saved`, 303);
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
    of: {
      readonly screen: Screen;
      readonly record: RecordRow | null;
      readonly posted: Typed;
      readonly changed: ReadonlySet<string>;
      readonly button: string;
    },
  ): Promise<Response> {
    const { t } = c.var;
    const { screen, record, posted, changed, button } = of;
    const fill = Object.values(screen.aids ?? {}).find((aid) => aid.fill?.name === button)?.fill;
    if (fill === undefined || !fill.fills.every((field) => changed.has(field))) return problem(c, 'not-found', 404);
    const typed = typedAfter(screen, { record, posted, changed, language: t.language });
    const id = record?.id ?? null;
    const asks: Asks = {
      places: deps.places,
      suggestions: async (name) => (await suggestions(c, { id, typed, names: new Set([name]) }))[name] ?? [],
    };
    const { values, said } = await fill.run(asks, (field) => posted.get(field)?.at(-1) ?? '', t);
    const drawn: Drawn = {
      record,
      version: Number(posted.get('version')?.at(-1) ?? 0),
      typed: new Map([...typed, ...Object.entries(values).map(([field, value]) => [field, [value]] as const)]),
      inactive: posted.get('inactive')?.at(-1) === '1',
      filled: { by: button, said },
    };
    if (!wantsFragment(c)) return draw(c, screen, drawn);
    const form = await formOf(c, screen, drawn);
    const parts = Object.keys(values).map((field) => [`field-${field}`, formField(t, form, field)] as const);
    return c.html(
      html`${parts.map(([at, part]) => part && partial(at, part))}${partial(`said-${button}`, saidView(said), 'innerHTML')}`,
    );
  }

  return {
    save,
    choices,
    screenFor,
    async show(c, id) {
      const record = await find(c, id);
      if (record === null) return problem(c, 'not-found', 404);
      const screen = await screenFor(c, record.id);
      const values = valuesOf(screen, record);
      const preset = declared.preset?.(values) ?? {};
      const missing = Object.entries(preset).filter(([name]) => (values[name] ?? null) === null);
      const typed = typedOf(screen, { ...values, ...Object.fromEntries(missing) }, c.var.t.language);
      const notice: Notice | null = c.req.query('saved') === undefined ? null : { kind: 'saved' };
      return draw(c, screen, { record, version: record.version, typed, inactive: record.inactive, notice });
    },
    async fresh(c) {
      if (!mayAdd(c.var.login, entity)) return problem(c, 'not-found', 404);
      const { t } = c.var;
      const { company: companies = [] } = declared.inherited === undefined ? {} : await choices(c, ['company'], {});
      const asked = c.req.query('company');
      const company = companies.length === 1 ? companies[0] : companies.find(({ id }) => id === asked);
      if (companies.length > 1 && company === undefined) {
        const body = chooseCompany(t, declared, companies);
        return show(c, { title: t('company.choose'), section: 'office', body });
      }
      const taken = company === undefined ? {} : await inherited(c, company.id);
      const fresh = { ...declared.fresh?.(c.var.login, t), ...taken, ...(await askedFor(c)) };
      const screen = await screenFor(c, null);
      const typed = typedOf(screen, fresh, c.var.t.language);
      return draw(c, screen, { record: null, version: 0, typed, inactive: false });
    },
  };
}

/** What was posted; of fields that he may not change, what the record holds. */
function typedAfter(
  screen: Screen,
  of: {
    readonly record: RecordRow | null;
    readonly posted: Typed;
    readonly changed: ReadonlySet<string>;
    readonly language: 'fr' | 'en';
  },
): Typed {
  const held = of.record === null ? [] : [...typedOf(screen, valuesOf(screen, of.record), of.language)];
  return new Map([
    ...held.filter(([name]) => !of.changed.has(name)),
    ...[...of.posted].filter(([name]) => of.changed.has(name)),
  ]);
}

function idsIn(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function differs(mine: readonly string[] | undefined, theirs: readonly string[]): boolean {
  return (
    JSON.stringify((mine ?? []).filter((one) => one !== '')) !== JSON.stringify(theirs.filter((one) => one !== ''))
  );
}
