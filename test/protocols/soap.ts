import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { SoapCharger, type SoapFields } from '../fixtures/soap-charger.ts';
import type { ScenarioAnswer, ScenarioCharger, ScenarioFamily, ScenarioStatus } from './charger.ts';

export const SOAP_1_6: ScenarioFamily = {
  name: 'OCPP 1.6 SOAP',
  protocol: 'ocpp-1.6-soap',
  lacks: new Set(),
  movesFiles: true,
  connect: async (server, identity) => talking(await SoapCharger.start(server.soapUrl('1.6'), '1.6', identity)),
};

export const SOAP_1_5: ScenarioFamily = {
  name: 'OCPP 1.5 SOAP',
  protocol: 'ocpp-1.5-soap',
  lacks: new Set(['TriggerMessage']),
  movesFiles: true,
  connect: async (server, identity) => talking(await SoapCharger.start(server.soapUrl('1.5'), '1.5', identity)),
};

/** The words of each version, written here anew: what the codec makes of them is what is tested. */
function talking(charger: SoapCharger): ScenarioCharger {
  const is15 = charger.version === '1.5';
  return {
    async boot() {
      const answer = await charger.call('BootNotification', { chargePointVendor: 'Atelier', chargePointModel: 'Duo' });
      const interval = answer[is15 ? 'heartbeatInterval' : 'interval'];
      if (answer['status'] !== 'Accepted' || interval !== 900)
        throw new Error(`the boot was answered ${JSON.stringify(answer)}`);
    },
    async status(status, connectorId = 1) {
      const told = is15 ? statusOf15(status) : status;
      await charger.call('StatusNotification', { connectorId, status: told, errorCode: 'NoError' });
    },
    async authorize(idTag) {
      return accepted(await charger.call('Authorize', { idTag }));
    },
    async start({ idTag, meterStartWh, atMs, connectorId = 1 }) {
      const timestamp = new Date(atMs).toISOString();
      const answer = await charger.call('StartTransaction', {
        connectorId,
        idTag,
        timestamp,
        meterStart: meterStartWh,
      });
      return { transactionId: answer['transactionId'] as number, accepted: accepted(answer) };
    },
    async meter({ transactionId, registerWh, atMs, connectorId = 1 }) {
      const timestamp = new Date(atMs).toISOString();
      const measured = { measurand: 'Energy.Active.Import.Register', unit: 'Wh' };
      const sample = is15
        ? { values: [{ timestamp, value: [{ attributes: measured, $value: String(registerWh) }] }] }
        : { meterValue: [{ timestamp, sampledValue: [{ value: String(registerWh), ...measured }] }] };
      await charger.call('MeterValues', { connectorId, transactionId, ...sample });
    },
    async stop({ transactionId, idTag, meterStopWh, atMs }) {
      const timestamp = new Date(atMs).toISOString();
      const tag = idTag === undefined ? {} : { idTag };
      await charger.call('StopTransaction', { transactionId, ...tag, timestamp, meterStop: meterStopWh });
    },
    async fileStatus(about, status) {
      const action = about === 'firmware' ? 'FirmwareStatusNotification' : 'DiagnosticsStatusNotification';
      await charger.call(action, { status });
    },
    async nextCall() {
      const { action, fields, reply } = await charger.nextCall();
      return {
        call: { action, ...fields } as CallToChargePoint,
        reply: (answer) => reply(is15 ? answerOf15(action, answer) : answer),
      };
    },
    lose: () => charger.deafen(),
    back: () => charger.listen(),
  };
}

function statusOf15(status: ScenarioStatus): string {
  return status === 'Preparing' || status === 'Charging' || status === 'Finishing' ? 'Occupied' : status;
}

function answerOf15(action: string, answer: ScenarioAnswer): SoapFields {
  if (action !== 'UnlockConnector' || !('status' in answer)) return answer;
  return { status: answer.status === 'Unlocked' ? 'Accepted' : 'Rejected' };
}

function accepted(answer: SoapFields): boolean {
  return (answer['idTagInfo'] as { status: string }).status === 'Accepted';
}
