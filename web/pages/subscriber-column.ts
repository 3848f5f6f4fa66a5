import type { Choice } from '#actors/office/messages.ts';
import { html } from 'hono/html';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { WebDeps } from '#web/deps.ts';
import type { BesideColumn } from '#web/screens/list.ts';
import type { PageContext } from '#web/views/env.ts';

/** Whose each record is, for the platform alone: many subscribers have a role or a user of the same name. */
export async function subscriberColumn(
  c: PageContext,
  { actors }: Pick<WebDeps, 'actors'>,
  rows: readonly RecordRow[],
): Promise<BesideColumn | null> {
  const { t, login } = c.var;
  if (login.kind !== 'platform') return null;
  const subscribers = await actors
    .office(login)
    .ask<readonly Choice[]>((replyTo) => ({ type: 'choices', to: 'subscriber', kept: null, replyTo }));
  const names = new Map(subscribers.map(({ id, name }) => [id, name]));
  const cells = rows.map(({ id, subscriberId }) => [id, html`${names.get(subscriberId ?? '')}`] as const);
  return { title: t('list.of-subscriber'), cells: new Map(cells) };
}
