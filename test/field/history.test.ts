import { expect, test } from 'vitest';
import type { ArchiveMessage } from '#actors/archive/messages.ts';
import type { Asked } from '#actors/directory.ts';
import { platformViewer, type Viewer } from '#src/domain/office/viewer.ts';
import { startServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import { allLevels } from '../storage/rows.ts';

/** A merchant whose stations are elsewhere. */
const NEIGHBOUR: Viewer = { ...platformViewer('voisin'), kind: 'merchant', subscriberId: 'the-neighbour' };

/** Everything that an archive can be asked of one charger. */
function everything(archive: Asked<ArchiveMessage>, of: { commandId: string; reviewKey: string }) {
  const chargePointId = 'CP1';
  const range = { chargePointId, levels: allLevels, limit: 99 };
  const past = { chargePointId, atMs: Date.now() + 60_000, fromMs: 0, connectorIds: [1] };
  return Promise.all([
    archive.ask<never>((replyTo) => ({ type: 'events', query: range, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'events', query: { levels: allLevels, limit: 99 }, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'search', query: { ...range, text: 'Boot' }, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'past', query: past, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'sessions', query: { chargePointId, limit: 9 }, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'command', commandId: of.commandId, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'batch', batchId: 'b1', replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'reviews', query: { limit: 9 }, replyTo })),
    archive.ask<never>((replyTo) => ({ type: 'review', key: of.reviewKey, replyTo })),
  ]);
}

test('nobody reads the history of a charger that he does not find, whatever he asks for and by whatever name', async () => {
  const server = await startServer();
  const charger = await server.booted('CP1');
  const { transactionId } = await charger.start();
  await charger.stop(transactionId, { meterStop: 2_000 });
  await charger.stop(2_000_000_000, { meterStop: 9 });
  const request = { action: 'ClearCache' } as const;
  const { engine, directory } = server.side.supervision;
  const by = { requestedBy: 'ada', atMs: Date.now(), batchId: 'b1' };
  await engine.ask('charge-point/CP1', (replyTo) => ({
    type: 'command',
    commandId: 'c1',
    call: request,
    ...by,
    replyTo,
  }));
  charger.reply((await charger.nextCall()).id, { status: 'Accepted' });
  await server.commandIn('c1', 'done');
  const [review] = await until('a review', async () => {
    const reviews = await server.reviews();
    return reviews.length > 0 ? reviews : null;
  });
  const of = { commandId: 'c1', reviewKey: review?.key ?? '' };

  const whole = await everything(directory.archive(platformViewer('operator')), of);
  for (const found of whole) expect(JSON.stringify(found)).toMatch(/CP1|Boot|ClearCache/);
  expect(await everything(directory.archive(NEIGHBOUR), of)).toEqual([
    [],
    [],
    { events: [], searchedTo: null },
    null,
    [],
    null,
    [],
    [],
    null,
  ]);
});
