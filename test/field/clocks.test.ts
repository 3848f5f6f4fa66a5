import { describe, expect, test } from 'vitest';
import { CLOCK_WARNING_MS } from '#src/domain/clock-offset.ts';
import { startServer } from '../fixtures/server.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A message takes some time to arrive; nothing here is off by more. */
const TRAVEL_MS = 10_000;

function near(ms: number): { asymmetricMatch(actual: unknown): boolean } {
  return { asymmetricMatch: (actual) => typeof actual === 'number' && Math.abs(actual - ms) < TRAVEL_MS };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

describe('times that chargers write', () => {
  const agoMs = 30 * MINUTE_MS;
  test.each([
    { form: 'without a zone, which is UTC', write: (ms: number) => iso(ms).slice(0, 19) },
    { form: 'with +02', write: (ms: number) => `${iso(ms + 2 * HOUR_MS).slice(0, 19)}+02` },
    { form: 'with +02:00', write: (ms: number) => `${iso(ms + 2 * HOUR_MS).slice(0, 19)}+02:00` },
    { form: 'with six digits of fraction', write: (ms: number) => iso(ms).replace('Z', '000Z') },
    { form: 'with a space in the middle', write: (ms: number) => iso(ms).slice(0, 19).replace('T', ' ') },
    { form: 'as seconds since 1970', write: (ms: number) => Math.floor(ms / 1000) },
  ])('field-20: a time $form is understood, and the frame is kept as it came', async ({ write }) => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const ms = Date.now() - agoMs;
    const { transactionId } = await charger.start({ timestamp: write(ms) });
    expect(await server.session(transactionId)).toMatchObject({ startedAtMs: near(ms) });
    const raw = write(ms);
    expect((await server.events('StartTransaction'))[0]?.request).toContain(
      typeof raw === 'number' ? String(raw).slice(0, 8) : raw.slice(0, 16),
    );
  });

  test.each(['1970-01-01T00:01:40Z', '', 'yesterday', null])(
    'field-20: the time %j says nothing: the time of reception is taken',
    async (timestamp) => {
      const server = await startServer();
      const charger = await server.booted('CP1');
      const { transactionId } = await charger.start({ timestamp });
      expect(await server.session(transactionId)).toMatchObject({ startedAtMs: near(Date.now()) });
    },
  );
});

