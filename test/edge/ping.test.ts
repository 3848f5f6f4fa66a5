import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PING_AFTER_MS } from '#src/edges/ocpp-json/ping-rhythm.ts';
import { SILENT_CLOSE_MS } from '#src/edges/ocpp-json/server.ts';
import { startEdge, type TestEdge } from '../fixtures/edge.ts';
import type { Charger } from '../fixtures/charger.ts';
import { until } from '../fixtures/until.ts';

/** Longer than the edge lets pass between two looks at its links. */
const LOOK_MS = 30_000;
const MINUTE_MS = 60_000;

// The edge looks at its links by an interval: here a test says when it is over. Sockets are real and keep their time.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function counted(charger: Charger): { pings: number } {
  const seen = { pings: 0 };
  charger.socket.on('ping', () => seen.pings++);
  return seen;
}

/** Lets time pass at the edge; its clock and its looks go together. A round trip shows that pings have arrived. */
async function pass(edge: TestEdge, witness: Charger, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += LOOK_MS) {
    edge.nowMs += LOOK_MS;
    vi.advanceTimersByTime(LOOK_MS);
    const ponged = new Promise((resolve) => witness.socket.once('pong', resolve));
    witness.socket.ping();
    await ponged;
  }
}

function deafBox(edge: TestEdge): Promise<Charger> {
  return edge.dial('DEAF', { deaf: true });
}

test('field-11: a link that speaks is never pinged: any frame is a sign of life', async () => {
  const edge = await startEdge();
  const [charger, witness] = [await edge.dial('BUSY'), await edge.dial('WITNESS')];
  const seen = counted(charger);
  for (let minute = 0; minute < 10; minute++) {
    charger.send(`[2,"b${minute}","Heartbeat",{}]`);
    await until('the beat', () => edge.calls.length === minute + 1);
    await pass(edge, witness, MINUTE_MS);
  }
  expect(seen.pings).toBe(0);
});

test('field-11: a link that is silent is pinged, and its pong is a sign of life', async () => {
  const edge = await startEdge();
  const [charger, witness] = [await edge.dial('QUIET'), await edge.dial('WITNESS')];
  const seen = counted(charger);
  await pass(edge, witness, PING_AFTER_MS + LOOK_MS);
  expect(seen.pings).toBe(1);
  await pass(edge, witness, SILENT_CLOSE_MS * 2);
  expect(charger.socket.readyState).toBe(charger.socket.OPEN);
  expect(seen.pings).toBeGreaterThan(10);
});

test('field-11: a box that ignores pings is pinged less and less, and not closed while its heartbeats come', async () => {
  const edge = await startEdge();
  const [charger, witness] = [await deafBox(edge), await edge.dial('WITNESS')];
  const seen = counted(charger);
  for (let beat = 0; beat < 5; beat++) {
    await pass(edge, witness, 15 * MINUTE_MS);
    charger.send(`[2,"b${beat}","Heartbeat",{}]`);
    await until('the beat', () => edge.calls.length === beat + 1);
  }
  expect(charger.socket.readyState).toBe(charger.socket.OPEN);
  // Every two minutes would be 37 of them.
  expect(seen.pings).toBeLessThan(20);
});

test('field-11: the rhythm that a box is pinged at is learnt, and kept when it comes back', async () => {
  const edge = await startEdge();
  const witness = await edge.dial('WITNESS');
  for (let life = 0; life < 3; life++) {
    const charger = await deafBox(edge);
    await pass(edge, witness, PING_AFTER_MS * 4);
    charger.send('[2,"b","Heartbeat",{}]');
    await until('the beat', () => edge.calls.length === life + 1);
    await charger.close();
  }
  const seen = counted(await deafBox(edge));
  await pass(edge, witness, PING_AFTER_MS * 6);
  // Every two minutes would be five of them.
  expect(seen.pings).toBeLessThan(2);
});

test('field-11: a box whose idle link breaks is pinged earlier from then on, so that its link stays in use', async () => {
  const edge = await startEdge();
  const witness = await edge.dial('WITNESS');
  const charger = await edge.dial('NAT');
  await pass(edge, witness, 90_000);
  charger.socket.terminate();
  await until('its end', () => edge.of('link-down').length === 1);
  const seen = counted(await edge.dial('NAT'));
  await pass(edge, witness, 90_000);
  expect(seen.pings).toBe(1);
});

test('field-11: without any sign of life a link is let go after twice the heartbeat, not before', async () => {
  const edge = await startEdge();
  const [charger, witness] = [await deafBox(edge), await edge.dial('WITNESS')];
  await pass(edge, witness, SILENT_CLOSE_MS - MINUTE_MS);
  expect(charger.socket.readyState).toBe(charger.socket.OPEN);
  await pass(edge, witness, 2 * MINUTE_MS);
  expect((await charger.closed).code).toBe(1006);
  await until('the news of it', () => edge.of('link-down').length === 1);
});

test('field-11: a ping of the box is answered, and is a sign of life', async () => {
  const edge = await startEdge();
  const [charger, witness] = [await deafBox(edge), await edge.dial('WITNESS')];
  for (let quarter = 0; quarter < 6; quarter++) {
    await pass(edge, witness, 15 * MINUTE_MS);
    const ponged = new Promise((resolve) => charger.socket.once('pong', resolve));
    charger.socket.ping();
    await ponged;
  }
  expect(charger.socket.readyState).toBe(charger.socket.OPEN);
});
