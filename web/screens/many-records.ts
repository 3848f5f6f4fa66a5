import { DELETED_AT_ONCE_MAX, type Names, type Removed } from '#actors/office/messages.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { WebDeps } from '#web/deps.ts';
import type { PageContext } from '#web/views/env.ts';
import { readListQuery, recordQuery } from './query.ts';
import type { Screen } from './screen.ts';

/** Records that one question may be about: beyond, the list is to be narrowed first. */
export const SELECTED_MAX = 20_000;
/** Chargers are answered between two bites: of some milliseconds each. */
const BITE_ROWS = 25;
const PAGE_ROWS = 50;
/** So many are named before they go; the others are counted. */
const NAMED_MAX = 8;

/** Every record that the list finds, whose filters were posted with it: one more than may be selected is enough. */
export async function allFound(
  c: PageContext,
  deps: WebDeps,
  screen: Screen,
  posted: ReadonlyMap<string, readonly string[]>,
): Promise<readonly string[]> {
  const search = new URLSearchParams([...posted].map(([name, values]) => [name, values.at(-1) ?? '']));
  const { text, filters } = recordQuery(readListQuery(screen, search));
  const found: string[] = [];
  const next = (after: RecordRow | null): Promise<{ readonly rows: readonly RecordRow[]; readonly names: Names }> =>
    deps.actors.office(c.var.login).ask((replyTo) => ({
      type: 'next',
      entity: screen.entity,
      query: { text, filters, after, limit: PAGE_ROWS },
      replyTo,
    }));
  let after: RecordRow | null = null;
  do {
    const { rows } = await next(after);
    found.push(...rows.map(({ id }) => id));
    after = rows.length < PAGE_ROWS ? null : (rows.at(-1) ?? null);
  } while (after !== null && found.length <= SELECTED_MAX);
  return found;
}

/** What would go: how many of these there are still, the first of them by name, and what goes along. */
export type Losses = {
  readonly found: number;
  readonly labels: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
};

export async function lossesOf(c: PageContext, deps: WebDeps, screen: Screen, ids: readonly string[]): Promise<Losses> {
  const counts: Record<string, number> = {};
  const labels: string[] = [];
  let found = 0;
  for (const some of inBites(ids, PAGE_ROWS)) {
    const part = await deps.actors.office(c.var.login).ask<Omit<Losses, 'found'>>((replyTo) => ({
      type: 'dependants',
      entity: screen.entity,
      ids: some,
      replyTo,
    }));
    found += part.labels.length;
    labels.push(...part.labels);
    for (const [name, count] of Object.entries(part.counts)) counts[name] = (counts[name] ?? 0) + count;
  }
  return { found, labels: ids.length > DELETED_AT_ONCE_MAX ? labels.slice(0, NAMED_MAX) : labels, counts };
}

/** One line of the bin, bite after bite. Where a bite may not go as a whole, each of it that may does. */
export async function removeInBites(
  c: PageContext,
  deps: WebDeps,
  screen: Screen,
  ids: readonly string[],
): Promise<{ readonly removed: number; readonly left: number }> {
  const batchId = deps.newId();
  const remove = (some: readonly string[]): Promise<Removed> =>
    deps.actors.office(c.var.login).ask<Removed>((replyTo) => ({
      type: 'delete',
      entity: screen.entity,
      ids: some,
      deletionIds: some.map(() => deps.newId()),
      batchId,
      atMs: c.var.nowMs,
      replyTo,
    }));
  let removed = 0;
  for (const bite of inBites(ids, BITE_ROWS)) {
    const whole = await remove(bite);
    if (whole.ok) removed += whole.count;
    else for (const id of bite) if ((await remove([id])).ok) removed += 1;
  }
  return { removed, left: ids.length - removed };
}

/** So many at a time, in their order. */
export function* inBites(ids: readonly string[], size = BITE_ROWS): Iterable<readonly string[]> {
  for (let at = 0; at < ids.length; at += size) yield ids.slice(at, at + size);
}
