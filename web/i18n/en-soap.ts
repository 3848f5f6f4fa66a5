import type { SoapMessages } from './messages.ts';

export const englishSoap: SoapMessages = {
  'cause.unreachable': 'the charger cannot be reached',
  'box.unreachable': 'Unreachable for',
  'box.unreachable.why': (why, address) =>
    `We hear this charger, but cannot call it${address === '' ? '' : ` at ${address}`} (${why}).`,
  'box.unreachable.fix':
    'Check in “Charger configuration” how it is reached: WS-Addressing, a fixed URL or the sender’s address.',
  'unreachable.no-address': 'it does not give its address, and none is declared',
  'unreachable.bad-address': 'this address is not an http address',
  'unreachable.forbidden-address': 'this address means the server itself',
  'unreachable.unknown-host': 'there is no such name',
  'unreachable.connection-refused': 'connection refused',
  'unreachable.no-route': 'no network leads there',
  'unreachable.timed-out': 'the network did not answer',
  'unreachable.hung-up': 'the connection was cut',
  'unreachable.bad-certificate': 'its certificate is not trusted',
  'unreachable.not-soap': 'what answers there is no charger',
  'protocol.ocpp-1.6-json': 'OCPP 1.6 JSON',
  'protocol.ocpp-1.6-soap': 'OCPP 1.6 SOAP',
  'protocol.ocpp-1.5-soap': 'OCPP 1.5 SOAP',
  'protocol.lafonpulse': 'LafonPulse',
  'connector.status.Occupied': 'Occupied',
  'refusal.unknown-path': 'unknown path: the charger must call /ModuleOCPP15.svc or /ModuleOCPP16.svc',
  'refusal.envelope-too-large': 'message too long',
  'refusal.malformed-xml': 'malformed XML',
  'refusal.not-soap': 'this is no SOAP message',
  'refusal.not-soap-1.2': 'another version of SOAP: set the charger to SOAP 1.2',
  'refusal.wrong-namespace': 'another version of OCPP: set the charger to the port and the path of its version',
  'refusal.declared-1.6-json': 'declared as OCPP 1.6 JSON: change “OCPP version” on the station’s form',
  'remark.declared-1.5-soap': '(declared as OCPP 1.5 SOAP)',
  'remark.declared-1.6-soap': '(declared as OCPP 1.6 SOAP)',
};
