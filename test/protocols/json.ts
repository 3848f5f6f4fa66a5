import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { dial, type Charger, type Payload } from '../fixtures/charger.ts';
import type { ScenarioCharger, ScenarioFamily } from './charger.ts';

export const JSON_1_6: ScenarioFamily = {
  name: 'OCPP 1.6 JSON',
  protocol: 'ocpp-1.6-json',
  lacks: new Set(),
  movesFiles: true,
  async connect(server, identity) {
    let charger = await dial(server.url(identity));
    return {
      ...talkingThrough(() => charger),
      async lose() {
        charger.socket.terminate();
        await charger.closed;
      },
      async back() {
        charger = await dial(server.url(identity));
      },
    };
  },
};

function talkingThrough(link: () => Charger): Omit<ScenarioCharger, 'lose' | 'back'> {
  const call = (action: string, payload: Payload): Promise<Payload> =>
    Promise.race([
      link().call(action, payload),
      link().closed.then(({ code }) => {
        throw new Error(`${action} was not answered: closed with ${code}`);
      }),
    ]);
  return {
    async boot() {
      const { status } = await call('BootNotification', { chargePointVendor: 'Atelier', chargePointModel: 'Duo' });
      if (status !== 'Accepted') throw new Error(`the boot was ${String(status)}`);
    },
    async status(status, connectorId = 1) {
      await call('StatusNotification', { connectorId, status, errorCode: 'NoError' });
    },
    async authorize(idTag) {
      return accepted(await call('Authorize', { idTag }));
    },
    async start({ idTag, meterStartWh, atMs, connectorId = 1 }) {
      const timestamp = new Date(atMs).toISOString();
      const answer = await call('StartTransaction', { connectorId, idTag, meterStart: meterStartWh, timestamp });
      return { transactionId: answer['transactionId'] as number, accepted: accepted(answer) };
    },
    async meter({ transactionId, registerWh, atMs, connectorId = 1 }) {
      const sampledValue = [{ value: String(registerWh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
      const meterValue = [{ timestamp: new Date(atMs).toISOString(), sampledValue }];
      await call('MeterValues', { connectorId, transactionId, meterValue });
    },
    async stop({ transactionId, idTag, meterStopWh, atMs }) {
      const timestamp = new Date(atMs).toISOString();
      const tag = idTag === undefined ? {} : { idTag };
      await call('StopTransaction', { transactionId, ...tag, meterStop: meterStopWh, timestamp });
    },
    async fileStatus(about, status) {
      const action = about === 'firmware' ? 'FirmwareStatusNotification' : 'DiagnosticsStatusNotification';
      await call(action, { status });
    },
    async nextCall() {
      const charger = link();
      const { id, action, payload } = await charger.nextCall();
      return { call: { action, ...payload } as CallToChargePoint, reply: (answer) => charger.reply(id, answer) };
    },
  };
}

function accepted(answer: Payload): boolean {
  return (answer['idTagInfo'] as { status: string }).status === 'Accepted';
}
