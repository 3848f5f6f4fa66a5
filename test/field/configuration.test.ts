import { describe, expect, test } from 'vitest';
import type { Forced, ForcedKeyView } from '#actors/charge-point/messages.ts';
import { chargePointKey } from '#src/domain/ids.ts';
import type { Charger } from '../fixtures/charger.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';
import { aChargePoint } from '../storage/rows.ts';

/** The alarm that rings some seconds after a boot, now. Links are numbered from 1. */
function keysDue(server: TestServer, linkId: number, chargePointId = 'CP1'): void {
  server.ring(`charge-point/${chargePointId}`, { type: 'keys-due', linkId, booted: true, atMs: Date.now() });
}

function force(server: TestServer, key: string, value: string | null, chargePointId = 'CP1'): Promise<Forced> {
  const by = 'operator';
  return server
    .actor(chargePointId)
    .ask<Forced>((replyTo) => ({ type: 'force-key', key, value, send: true, by, atMs: Date.now(), replyTo }));
}

function phased(server: TestServer, key: string, phase: ForcedKeyView['phase']): Promise<ForcedKeyView> {
  return until(`${key} to be ${phase}`, async () =>
    (await server.detail()).forced.find((one) => one.key === key && one.phase === phase),
  );
}

/** Takes the next calls of the server, accepts each, and tells what they were. */
async function accepted(charger: Charger, count: number): Promise<readonly string[]> {
  const told: string[] = [];
  for (let left = count; left > 0; left--) {
    const { id, payload } = await charger.nextCall();
    told.push(`${String(payload['key'])}=${String(payload['value'])}`);
    charger.reply(id, { status: 'Accepted' });
  }
  return told;
}

describe('forced values', () => {
  test('field-31: they are sent again after every boot, and the charger’s word is shown', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    expect(await force(server, 'LightIntensity', '20')).toEqual({ ok: true });
    expect(await accepted(charger, 1)).toEqual(['LightIntensity=20']);
    await phased(server, 'LightIntensity', 'in-force');
    await charger.boot();
    await phased(server, 'LightIntensity', 'awaiting');
    keysDue(server, 1);
    expect(await accepted(charger, 3)).toEqual([
      'HeartbeatInterval=900',
      'MeterValueSampleInterval=0',
      'LightIntensity=20',
    ]);
    await phased(server, 'LightIntensity', 'in-force');
    expect((await server.detail()).commands).toEqual([]);
    expect((await server.events('ChangeConfiguration')).map(({ kind, note }) => [kind, note])).toContainEqual([
      'command',
      'forced,by operator',
    ]);
  });

  test('OCP-20: another charger at the station, under another identity, is told them too', async () => {
    const server = await startServer();
    await server.booted('CP1');
    await force(server, 'LightIntensity', '20');
    const next = aChargePoint({ chargePointId: 'CP7', key: chargePointKey('CP7') });
    await server.storage.registry.putChargePoint(next);
    const row = await server.storage.reader.rosterEntry('CP7');
    if (row === null) throw new Error('it was just declared');
    server.side.supervision.declare(row);
    const charger = await server.booted('CP7');
    keysDue(server, 2, 'CP7');
    expect(await accepted(charger, 3)).toContain('LightIntensity=20');
  });

  test('OCP-20: what was forced in the absence of the charger is on disk, and leaves when it comes', async () => {
    const server = await startServer();
    expect(await force(server, 'LightIntensity', '20')).toEqual({ ok: true });
    server.crash();
    const again = await startServer({ folder: server.folder });
    const charger = await again.booted('CP1');
    keysDue(again, 1);
    expect(await accepted(charger, 3)).toContain('LightIntensity=20');
    await force(again, 'lightintensity', null);
    expect((await again.detail()).forced.map(({ key }) => key)).toEqual([
      'HeartbeatInterval',
      'MeterValueSampleInterval',
    ]);
  });

  test.each([
    ['[3,"ID",{"status":"Rejected"}]', 'refused'],
    ['[3,"ID",{"status":"RebootRequired"}]', 'after-reboot'],
    ['[4,"ID","InternalError","",{}]', 'refused'],
    ['[3,"ID",{"stat":4}]', 'refused'],
  ] as const)('OCP-20: answered %s, the value is shown as %s', async (answer, phase) => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await force(server, 'LightIntensity', '20');
    const { id } = await charger.nextCall();
    charger.send(answer.replace('ID', id));
    await phased(server, 'LightIntensity', phase);
  });
});

/** A charger that tells so many keys at once, and nothing when it is asked for more. */
class Sparing {
  readonly asked: (readonly string[])[] = [];
  readonly #keys: Readonly<Record<string, string>>;
  readonly #atOnce: number;
  readonly #silentOnWhole: boolean;

