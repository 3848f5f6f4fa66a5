import type { Said, StepName } from './script.ts';

/** Text that an answer must contain to be right. */
export const EXPECTED_SOAP: Readonly<Record<StepName, string>> = {
  boot: 'Accepted<',
  status: 'statusNotificationResponse',
  preparing: 'statusNotificationResponse',
  authorize: 'Accepted<',
  start: 'Accepted<',
  meter: 'meterValuesResponse',
  heartbeat: 'currentTime>',
  stop: 'stopTransactionResponse',
  available: 'statusNotificationResponse',
};

/** One call of OCPP 1.6 over SOAP with the headers that chargers send. Times are of now, for a server may check them. */
export function envelopeFor(step: StepName, identity: string, said: Said, status = 'Available'): string {
  const [action, fields] = bodyOf(step, said, status, new Date().toISOString());
  const element = `${action.charAt(0).toLowerCase()}${action.slice(1)}Request`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ' +
    'xmlns:w="http://www.w3.org/2005/08/addressing" xmlns:c="urn://Ocpp/Cs/2015/10/"><s:Header>' +
    `<c:chargeBoxIdentity s:mustUnderstand="true">${identity}</c:chargeBoxIdentity>` +
    `<w:Action s:mustUnderstand="true">/${action}</w:Action><w:MessageID>urn:uuid:${said.messageId}</w:MessageID>` +
    '<w:From><w:Address>http://192.0.2.10:8080/</w:Address></w:From>' +
    '<w:ReplyTo><w:Address>http://www.w3.org/2005/08/addressing/anonymous</w:Address></w:ReplyTo>' +
    '<w:To>http://server.example:8187/ModuleOCPP16.svc</w:To></s:Header>' +
    `<s:Body><c:${element}>${fields}</c:${element}></s:Body></s:Envelope>`
  );
}

function bodyOf(step: StepName, said: Said, status: string, at: string): [string, string] {
  const { connectorId, idTag, registerWh, transactionId } = said;
  const field = (name: string, value: string | number): string => `<c:${name}>${value}</c:${name}>`;
  const told = (word: string): [string, string] => [
    'StatusNotification',
    field('connectorId', connectorId) + field('status', word) + field('errorCode', 'NoError') + field('timestamp', at),
  ];
  switch (step) {
    case 'boot': {
      const named = field('chargePointVendor', 'Volterre') + field('chargePointModel', 'Parvis 22-2');
      const serial = field('chargePointSerialNumber', said.serialNumber) + field('firmwareVersion', '4.2.11');
      return ['BootNotification', named + serial + field('meterType', 'MID classe B')];
    }
    case 'status':
      return told(status);
    case 'preparing':
      return told('Preparing');
    case 'available':
      return told('Available');
    case 'authorize':
      return ['Authorize', field('idTag', idTag)];
    case 'start': {
      const start = field('connectorId', connectorId) + field('idTag', idTag) + field('timestamp', at);
      return ['StartTransaction', start + field('meterStart', registerWh)];
    }
    case 'meter': {
      const sampled = (value: string | number, measurand: string, unit: string): string =>
        field('sampledValue', field('value', value) + field('measurand', measurand) + field('unit', unit));
      const values =
        sampled(registerWh, 'Energy.Active.Import.Register', 'Wh') +
        sampled(7_000 + (registerWh % 400), 'Power.Active.Import', 'W') +
        sampled('31.2', 'Current.Import', 'A');
      const meterValue = field('meterValue', field('timestamp', at) + values);
      return ['MeterValues', field('connectorId', connectorId) + field('transactionId', transactionId) + meterValue];
    }
    case 'heartbeat':
      return ['Heartbeat', ''];
    case 'stop': {
      const stop = field('transactionId', transactionId) + field('idTag', idTag) + field('timestamp', at);
      return ['StopTransaction', stop + field('meterStop', registerWh) + field('reason', 'Local')];
    }
  }
}