describe('clocks that are wrong', () => {
  test.each([
    { what: 'two hours fast, being local time marked Z', offsetMs: 2 * HOUR_MS },
    { what: 'forty minutes slow', offsetMs: -40 * MINUTE_MS },
  ])('field-20: a clock $what is measured, told, and sessions are billed by ours', async ({ offsetMs }) => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const theirs = (ms: number) => new Date(ms + offsetMs).toISOString();
    await charger.status(1, 'Preparing', { timestamp: theirs(Date.now()) });
    const startedMs = Date.now() - 20 * MINUTE_MS;
    const { transactionId } = await charger.start({ timestamp: theirs(startedMs) });
    await charger.stop(transactionId, { timestamp: theirs(Date.now()) });
    const session = await server.session(transactionId);
    expect(session).toMatchObject({ startedAtMs: near(startedMs), stoppedAtMs: near(Date.now()), review: null });
    expect((await server.detail()).clockOffsetMs).toEqual(near(offsetMs));
    const [event, ...more] = await server.events('clock-skew');
    expect(event).toMatchObject({ level: 'problem', note: expect.stringMatching(/^-?\d+ s$/) });
    await charger.status(1, 'Available', { timestamp: theirs(Date.now()) });
    expect(more).toEqual([]);
    expect(await server.events('clock-skew')).toHaveLength(1);
  });

  test('field-20: a clock within five minutes is measured without a word', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await charger.status(1, 'Available', {
      timestamp: new Date(Date.now() + CLOCK_WARNING_MS - MINUTE_MS).toISOString(),
    });
    expect((await server.detail()).clockOffsetMs).toEqual(near(CLOCK_WARNING_MS - MINUTE_MS));
    expect(await server.events('clock-skew')).toEqual([]);
  });

  test('field-20: a clock that the box sets right is believed from its next messages on', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await charger.status(1, 'Available', { timestamp: iso(Date.now() + HOUR_MS) });
    // It takes our time from the answer to a heartbeat.
    await charger.call('Heartbeat', {});
    for (const status of ['Preparing', 'Available', 'Preparing']) {
      await charger.status(1, status, { timestamp: iso(Date.now()) });
    }
    const { transactionId } = await charger.start({ timestamp: iso(Date.now()) });
    expect(await server.session(transactionId)).toMatchObject({ startedAtMs: near(Date.now()) });
  });

  test('field-20: a boot tells the box our time, so its clock is measured anew', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await charger.status(1, 'Available', { timestamp: iso(Date.now() + HOUR_MS) });
    await charger.boot();
    const { transactionId } = await charger.start({ timestamp: iso(Date.now()) });
    expect(await server.session(transactionId)).toMatchObject({ startedAtMs: near(Date.now()) });
  });

  test('field-20: with a clock that stands still, each charge is a session of its own, and a repeat is still a repeat', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const ids: number[] = [];
    for (let charge = 1; charge <= 3; charge++) {
      const said = { timestamp: '1970-01-01T00:00:00Z', meterStart: 0 };
      const { transactionId } = await charger.start(said);
      expect((await charger.start(said)).transactionId).toBe(transactionId);
      await charger.stop(transactionId, { timestamp: '1970-01-01T00:00:00Z', meterStop: 1 });
      ids.push(transactionId);
    }
    expect(new Set(ids).size).toBe(3);
    expect(await server.reviews()).toEqual([]);
    expect((await server.sessions()).map((session) => session.closing)).toEqual(['final', 'final', 'final']);
  });

  test('field-20: a time in the future is no time', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: new Date(Date.now() + 24 * HOUR_MS).toISOString() });
    expect(await server.session(transactionId)).toMatchObject({ startedAtMs: near(Date.now()) });
  });
});

describe('times that we write', () => {
  test('field-21: they are UTC with a final Z, whatever the zone of the server', async () => {
    const server = await startServer();
    const charger = await server.dial('CP1');
    const utc = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
    const boot = await charger.boot();
    const beat = await charger.call('Heartbeat', {});
    const expired = await charger.call('Authorize', { idTag: 'EXPIRED' });
    const times = [
      boot['currentTime'],
      beat['currentTime'],
      (expired['idTagInfo'] as { expiryDate: unknown }).expiryDate,
    ];
    for (const time of times) expect(time).toMatch(utc);
    expect(Date.parse(beat['currentTime'] as string)).toEqual(near(Date.now()));
  });

  test('field-21: a session over the night of the clock change is neither an hour long nor an hour short', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    // In Paris this hour is struck twice: at 02:30+02:00 and, an hour later, at 02:30+01:00.
    const { transactionId } = await charger.start({ timestamp: '2025-10-26T02:30:00+02:00' });
    await charger.stop(transactionId, { timestamp: '2025-10-26T02:30:00+01:00' });
    const { startedAtMs, stoppedAtMs } = await server.session(transactionId);
    expect(new Date(startedAtMs).toISOString()).toBe('2025-10-26T00:30:00.000Z');
    expect((stoppedAtMs ?? 0) - startedAtMs).toBe(HOUR_MS);
  });

  test('field-21: in spring, when an hour is missing, a session is as long as it lasted', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { transactionId } = await charger.start({ timestamp: '2025-03-30T01:30:00+01:00' });
    await charger.stop(transactionId, { timestamp: '2025-03-30T03:30:00+02:00' });
    const { startedAtMs, stoppedAtMs } = await server.session(transactionId);
    expect((stoppedAtMs ?? 0) - startedAtMs).toBe(HOUR_MS);
  });
});
