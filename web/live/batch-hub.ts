import type { BatchedCommand } from '#actors/archive/messages.ts';
import type { Directory } from '#actors/directory.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import { mayCommand } from '#src/domain/office/viewer.ts';
import type { Log } from '#web/deps.ts';
import type { Translate } from '#web/i18n/t.ts';
import { batchTable, type Batch } from '#web/views/batch.ts';
import type { SignedIn } from '#web/views/env.ts';
import { textOf } from '#web/views/html.ts';
import { beat, fullHouse, message, partial, type EventStream, type Streams } from './stream.ts';

const TURN_MS = 500;
const BEAT_EVERY_TURNS = 6;

export type JoinBatch = { readonly login: SignedIn; readonly t: Translate; readonly batchId: string };
export type BatchHub = { join(page: JoinBatch): Response; close(): void };
type Page = JoinBatch & { readonly stream: EventStream; told: string; asking: boolean };

type HubDeps = {
  readonly actors: Directory;
  readonly streams: Streams;
  readonly every: (intervalMs: number, run: () => void) => () => void;
  readonly now: () => number;
  readonly log: Log;
};

/** Moves the pages of commands to many chargers: each is drawn again once per turn, and sent when it says something new. */
export function createBatchHub({ actors, streams, every, now, log }: HubDeps): BatchHub {
  const pages = new Set<Page>();
  let turns = 0;

  async function turnOf(page: Page): Promise<void> {
    const batch = await readBatch(actors, page.login, page.batchId);
    if (!page.stream.ready()) return;
    const text = textOf(batchTable(page.t, batch));
    if (text !== page.told) page.stream.send(message([partial('batch', text, 'outerMorph')], null));
    page.told = text;
    if (turns % BEAT_EVERY_TURNS === 0) page.stream.send(beat(now()));
  }

  const stop = every(TURN_MS, () => {
    turns += 1;
    for (const page of pages) {
      if (page.asking) continue;
      page.asking = true;
      turnOf(page)
        .catch((error: unknown) => log.warn({ error: String(error) }, 'a page of many commands could not be moved'))
        .finally(() => {
          page.asking = false;
        });
    }
  });

  return {
    join(joining) {
      const stream = streams.open(joining.login, () => pages.delete(page));
      if (stream === null) return fullHouse();
      const page: Page = { ...joining, stream, told: '', asking: false };
      pages.add(page);
      return stream.response;
    },
    close: stop,
  };
}

/** The commands of a batch to chargers that he finds, and how their stations are called. */
export async function readBatch(actors: Directory, login: SignedIn, batchId: string): Promise<Batch> {
  const rows = await actors
    .archive(login)
    .ask<readonly BatchedCommand[]>((replyTo) => ({ type: 'batch', batchId, replyTo }));
  const chargePointIds = rows.map((row) => row.chargePointId);
  const views = await actors
    .fleet(login)
    .ask<readonly ChargePointView[]>((replyTo) => ({ type: 'find-all', chargePointIds, replyTo }));
  const names = new Map(views.map((view) => [view.chargePointId, view.stationName]));
  return { batchId, rows, names, mayWithdraw: mayCommand(login) };
}
