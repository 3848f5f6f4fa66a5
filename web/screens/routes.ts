import { Hono } from 'hono';
import type { Names } from '#actors/office/messages.ts';
import { mayAdd, mayCreate, scopeOf } from '#src/domain/office/access.ts';
import { partId } from '#src/domain/office/points.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { RecordPage } from '#src/storage/office-port.ts';
import type { WebDeps } from '#web/deps.ts';
import { problem } from '#web/pages/problem.ts';
import type { PageContext, WebEnv } from '#web/views/env.ts';
import type { Html } from '#web/views/html.ts';
import { show } from '#web/views/page.ts';
import { removeRecords } from './deletion.ts';
import { exportRecords } from './export.ts';
import { listView, type BesideColumn } from './list.ts';
import { listUrl, readListQuery, recordQuery } from './query.ts';
import { recordForm, type Extras } from './record.ts';
import { Selections } from './selections.ts';
import { entityOf, fieldsOfList, listTitle, type Screen } from './screen.ts';

/** What one screen has around its list and its form. */
export type Around = Extras & {
  /** Null for whoever has no use of it. */
  readonly column?: (c: PageContext, rows: readonly RecordRow[]) => Promise<BesideColumn | null>;
  readonly exports?: (c: PageContext) => Html | null;
};

/** Every route of one declared screen. Who may not see it finds nothing there: 404, like any address that leads nowhere. */
export function screenRoutes(deps: WebDeps, declared: Screen, around: Around = {}): Hono<WebEnv> {
  const entity = entityOf(declared);
  const form = recordForm(deps, declared, around);
  if (entity.partOf !== undefined) return partRoutes(declared, form);
  const { path } = declared;
  const companyColumns = declared.columns.filter((name) => {
    const field = entity.fields[name];
    return field?.kind === 'ref' && field.to === 'company';
  });

  async function exported(c: PageContext, format: 'xlsx' | 'csv'): Promise<Response> {
    if (scopeOf(c.var.login, entity).length === 0) return problem(c, 'not-found', 404);
    return exportRecords(c, deps, await form.screenFor(c, null), format);
  }

  const selections = new Selections();
  const app = new Hono<WebEnv>();
  const { kind } = declared;
  if (kind !== undefined) {
    // The same records are on another screen, for others.
    for (const at of [path, `${path}.xlsx`, `${path}.csv`, `${path}/:id`])
      app.use(at, (c, next) => (c.var.login.kind === kind ? next() : Promise.resolve(problem(c, 'not-found', 404))));
  }
  return app
    .get(path, async (c) => {
      const { t } = c.var;
      const screen = await form.screenFor(c, null);
      const query = readListQuery(screen, new URL(c.req.url).searchParams);
      // Asked at once: the office answers everybody in turn, and a page should wait for its turn but once.
      const [found, choices] = await Promise.all([
        deps.actors.office(c.var.login).ask<(RecordPage & { readonly names: Names }) | null>((replyTo) => ({
          type: 'list',
          entity: declared.entity,
          query: { ...recordQuery(query), fields: fieldsOfList(screen) },
          replyTo,
        })),
        form.choices(c, new Set([...(screen.filters ?? []), ...companyColumns]), null),
      ]);
      if (found === null) return problem(c, 'not-found', 404);
      if (c.req.header('HX-Request') !== undefined)
        c.header('HX-Replace-Url', listUrl(screen, query, { page: query.page }));
      const deleted = Number(c.req.query('deleted') ?? 0);
      const listing = {
        screen,
        deleted,
        left: Number(c.req.query('left') ?? 0),
        query,
        found,
        choices,
        mayAdd: mayAdd(c.var.login, entity),
        mayDelete: mayCreate(c.var.login, entity),
        beside: (await around.column?.(c, found.rows)) ?? null,
        exports: around.exports?.(c) ?? null,
      };
      return show(c, { title: listTitle(t, screen), section: 'office', body: listView(t, listing) });
    })
    .get(`${path}.xlsx`, (c) => exported(c, 'xlsx'))
    .get(`${path}.csv`, (c) => exported(c, 'csv'))
    .get(`${path}/new`, (c) => form.fresh(c))
    .post(path, (c) => form.save(c, null))
    .post(`${path}/delete`, (c) => removeRecords(c, deps, { screen: declared, selections }))
    .get(`${path}/:id`, (c) => form.show(c, c.req.param('id')))
    .post(`${path}/:id`, (c) => form.save(c, c.req.param('id')));
}

/** A part has a form alone, below what it is a part of: `/stations/:parent/evses/2`. */
function partRoutes({ path }: Screen, form: ReturnType<typeof recordForm>): Hono<WebEnv> {
  const at = `${path}/:number` as '/:parent/:number';
  return new Hono<WebEnv>()
    .get(at, (c) => form.show(c, partId(c.req.param('parent'), Number(c.req.param('number')))))
    .post(at, (c) => form.save(c, partId(c.req.param('parent'), Number(c.req.param('number')))));
}
