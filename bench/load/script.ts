/**
 * What a loaded charger says, as text ready to send: building objects would cost the generator what it should not
 * spend, for it shares the machine with the server that it measures.
 */

/** The steps of one cycle, in order; the answer of `start` carries the number used by the ones after it. */
export const CYCLE = [
  'preparing',
  'authorize',
  'start',
  'meter',
  'meter',
  'meter',
  'meter',
  'heartbeat',
  'stop',
  'available',
] as const;

export type StepName = (typeof CYCLE)[number] | 'boot' | 'status';

/** What a frame depends on. Registers are Wh. */
export type Said = {
  readonly messageId: string;
  readonly idTag: string;
  readonly connectorId: number;
  readonly transactionId: number;
  readonly registerWh: number;
  readonly serialNumber: string;
};

/** Text that an answer must contain to be right, beyond being a result with the right id; '' when it may be empty. */
export const EXPECTED: Record<StepName, string> = {
  boot: '"Accepted"',
  status: '',
  preparing: '',
  authorize: '"Accepted"',
  start: '"Accepted"',
  meter: '',
  heartbeat: '"currentTime"',
  stop: '',
  available: '',
};

/** One OCPP 1.6 call. Times are of now, for a server may check them. */
export function frameFor(step: StepName, said: Said, status = 'Available'): string {
  const head = `[2,"${said.messageId}"`;
  const timestamp = new Date().toISOString();
  switch (step) {
    case 'boot':
      return `${head},"BootNotification",{"chargePointVendor":"Volterre","chargePointModel":"Parvis 22-2","chargePointSerialNumber":"${said.serialNumber}","firmwareVersion":"4.2.11","meterType":"MID classe B"}]`;
    case 'status':
      return statusFrame(head, said.connectorId, status, timestamp);
    case 'preparing':
      return statusFrame(head, said.connectorId, 'Preparing', timestamp);
    case 'available':
      return statusFrame(head, said.connectorId, 'Available', timestamp);
    case 'authorize':
      return `${head},"Authorize",{"idTag":"${said.idTag}"}]`;
    case 'start':
      return `${head},"StartTransaction",{"connectorId":${said.connectorId},"idTag":"${said.idTag}","meterStart":${said.registerWh},"timestamp":"${timestamp}"}]`;
    case 'meter':
      return meterFrame(head, said, timestamp);
    case 'heartbeat':
      return `${head},"Heartbeat",{}]`;
    case 'stop':
      return `${head},"StopTransaction",{"transactionId":${said.transactionId},"idTag":"${said.idTag}","meterStop":${said.registerWh},"timestamp":"${timestamp}","reason":"Local"}]`;
  }
}

function statusFrame(head: string, connectorId: number, status: string, timestamp: string): string {
  return `${head},"StatusNotification",{"connectorId":${connectorId},"errorCode":"NoError","status":"${status}","timestamp":"${timestamp}"}]`;
}

/** Three to five sampled values: energy, power, current, then sometimes voltage and state of charge. */
function meterFrame(head: string, said: Said, timestamp: string): string {
  const { registerWh } = said;
  const powerW = 7_000 + (registerWh % 400);
  const more = registerWh % 3;
  const voltage = more > 0 ? ',{"value":"230.4","measurand":"Voltage","unit":"V","phase":"L1-N"}' : '';
  const charged = more > 1 ? `,{"value":"${registerWh % 100}","measurand":"SoC","unit":"Percent"}` : '';
  return `${head},"MeterValues",{"connectorId":${said.connectorId},"transactionId":${said.transactionId},"meterValue":[{"timestamp":"${timestamp}","sampledValue":[{"value":"${registerWh}","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},{"value":"${powerW}","measurand":"Power.Active.Import","unit":"W"},{"value":"31.2","measurand":"Current.Import","unit":"A"}${voltage}${charged}]}]}]`;
}
