import type { Recharge, RechargeBite } from '#actors/recharge/messages.ts';
import { parkedMs, parkingEndMs, type RechargeMark } from '#src/domain/recharge.ts';
import type { Cell, Column, Sheet, WallClock } from '#src/exports/sheet.ts';
import { wallClock } from '#src/exports/wall-clock.ts';
import type { WebDeps } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { PageContext } from '#web/views/env.ts';
import { endWords, kindWords, modeWords } from '#web/views/recharge-words.ts';
import { sheetFile, type SheetFormat } from '#web/views/sheet-file.ts';
import { readRecharges, scopeOfRecharges } from './recharge-query.ts';

/** Chargers are answered between two pages: of about 3 ms. */
const PAGE_ROWS = 100;

/** REC-11: every recharge that the filters find, newest first, page by page: constant memory, whatever the number. */
export function exportRecharges(c: PageContext, deps: WebDeps, format: SheetFormat): Response {
  const { t, nowMs } = c.var;
  const clock = wallClock(t.timeZone);
  const sheet: Sheet = {
    name: t('recharges.title'),
    columns: columnsOf(t),
    pages: pagesOf(c, deps, (row) => cellsOf(t, row, { clock, nowMs })),
  };
  return sheetFile(c, 'recharges', format, sheet);
}

async function* pagesOf(
  c: PageContext,
  deps: WebDeps,
  cells: (row: Recharge) => readonly Cell[],
): AsyncIterable<readonly (readonly Cell[])[]> {
  const scope = scopeOfRecharges(readRecharges(new URL(c.req.url).searchParams), c.var.t.timeZone);
  let mark: RechargeMark | null = null;
  for (;;) {
    const query = { ...scope, mark, limit: PAGE_ROWS };
    const found: RechargeBite = await deps.actors
      .recharges(c.var.login)
      .ask<RechargeBite>((replyTo) => ({ type: 'next', query, replyTo }));
    yield found.rows.map(cells);
    if (found.next === null) return;
    mark = found.next;
  }
}

/** More than the list shows (LST-09), each figure in its own column, as sums need it. */
const COLUMNS = {
  number: 10,
  station: 30,
  charger: 18,
  point: 8,
  outlet: 8,
  badge: 20,
  'badge-kind': 14,
  driver: 24,
  start: 20,
  'parking-end': 20,
  charging: 14,
  energyWh: 14,
  parking: 14,
  mode: 22,
  end: 24,
} as const;

function columnsOf(t: Translate): readonly Column[] {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const columns = names.map((name) => ({ header: t(`recharges.${name}`), widthCharacters: COLUMNS[name] }));
  return [...columns, { header: t('session.free-service'), widthCharacters: 12 }];
}

type Clock = { readonly clock: (atMs: number) => WallClock; readonly nowMs: number };

function cellsOf(t: Translate, row: Recharge, { clock, nowMs }: Clock): readonly Cell[] {
  const { place, live } = row;
  const isRunning = row.closing === 'open';
  const endMs = parkingEndMs(row);
  const outlets = place?.outlets ?? [];
  return [
    row.transactionId,
    row.stationName ?? '',
    row.chargePointId,
    place?.point ?? null,
    outlets.length === 1 ? (outlets[0]?.number ?? null) : null,
    row.idTag,
    kindWords(t, row),
    row.driver ?? '',
    clock(row.startedAtMs),
    endMs === null ? null : clock(endMs),
    row.chargedMs === null ? null : hoursMinutesSeconds(row.chargedMs),
    isRunning ? (live?.energyWh ?? null) : row.energyWh,
    hoursMinutesSeconds(parkedMs(row, nowMs)),
    modeWords(t, row),
    isRunning ? t('recharges.running') : endWords(t, row),
    row.freeService ? t('list.yes') : t('list.no'),
  ];
}

/** `04:02:34`, as the manual writes durations. */
export function hoursMinutesSeconds(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((one) => String(one).padStart(2, '0')).join(':');
}
