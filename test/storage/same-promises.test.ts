import fc from 'fast-check';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cents } from '#src/domain/money.ts';
import { openMemory } from '#src/storage/memory/open.ts';
import type { CommitResult, Row, Storage } from '#src/storage/ports.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';
import { putEmptyDatabase } from '../fixtures/empty-database.ts';
import { aMessage } from '../fixtures/post.ts';
import { aChargePoint, aReview, aSession, aStation, allLevels, anAlert, anEntry, anEvent } from './rows.ts';

const actorIds = ['a/1', 'a/2', 'a/3'];
const key = fc.constantFrom('k1', 'k2', 'k3');
const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const message = fc.jsonValue({ maxDepth: 2 });
const atMs = fc.integer({ min: 0, max: 50 });
const chargePointId = fc.constantFrom('CP1', 'CP2');

const row: fc.Arbitrary<Row> = fc.oneof(
  fc
    .record({
      atMs: fc.constant(1),
      chargePointId,
      level: fc.constantFrom(...allLevels),
      name: text,
      note: fc.option(text),
    })
    .map((change) => ({ type: 'event', event: anEvent(change) }) as const),
  fc
    .record({ transactionId: fc.integer({ min: 1, max: 4 }), startKey: key, chargePointId, driver: fc.option(text) })
    .map((change) => ({ type: 'session', session: aSession(change) }) as const),
  fc
    .record({ key: fc.string({ maxLength: 2 }), atMs, amount: fc.integer().map(cents) })
    .map((change) => ({ type: 'ledger-entry', entry: anEntry(change) }) as const),
  fc
    .record({ key, to: fc.constant('w/1'), atMs, message })
    .map((envelope) => ({ type: 'envelope', envelope }) as const),
  key.map((taken) => ({ type: 'envelope-taken', key: taken }) as const),
  fc
    .record({ actorId: fc.constantFrom(...actorIds), key, atMs, message })
    .map((timer) => ({ type: 'timer', timer }) as const),
  fc
    .record({ actorId: fc.constantFrom(...actorIds), key })
    .map((cancelled) => ({ type: 'timer-cancelled', ...cancelled }) as const),
  fc
    .record({ key, atMs, frame: fc.option(text), chargePointId })
    .map((change) => ({ type: 'review', review: aReview({ transactionId: null, ...change }) }) as const),
  fc
    .record({ key, atMs, by: fc.option(text) })
    .map(({ key: resolved, ...by }) => ({
      key: resolved,
      resolution: { outcome: 'seen', changes: null, ...by } as const,
    }))
    .map((resolved) => ({ type: 'review-resolved', ...resolved }) as const),
  fc
    .record({ commandId: key, chargePointId, state: message, requestedAtMs: atMs })
    .map((command) => ({ ...command, connectorId: 1, name: 'Reset', requestedBy: 'ada', batchId: null }))
    .map((command) => ({ type: 'command', command }) as const),
  fc
    .record({ key, value: text, atMs })
    .map((forced) => ({ type: 'forced-key', forced: { ...forced, stationId: 's1', by: 'ada' } }) as const),
  key.map((gone) => ({ type: 'forced-key-gone', stationId: 's1', key: gone.toUpperCase() }) as const),
  key.map((queued) => ({ type: 'post', message: aMessage({ key: queued }) }) as const),
  key.map((alertId) => ({ type: 'alert', alert: anAlert({ alertId }) }) as const),
);

/** `behind`: how far the version that the commit expects lies behind the actor's. */
const commitStep = fc.record({
  actorId: fc.constantFrom(...actorIds),
  behind: fc.constantFrom(0, 0, 0, 0, 1),
  snapshot: fc.option(message.map((state) => ({ schema: 2, state }))),
  rows: fc.array(row, { maxLength: 4 }),
});
/** Commits of one inner list are made at once. `reopen` opens the file again; `late` writes through the one before. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('commit' as const),
        commits: fc.array(commitStep, { minLength: 1, maxLength: 5 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'late' as const) }) },
  ),
  { maxLength: 12 },
);
type Steps = typeof steps extends fc.Arbitrary<infer S> ? S : never;

async function play(opened: Storage, reopen: () => Promise<Storage>, played: Steps): Promise<unknown> {
  let storage = opened;
  let before: Storage | null = null;
  const told: (readonly CommitResult[])[] = [];
  for (const step of played) {
    if (step.do === 'commit') {
      const claims = new Map((await storage.actors.claimMany(actorIds)).map((claim) => [claim.actorId, claim]));
      const results = step.commits.map(({ actorId, behind, snapshot, rows }) => {
        const { epoch, version } = claims.get(actorId)!;
        return storage.actors.commit({
          fence: { actorId, epoch, version: Math.max(0, version - behind) },
          snapshot,
          rows,
        });
      });
      told.push(await Promise.all(results));
    } else if (step.do === 'reopen') {
      before = storage;
      storage = await reopen();
    } else if (before) {
      const fence = { actorId: 'a/1', epoch: before.actors.health().epoch, version: 0 };
      const rows = [{ type: 'event', event: anEvent() }] as const;
      told.push([await before.actors.commit({ fence, snapshot: null, rows })]);
    }
  }
  const { actors, reader, registry } = storage;
  await registry.putStation(aStation());
  await registry.putChargePoint(aChargePoint());
  return {
    told,
    forced: await reader.stationKeys('CP1'),
    claims: await actors.claimAll(''),
    timers: [await actors.pendingTimers(), await actors.dueTimers(25, 2)],
    outbox: [await actors.staleOutbox(99, 99), await actors.staleOutbox(25, 2)],
    events: (await reader.events({ levels: allLevels, limit: 999 })).map(({ id: _id, ...event }) => event),
    eventsOf: (await reader.events({ levels: ['info', 'problem'], chargePointId: 'CP1', limit: 9 })).map(
      ({ name }) => name,
    ),
    sessions: [await reader.sessions({ limit: 99 }), await reader.sessions({ limit: 2, chargePointId: 'CP2' })],
    sessionByStartKey: await reader.sessionByStartKey('k1'),
    ledger: await reader.ledger('w1', 99),
    reviews: [
      await reader.reviews({ limit: 99 }),
      await reader.reviews({ chargePointId: 'CP1', limit: 2 }),
      await reader.reviews({ open: true, beforeKey: 'k1', limit: 99 }),
      await reader.openReviews(),
    ],
    commands: [await reader.commands('CP1', 99), await reader.command('k1')],
  };
}

test(
  'any interleaving of commits, fences and duplicates ends alike in memory and on SQLite',
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vigie-storage-'));
    let files = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (played) => {
        files += 1;
        const path = join(folder, `${files}.sqlite`);
        await putEmptyDatabase(path);
        const opened: Storage[] = [];
        const open = async () => {
          const storage = await openSqlite({ path, node: 'test', now: () => 1 });
          opened.push(storage);
          return storage;
        };
        let memory = openMemory({ now: () => 1 });
        const expected = await play(memory, async () => (memory = memory.reopen()), played);
        const actual = await play(await open(), open, played);
        for (const storage of opened) await storage.close();
        expect(actual).toEqual(expected);
      }),
      { numRuns: 40 },
    );
    await rm(folder, { recursive: true, force: true });
  },
);
