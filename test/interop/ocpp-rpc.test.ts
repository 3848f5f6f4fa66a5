import { RPCClient } from 'ocpp-rpc';
import { expect, onTestFinished, test } from 'vitest';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { startServer, type TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

type Params = { readonly [name: string]: unknown };
type Complaint = { readonly method: string; readonly message: string };

/** A charger of others' making, which holds every frame of both sides to the published schemas. */
async function strictCharger(
  server: TestServer,
): Promise<{ client: RPCClient; complaints: Complaint[]; heard: string[] }> {
  const options = {
    endpoint: `ws://127.0.0.1:${server.port}`,
    identity: 'CP1',
    protocols: ['ocpp1.6'],
    strictMode: true,
    reconnect: false,
  };
  // Its types ask for every option; its documentation gives each a default.
  const client = new RPCClient(options as unknown as ConstructorParameters<typeof RPCClient>[0]);
  const complaints: Complaint[] = [];
  client.on('strictValidationFailure', ({ error, method }: { error: Error; method: string }) =>
    complaints.push({ method, message: error.message }),
  );
  client.on('badMessage', ({ error }: { error: Error }) =>
    complaints.push({ method: 'badMessage', message: error.message }),
  );
  const heard: string[] = [];
  const handler = ({ method }: { method: string }): Params => {
    heard.push(method);
    return answerOf(method);
  };
  client.handle(handler as unknown as Parameters<RPCClient['handle']>[0]);
  await client.connect();
  onTestFinished(() => client.close({ force: true }).then(() => undefined));
  return { client, complaints, heard };
}

function answerOf(method: string): Params {
  if (method === 'GetConfiguration') {
    return {
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '900' }],
      unknownKey: ['Nonsense'],
    };
  }
  return { status: method === 'UnlockConnector' ? 'Unlocked' : 'Accepted' };
}

test('a strict client of another make boots, charges and is asked everything without a complaint on either side', async () => {
  const server = await startServer();
  const { client, complaints, heard } = await strictCharger(server);
  const call = (method: string, params: Params) => client.call(method, params) as Promise<Params>;
  const now = () => new Date().toISOString();

  expect(await call('BootNotification', { chargePointVendor: 'Others', chargePointModel: 'Strict' })).toMatchObject({
    status: 'Accepted',
    interval: 900,
  });
  expect(await call('Heartbeat', {})).toHaveProperty('currentTime');
  for (const connectorId of [0, 1, 2]) {
    expect(
      await call('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available', timestamp: now() }),
    ).toEqual({});
  }
  expect(await call('Authorize', { idTag: 'ALICE' })).toEqual({ idTagInfo: { status: 'Accepted' } });
  expect(await call('Authorize', { idTag: 'EXPIRED' })).toMatchObject({ idTagInfo: { status: 'Expired' } });
  const started = await call('StartTransaction', {
    connectorId: 1,
    idTag: 'ALICE',
    meterStart: 1_000,
    timestamp: new Date(Date.now() - 3_600_000).toISOString(),
  });
  const transactionId = started['transactionId'] as number;
  const sampledValue = [
    { value: '2500', context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
  ];
  expect(
    await call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue }] }),
  ).toEqual({});
  expect(
    await call('StopTransaction', {
      transactionId,
      idTag: 'ALICE',
      meterStop: 4_000,
      timestamp: now(),
      reason: 'Local',
    }),
  ).toEqual({ idTagInfo: { status: 'Accepted' } });
  expect(await call('StopTransaction', { transactionId, meterStop: 4_000, timestamp: now() })).toEqual({});
  expect(await call('DataTransfer', { vendorId: 'org.example', messageId: 'm', data: 'd' })).toEqual({
    status: 'UnknownVendorId',
  });
  expect(await call('FirmwareStatusNotification', { status: 'Idle' })).toEqual({});
  expect(await call('DiagnosticsStatusNotification', { status: 'Idle' })).toEqual({});
  // Without an authority of its own the server signs nothing.
  expect(await call('SignCertificate', { csr: 'x' })).toEqual({ status: 'Rejected' });

  const ours: readonly CallToChargePoint[] = [
    { action: 'RemoteStartTransaction', idTag: 'FREE', connectorId: 2 },
    { action: 'RemoteStartTransaction', idTag: 'FREE' },
    { action: 'RemoteStopTransaction', transactionId },
    { action: 'Reset', type: 'Soft' },
    { action: 'Reset', type: 'Hard' },
    { action: 'UnlockConnector', connectorId: 1 },
    { action: 'ChangeAvailability', connectorId: 0, type: 'Inoperative' },
    { action: 'ChangeAvailability', connectorId: 1, type: 'Operative' },
    { action: 'GetConfiguration' },
    { action: 'GetConfiguration', key: ['HeartbeatInterval', 'Nonsense'] },
    { action: 'ChangeConfiguration', key: 'HeartbeatInterval', value: '900' },
    { action: 'ClearCache' },
    { action: 'TriggerMessage', requestedMessage: 'StatusNotification', connectorId: 1 },
    { action: 'TriggerMessage', requestedMessage: 'Heartbeat' },
    { action: 'DataTransfer', vendorId: 'org.example' },
    { action: 'DataTransfer', vendorId: 'org.example', messageId: 'm', data: '{"a":"é"}' },
  ];
  for (const [index, one] of ours.entries()) {
    await server.command(`c${index}`, one);
    const promise = one.action === 'RemoteStartTransaction' || one.action === 'RemoteStopTransaction';
    await server.commandIn(`c${index}`, promise ? 'accepted' : 'done');
  }
  expect(heard).toEqual(ours.map((one) => one.action));
  await until('the configuration', async () => (await server.detail()).configuration.length === 1);
  expect(complaints).toEqual([]);
  expect((await server.detail()).tolerated).toEqual({});
  expect(await server.session(transactionId)).toMatchObject({ closing: 'final', energyWh: 3_000, price: 105 });
});

test('a strict client of another make that asks nonsense gets an error that it understands', async () => {
  const server = await startServer();
  const { client, complaints } = await strictCharger(server);
  const answers: unknown[] = [];
  client.on('message', ({ message, outbound }: { message: string; outbound: boolean }) => {
    if (!outbound) answers.push(JSON.parse(message));
  });
  client.sendRaw('[2,"odd","StartTransaction",{}]');
  await until('an answer', () => answers.length > 0);
  expect(answers).toEqual([[4, 'odd', 'OccurenceConstraintViolation', 'connectorId is missing', {}]]);
  expect(complaints.filter((one) => one.method !== 'badMessage')).toEqual([]);
});
