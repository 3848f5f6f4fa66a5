import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { pagesInTurn, WAIT_MS_MAX } from '#web/door/turns.ts';
import type { WebEnv } from '#web/views/env.ts';

/** Pages that are drawn until the test says so. */
function aDoor() {
  const drawing = new Map<string, () => void>();
  const begun: string[] = [];
  let nowMs = 0;
  let look = (): void => undefined;
  const { middleware } = pagesInTurn({
    now: () => nowMs,
    every: (_ms, run) => {
      look = run;
      return () => undefined;
    },
  });
  const app = new Hono<WebEnv>().use(middleware).all('/:page/*', async (c) => {
    const page = c.req.param('page');
    begun.push(page);
    if (c.req.path.endsWith('/long')) c.var.leaveTurn();
    await new Promise<void>((resolve) => drawing.set(page, resolve));
    return c.text(page);
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    ask: async (path: string, method = 'GET') => {
      void app.request(path, { method });
      await settle();
    },
    end: async (page: string) => {
      drawing.get(page)?.();
      await settle();
    },
    pass: async (ms: number) => {
      nowMs += ms;
      look();
      await settle();
    },
  };
}

test('two pages are drawn at once, and the others in the order in which they were asked for', async () => {
  const door = aDoor();
  for (const page of ['/a/', '/b/', '/c/', '/d/']) await door.ask(page);
  expect(door.begun).toEqual(['a', 'b']);
  await door.end('b');
  expect(door.begun).toEqual(['a', 'b', 'c']);
  await door.end('a');
  await door.end('c');
  expect(door.begun).toEqual(['a', 'b', 'c', 'd']);
});

test('forms wait for nobody', async () => {
  const door = aDoor();
  for (const page of ['/a/', '/b/']) await door.ask(page);
  await door.ask('/form/', 'POST');
  expect(door.begun).toEqual(['a', 'b', 'form']);
});

test('nobody waits behind a page that reads for long and says so, and its turn is one turn', async () => {
  const door = aDoor();
  for (const page of ['/a/', '/search/long', '/c/', '/d/']) await door.ask(page);
  expect(door.begun).toEqual(['a', 'search', 'c']);
  await door.end('search');
  expect(door.begun).toEqual(['a', 'search', 'c']);
  await door.end('c');
  expect(door.begun).toEqual(['a', 'search', 'c', 'd']);
});

test('pages that hang keep no other page out for long', async () => {
  const door = aDoor();
  for (const page of ['/a/', '/b/', '/health/']) await door.ask(page);
  await door.pass(WAIT_MS_MAX - 1);
  expect(door.begun).toEqual(['a', 'b']);
  await door.pass(1);
  expect(door.begun).toEqual(['a', 'b', 'health']);
  await door.end('health');
  await door.ask('/next/');
  expect(door.begun).toEqual(['a', 'b', 'health']);
  await door.end('a');
  expect(door.begun).toEqual(['a', 'b', 'health', 'next']);
});
