import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowAround } from '#src/domain/daily-window.ts';
import { kitVersionOf, takesApnBySms, type KitSettings } from '#src/domain/kit.ts';
import { kitDoor } from '#src/kits.ts';
import { writeApnSms } from '#src/wire/lafonpulse/apn-sms.ts';
import type { KnownKit } from '#src/edges/lafonpulse/kit-door.ts';
import { startKitServer, TestKit } from '../fixtures/kit.ts';
import { KIT_KEY } from '../fixtures/kit-key.ts';

const HOUR_MS = 3_600_000;
const STATION: KitSettings = {
  permanentPowerW: 22_000,
  maxPower: { powerW: 36_000, from: '07:00', to: '21:00' },
  timeZone: 'Europe/Paris',
  unlockToken: '04A1B2',
  chargeMinutesMax: 240,
  chargeWhMax: 40_000,
  unlockMinutes: 300,
  parkingBeforeMinutes: 10,
  parkingAfterMinutes: 20,
  parkingMinutesMax: null,
  language: 'fr',
  text: 'Bienvenue',
};

describe('what a station says reaches its kit', () => {
  async function settled(): Promise<KnownKit['set']> {
    const noon = Date.UTC(2026, 10, 26, 11);
    const door = kitDoor({ find: async () => ({ serial: 'K7', key: KIT_KEY, settings: STATION }) }, () => noon);
    return (await door('K7'))?.set ?? null;
  }

  test('LAF-06, LAF-08, LAF-09, LAF-10: power, durations, unlock badge and delays come with its start', async () => {
    const server = await startKitServer({ set: await settled() });
    const kit = new TestKit(server);
    const { set } = await kit.start();
    expect(set).toEqual({
      power: 22_000,
      unlock: '04A1B2',
      max: { minutes: 240, wh: 40_000, parked: 300 },
      alerts: { before: 10, after: 20 },
      language: 'fr',
      text: 'Bienvenue',
    });
    expect((await kit.ask({ say: 'beat' }))['set']).toEqual(set);
    // The journal has it once, however often it is said.
    expect(JSON.parse((await server.event('settings')).request ?? '')).toEqual(set);
    expect(await server.events('settings')).toHaveLength(1);
  });

  test('LAF-07: the power of a part of the day comes with leave to charge alone, as two instants', async () => {
    const server = await startKitServer({ set: await settled() });
    const kit = new TestKit(server);
    await kit.start();
    const { set } = await kit.ask({ say: 'may', point: 1, by: { kind: 'rfid', value: 'ALICE' } });
    expect(set).toMatchObject({
      power: 22_000,
      more: { power: 36_000, from: '2026-11-26T06:00:00Z', to: '2026-11-26T20:00:00Z' },
    });
  });
});

describe('a window of every day', () => {
  test('over midnight it is the one that is open, or the next', () => {
    const night = { from: '22:00', to: '06:00', timeZone: 'Europe/Paris' };
    const at = (text: string) => windowAround(night, Date.parse(text)).fromMs;
    expect(at('2026-11-26T02:00:00Z')).toBe(Date.parse('2026-11-25T21:00:00Z'));
    expect(at('2026-11-26T12:00:00Z')).toBe(Date.parse('2026-11-26T21:00:00Z'));
  });

  test('it has not ended yet, and begins within a day, whatever the time and the zone', () => {
    const times = fc.integer({ min: 0, max: 1_439 }).map((minutes) => {
      const two = (n: number) => String(n).padStart(2, '0');
      return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
    });
    const zones = fc.constantFrom('Europe/Paris', 'Indian/Reunion', 'America/Miquelon', 'nowhere at all');
    fc.assert(
      fc.property(times, times, zones, fc.integer({ min: 0, max: 2e12 }), (from, to, timeZone, nowMs) => {
        const { fromMs, toMs } = windowAround({ from, to, timeZone }, nowMs);
        expect(toMs).toBeGreaterThan(nowMs);
        expect(fromMs).toBeLessThan(toMs);
        expect(fromMs - nowMs).toBeLessThanOrEqual(25 * HOUR_MS);
        expect(toMs - fromMs).toBeLessThanOrEqual(25 * HOUR_MS);
      }),
    );
  });
});

describe('the SMS of an access point', () => {
  const access = { serial: 'K7', apn: 'm2m.example', login: '', password: 'p@ss' };

  test('LAF-05: it is the text of the document, with a check that its kit can make', () => {
    const check = createHmac('sha256', KIT_KEY).update('LP1;APN;K7;m2m.example;;p@ss;').digest('hex').slice(0, 12);
    expect(writeApnSms(access, KIT_KEY)).toBe(`LP1;APN;K7;m2m.example;;p@ss;${check.toUpperCase()}`);
  });

  test('LAF-05: what no SMS carries, or what is too long for one, is not written', () => {
    expect(writeApnSms({ ...access, password: 'a;b' }, KIT_KEY)).toBeNull();
    expect(writeApnSms({ ...access, login: 'é' }, KIT_KEY)).toBeNull();
    expect(writeApnSms({ ...access, apn: 'x'.repeat(150) }, KIT_KEY)).toBeNull();
  });

  test('LAF-05: the version of a kit is read from the name of its software; what nobody can tell may be tried', () => {
    expect(kitVersionOf('KIPA101B202A')).toBe(202);
    expect(kitVersionOf('204')).toBe(204);
    expect(kitVersionOf('Parvis')).toBeNull();
    expect(['KIPA101B112A', 'KIPA101B200A', '', null].map(takesApnBySms)).toEqual([false, true, true, true]);
  });
});
