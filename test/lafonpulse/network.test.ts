import { expect, test } from 'vitest';
import { seededChance } from '#src/simulator/chance.ts';
import { REAL_CLOCK } from '#src/simulator/fleet.ts';
import { KitMemory } from '#src/simulator/kit/memory.ts';
import { KitSpeaker } from '#src/simulator/kit/speaker.ts';
import { at, KIT, startKitServer } from '../fixtures/kit.ts';
import { KIT_KEY } from '../fixtures/kit-key.ts';
import { until, within } from '../fixtures/until.ts';

const RECHARGES = 12;
const LOST = 0.3;
const TWICE = 0.2;
const DELAY_MS_MAX = 30;
const MINUTE_MS = 60_000;
/** An hour of a bad network in a minute of a test. */
const WITHIN_MS = 60_000;

/** A network that loses, repeats and reorders what is sent through it, the same way for the same seed. */
function badNetwork(seed: number) {
  const chance = seededChance(seed);
  return (datagram: Buffer, deliver: (datagram: Buffer) => void): void => {
    if (chance() < LOST) return;
    const copy = Buffer.from(datagram);
    const times = chance() < TWICE ? 2 : 1;
    for (let n = 0; n < times; n++) setTimeout(() => deliver(copy), chance() * DELAY_MS_MAX);
  };
}

test.each([1, 2, 3, 4])(
  'WHL-05: over a network that loses, repeats and reorders, through a power cut and a restart of the server, every kept recharge arrives once (seed %i)',
  { timeout: WITHIN_MS + 20_000 },
  async (seed) => {
    let server = await startKitServer();
    const memory = new KitMemory();
    const speaker = (): KitSpeaker =>
      new KitSpeaker({
        host: '127.0.0.1',
        get port() {
          return server.side.portOf('lafonpulse');
        },
        serial: 'K7',
        key: KIT_KEY,
        clock: REAL_CLOCK,
        memory,
        patience: 0.01,
        through: badNetwork(seed),
        obey: () => ({ status: 'accepted' }),
        greeted: () => undefined,
      });
    let kit = speaker();
    const beganMs = Date.now() - RECHARGES * 20 * MINUTE_MS;
    for (let run = 1; run <= RECHARGES; run++) {
      const fromMs = beganMs + run * 10 * MINUTE_MS;
      const point = 1 + (run % 2);
      const by = { kind: 'rfid', value: 'ALICE' };
      kit.keep({ say: 'parked', point, at: at(fromMs - MINUTE_MS), how: 'sensor' }, run);
      kit.keep({ say: 'began', point, socket: 1, at: at(fromMs), by, meter: run * 10_000, run, leave: 'list' }, run);
      kit.keep(
        { say: 'ended', point, at: at(fromMs + 5 * MINUTE_MS), meter: run * 10_000 + 100 * run, run, why: 'user' },
        run,
      );
      kit.keep({ say: 'left', point, at: at(fromMs + 6 * MINUTE_MS) }, run);
    }
    const told = (part: number) =>
      until('the facts to be told', () => memory.facts.length <= 4 * RECHARGES * (1 - part), WITHIN_MS);

    await kit.open();
    await told(1 / 3);
    await kit.close();
    kit = speaker();
    await kit.open();
    await told(2 / 3);
    await server.stop();
    server = await startKitServer({ folder: server.folder });
    await told(1);
    await within('the kit to be silent', kit.close());

    const sessions = await server.sessions(KIT);
    expect(sessions.map(({ meterStartWh }) => meterStartWh).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: RECHARGES }, (_, index) => (index + 1) * 10_000),
    );
    for (const session of sessions) {
      expect(session).toMatchObject({ closing: 'final', energyWh: session.meterStartWh / 100, review: null });
    }
    const debits = await server.storage.reader.ledger('alice', 100);
    expect(debits.filter(({ transactionId }) => transactionId !== null)).toHaveLength(RECHARGES);
    expect(await server.reviews()).toEqual([]);
  },
);
