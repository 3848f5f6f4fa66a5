import { html } from 'hono/html';
import { mayAdd } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { BesideColumn } from '#web/screens/list.ts';
import type { PageContext } from '#web/views/env.ts';
import { icon } from '#web/views/icon.ts';

/** USR-03: beside each role, the icon that makes a user with it, for whoever may make users. */
export async function newUserColumn(c: PageContext, rows: readonly RecordRow[]): Promise<BesideColumn | null> {
  const { t, login } = c.var;
  if (!mayAdd(login, ENTITIES.user)) return null;
  const cells = rows
    .filter(({ inactive }) => !inactive)
    .map(({ id, values }) => {
      const label = t('role.new-user.for', String(values['name']));
      const link = html`<a class="icon-button" href="/users/new?role=${encodeURIComponent(id)}" title="${label}"
        >${icon('user-plus')}<span class="sr-only">${label}</span></a
      >`;
      return [id, link] as const;
    });
  return { title: t('role.new-user'), cells: new Map(cells) };
}
