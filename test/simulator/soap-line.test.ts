import { describe, expect, onTestFinished, test } from 'vitest';
import { seededChance } from '#src/simulator/chance.ts';
import { createSimulatedCharger, type SimulatedCharger } from '#src/simulator/charger.ts';
import { REAL_CLOCK } from '#src/simulator/fleet.ts';
import { nameplatesFor } from '#src/simulator/models.ts';
import { dialSoap } from '#src/simulator/soap-line.ts';
import type { SoapVersion } from '#src/wire/ocpp-soap/descriptions.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

/** A car that comes and goes takes its time, on a busy machine. */
const WITHIN_MS = 15_000;

/** A simulated charger on a real server, powered and booted. */
async function living(version: SoapVersion): Promise<{ server: TestServer; charger: SimulatedCharger }> {
  const server = await startServer();
  const charger = createSimulatedCharger({
    url: '',
    dial: dialSoap(server.soapUrl(version), version),
    nameplate: nameplatesFor(['CP1'])[0]!,
    clock: REAL_CLOCK,
    chance: seededChance(3),
    speed: 200,
    autonomous: false,
    registersWh: [10_000, 20_000],
    resendWith: 'new-id',
    pickBadge: () => 'ALICE',
  });
  onTestFinished(() => charger.stop());
  charger.start();
  await server.viewWhen((view) => view.linked && view.connectors.length === 2);
  return { server, charger };
}

describe.each(['1.5', '1.6'] as const)('a simulated charger that speaks OCPP %s over SOAP', (version) => {
  test('boots, charges whoever comes, and stops', { timeout: 60_000 }, async () => {
    const { server, charger } = await living(version);
    await server.command('c1', { action: 'ChangeConfiguration', key: 'MeterValueSampleInterval', value: '20' });
    await server.commandIn('c1', 'done');
    charger.happen({ type: 'driver-came', connectorId: 1, idTag: 'ALICE' });
    const session = await until('a session', async () => (await server.sessions())[0], WITHIN_MS);
    await until('its samples', async () => (await server.events('MeterValues')).length > 0, WITHIN_MS);
    charger.happen({ type: 'driver-stopped', connectorId: 1 });
    await until('its end', async () => (await server.session(session.transactionId)).closing === 'final', WITHIN_MS);
    expect(await server.events('bad-frame')).toEqual([]);
    expect((await server.detail()).tolerated).toEqual({});
  });

  test('does what it is told, and says what it is set to', async () => {
    const { server } = await living(version);
    await server.command('c1', { action: 'ChangeConfiguration', key: 'ConnectionTimeOut', value: '77' });
    expect(await server.commandIn('c1', 'done')).toMatchObject({ detail: 'Accepted' });
    await server.command('c2', { action: 'GetConfiguration', key: ['ConnectionTimeOut', 'HeartbeatInterval'] });
    await server.commandIn('c2', 'done');
    expect((await server.detail()).configuration).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'ConnectionTimeOut', value: '77' }),
        expect.objectContaining({ key: 'HeartbeatInterval' }),
      ]),
    );
  });

  test('comes back with a boot after a reset', async () => {
    const { server } = await living(version);
    await server.command('c1', { action: 'Reset', type: 'Soft' });
    await server.commandIn('c1', 'done');
    await until('a second boot', async () => (await server.events('BootNotification')).length === 2);
  });
});
