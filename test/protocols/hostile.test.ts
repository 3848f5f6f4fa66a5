import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REFUSAL_WINDOW_MS } from '#src/refusals.ts';
import type { StoredEvent } from '#src/storage/ports.ts';
import type { TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import { allLevels } from '../storage/rows.ts';
import type { HostileFamily } from './hostile/family.ts';
import { HOSTILE_JSON } from './hostile/json.ts';
import { HOSTILE_KIT } from './hostile/kit.ts';
import { hostileSoap } from './hostile/soap.ts';

/** Work is counted in readings of the longest honest message: whatever is sent may cost so many of them. */
const READINGS_MAX = 30;
/** What nobody notices. */
const UNNOTICED_MS = 20;
/** A text that is read in a time that grows with its square shows at this length. */
const ENLARGED_CHARACTERS = 32_768;

law(HOSTILE_JSON);
law(hostileSoap('1.6'));
law(hostileSoap('1.5'));
law(HOSTILE_KIT);

/** The same law for all: nothing throws, nothing blocks, nothing is stored by half, and nobody beside it notices. */
function law<Piece>(family: HostileFamily<Piece>): void {
  describe(family.name, () => {
    test('whatever is made of its messages, its reader does not throw, and every object stays as it was', () => {
      fc.assert(
        fc.property(family.pieces, (piece) => {
          family.read(piece);
          expect('polluted' in {}).toBe(false);
        }),
        { numRuns: 1_000 },
      );
    });

    test('no message costs more than a few of the longest honest one', { timeout: 60_000 }, () => {
      for (let warm = 0; warm < 10; warm++) for (const text of [family.measure, ...family.whole]) family.readText(text);
      expect(family.measure.length).toBeLessThanOrEqual(family.bytesMax);
      const measuredMs = leastOf(10, () => msOf(() => family.readText(family.measure)));
      const budgetMs = Math.max(READINGS_MAX * measuredMs, UNNOTICED_MS);
      for (const text of dearOf(family)) {
        const spentMs = msOf(() => family.readText(text));
        // What the machine did meanwhile is no work of ours.
        const least = spentMs > budgetMs ? leastOf(5, () => msOf(() => family.readText(text))) : spentMs;
        expect(least, `${text.slice(0, 60)}… ${text.slice(-120)}`).toBeLessThanOrEqual(budgetMs);
      }
    });

    test(
      'field-16, field-37: whatever is sent is carried out whole or leaves one line, and its neighbour is answered',
      { timeout: 60_000 },
      async () => {
        let nowMs = Date.now();
        const server = await family.start(() => nowMs);
        const [hostileId, goodId] = family.identities;
        const hostile = await family.connect(server, hostileId);
        const good = await family.connect(server, goodId);
        const begun = new Set<number>();
        const outcomes = new Set<string>();
        const lines = async (): Promise<readonly StoredEvent[]> => {
          // Not waited for as long as the store likes to gather lines.
          await server.storage.actors.drain();
          const events = await server.storage.reader.events({ levels: allLevels, limit: 30 });
          return events.filter((event) => isOfFrames(event) && event.chargePointId !== goodId);
        };
        await fc.assert(
          fc.asyncProperty(family.pieces, async (piece) => {
            // So that each refusal is a line of its own.
            nowMs += REFUSAL_WINDOW_MS + 1_000;
            await hostile.beat();
            const before = await stored(server, hostileId);
            const lastId = (await lines())[0]?.id ?? 0;
            const since = async () => (await lines()).filter(({ id }) => id > lastId);
            const outcome = await hostile.send(piece);
            outcomes.add(outcome.type);
            const told =
              outcome.type === 'passed-over' ? [] : await until('a line', async () => oneOrMore(await since()));
            await good.beat();
            if (outcome.type === 'carried-out') {
              if (outcome.transactionId !== null) begun.add(outcome.transactionId);
            } else expect(await stored(server, hostileId)).toEqual(before);
            expect(await since()).toEqual(told);
            expect(told).toHaveLength(outcome.type === 'passed-over' ? 0 : 1);
            if (outcome.type === 'refused' || outcome.type === 'told') expect(told[0]?.level).toBe('problem');
          }),
          { numRuns: 100 },
        );
        const sessions = await server.storage.reader.sessions({ chargePointId: hostileId, limit: 1_000 });
        expect(new Set(sessions.map(({ transactionId }) => transactionId))).toEqual(begun);
        expect(outcomes).toContain('carried-out');
        expect(outcomes).toContain('refused');
        expect(server.errors).toEqual([]);
        expect('polluted' in {}).toBe(false);
      },
    );
  });
}

/** Each message with one of its parts as often, or one of its texts as long, as it may be; each of them once. */
function* dearOf(of: Pick<HostileFamily<unknown>, 'whole' | 'dear' | 'bytesMax'>): Generator<string> {
  const { whole, dear, bytesMax } = of;
  yield* dear;
  const seen = new Set<string>();
  const isNew = (what: string): boolean => !seen.has(what) && seen.add(what).size > 0;
  for (const text of whole) {
    for (const [part, element, member = ''] of text.matchAll(PART)) {
      if (!isNew(element ?? member)) continue;
      const times = Math.floor((bytesMax - text.length) / part.length);
      yield text.replace(part, () => part.repeat(Math.max(times, 1)));
    }
    const longer = Math.min(ENLARGED_CHARACTERS, bytesMax - text.length - 1);
    for (const { index } of text.matchAll(/(?<=[>"])(?=[^<>"]{2})/g)) {
      if (!isNew(text.slice(Math.max(index - 15, 0), index))) continue;
      for (const [unit = '', end = ''] of ENLARGED)
        yield `${text.slice(0, index)}${unit.repeat(longer)}${end}${text.slice(index)}`;
    }
  }
}

/** An element, a member of JSON, an object without others in it. */
const PART = /(<[\w:]+)[^<>]*>[^<]*<\/[\w:]+>|("\w+":)(?:"[^"]*"|\d+),|\{[^{}]*\},?/g;
const ENLARGED = [
  ['a', '!'],
  ['/', '!'],
  [' ', 'x'],
  ['9', 'x'],
] as const;

/** What is told to a charger some seconds after it booted comes of no frame. */
function isOfFrames({ kind, note }: StoredEvent): boolean {
  return kind === 'frame-in' || kind === 'refused' || (kind === 'frame-out' && note !== 'forced');
}

function oneOrMore<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

/** What a charger has left behind, but for what is counted of its tolerances. */
async function stored(server: TestServer, chargePointId: string): Promise<unknown> {
  const { tolerated: _counted, ...detail } = await server.detail(chargePointId);
  const { reader } = server.storage;
  return [detail, await reader.sessions({ chargePointId, limit: 1_000 }), await reader.reviews({ limit: 1_000 })];
}

function msOf(run: () => void): number {
  const startedMs = performance.now();
  run();
  return performance.now() - startedMs;
}

function leastOf(times: number, measure: () => number): number {
  return Math.min(...Array.from({ length: times }, measure));
}
