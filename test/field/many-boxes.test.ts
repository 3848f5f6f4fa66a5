import { describe, expect, test } from 'vitest';
import { startServer } from '../fixtures/server.ts';
import { until, within } from '../fixtures/until.ts';

describe('never-seen boxes', () => {
  test('field-33: a hundred of them at once are adopted and served, each once', async () => {
    const server = await startServer({ welcomeStrangers: true });
    const names = Array.from({ length: 100 }, (_, index) => `NEW-${index}`);
    const chargers = await Promise.all(names.map((name) => server.dial(name)));
    const served = chargers.map(async (charger, index) => {
      const boots = charger.boot({ chargePointSerialNumber: `S${index}` });
      const status = charger.status(1, 'Available');
      const started = charger.start({ connectorId: 1, idTag: `TEST-${index}` });
      const [boot, , start] = await Promise.all([boots, status, started]);
      expect(boot).toMatchObject({ status: 'Accepted' });
      expect(start.verdict).toBe('Accepted');
      return start.transactionId;
    });
    const ids = await within('all of them served', Promise.all(served), 15_000);
    expect(new Set(ids).size).toBe(100);
    expect(await server.storage.reader.roster()).toHaveLength(102);
    expect(server.errors).toEqual([]);
  });

  test('field-33: one of them that knocks twenty times at once is one charger', async () => {
    const server = await startServer({ welcomeStrangers: true });
    const spellings = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'Stranger' : 'STRANGER'));
    await Promise.all(spellings.map((name) => server.dial(name)));
    await until('one link', () => server.side.links() === 1);
    expect(await server.storage.reader.roster()).toHaveLength(3);
    expect(server.errors).toEqual([]);
  });
});

describe('many boxes', () => {
  test('field-34: a hundred and fifty boxes that flap are all served, and no socket is lost without a word', async () => {
    const server = await startServer({ welcomeStrangers: true });
    const names = Array.from({ length: 150 }, (_, index) => `FLAP-${index}`);
    for (let round = 0; round < 3; round++) {
      const chargers = await Promise.all(names.map((name) => server.dial(name)));
      await Promise.all(chargers.map((charger) => charger.call('Heartbeat', {})));
      expect(server.side.links()).toBe(150);
      await Promise.all(chargers.map((charger) => charger.close()));
    }
    await until('no link', () => server.side.links() === 0);
    const view = await server.viewWhen((one) => !one.linked, 'FLAP-149');
    expect(view.linked).toBe(false);
  });
});