  constructor(keys: Readonly<Record<string, string>>, atOnce: number, silentOnWhole = false) {
    this.#keys = keys;
    this.#atOnce = atOnce;
    this.#silentOnWhole = silentOnWhole;
  }

  /** Answers until the command has ended. It omits `unknownKey`, as many do. */
  async obey(server: TestServer, charger: Charger, commandId: string): Promise<void> {
    for (;;) {
      const row = await server.storage.reader.command(commandId);
      if ((row?.state as { ended?: boolean } | undefined)?.ended === true) return;
      if (charger.callsWaiting === 0) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const { id, payload } = await charger.nextCall();
      const asked = (payload['key'] as string[] | undefined) ?? [];
      this.asked.push(asked);
      if (asked.length === 0 && this.#silentOnWhole) {
        server.ring('charge-point/CP1', { type: 'no-answer', commandId: id, atMs: Date.now() });
        continue;
      }
      const fits = asked.length > 0 && asked.length <= this.#atOnce;
      const configurationKey = (fits ? asked : []).flatMap((key) => {
        const value = this.#keys[key];
        return value === undefined ? [] : [{ key, readonly: false, value }];
      });
      charger.reply(id, { configurationKey });
    }
  }
}

describe('a configuration that is read', () => {
  const KEYS = { GetConfigurationMaxKeys: '4', HeartbeatInterval: '900', NumberOfConnectors: '2', BlinkRepeat: '3' };

  test.each([[false], [true]])(
    'field-29: a charger that tells few keys at once is asked for as many as it tells (silent when asked for all: %s)',
    async (silent) => {
      const server = await startServer();
      const charger = await server.booted('CP1');
      const sparing = new Sparing(KEYS, 4, silent);
      await server.command('c1', { action: 'GetConfiguration' });
      await sparing.obey(server, charger, 'c1');
      expect(await server.commandIn('c1', 'done')).toMatchObject({ cause: null });
      expect(sparing.asked.slice(0, 2)).toEqual([[], ['GetConfigurationMaxKeys']]);
      expect(Math.max(...sparing.asked.map(({ length }) => length))).toBe(4);
      const { configuration } = await server.detail();
      expect(Object.fromEntries(configuration.map(({ key, value }) => [key, value]))).toEqual(KEYS);
    },
  );

  test('field-29: one that tells nothing of several keys is asked for each alone', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const { GetConfigurationMaxKeys: _none, ...keys } = KEYS;
    const sparing = new Sparing(keys, 1);
    await server.command('c1', { action: 'GetConfiguration' });
    await sparing.obey(server, charger, 'c1');
    await server.commandIn('c1', 'done');
    expect((await server.detail()).configuration).toHaveLength(3);
    expect(sparing.asked.at(-1)).toHaveLength(1);
  });

  test('field-29: one that cuts its answer at its limit is asked for the rest', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'GetConfiguration' });
    const { id } = await charger.nextCall();
    const configurationKey = [
      { key: 'GetConfigurationMaxKeys', readonly: true, value: '2' },
      { key: 'HeartbeatInterval', readonly: false, value: '900' },
    ];
    charger.reply(id, { configurationKey });
    await new Sparing(KEYS, 2).obey(server, charger, 'c1');
    await server.commandIn('c1', 'done');
    expect((await server.detail()).configuration).toHaveLength(4);
  });

  test('field-29: one that tells nothing at all ends the command in words, and the way is free', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    const mute = new Sparing({}, 0);
    await server.command('c1', { action: 'GetConfiguration' });
    await mute.obey(server, charger, 'c1');
    expect(await server.commandIn('c1', 'refused')).toMatchObject({ cause: 'nothing-told' });
    expect(mute.asked.length).toBeLessThan(12);
    await server.command('c2', { action: 'ClearCache' });
    expect((await charger.nextCall()).id).toBe('c2');
  });

  test('field-29: while it is read in pieces, other commands and the charger’s own calls go on', async () => {
    const server = await startServer();
    const charger = await server.booted('CP1');
    await server.command('c1', { action: 'GetConfiguration' });
    charger.reply((await charger.nextCall()).id, { configurationKey: [] });
    const piece = await charger.nextCall();
    await server.command('c2', { action: 'ClearCache' });
    await charger.start({ idTag: 'FREE' });
    charger.reply(piece.id, { configurationKey: [] });
    const { id } = await charger.nextCall();
    expect(id).toBe('c2');
    charger.reply(id, { status: 'Accepted' });
    await server.commandIn('c2', 'done');
    expect(await charger.nextCall()).toMatchObject({ action: 'GetConfiguration' });
    await charger.close();
    expect(await server.commandIn('c1', 'failed')).toMatchObject({ cause: 'link-lost' });
  });
});
