import { lafonPulse } from './lafonpulse/wire.ts';
import { SOAP_WIRES } from './ocpp-soap/wire.ts';
import { ocppJson } from './ocpp/json.ts';
import { protocolOf, type Protocol } from './protocol.ts';
import type { Wire } from './wire.ts';

const WIRES: Readonly<Record<Protocol, Wire>> = {
  'ocpp-1.6-json': ocppJson,
  ...SOAP_WIRES,
  lafonpulse: lafonPulse,
};

/** How one writes and reads on this link. */
export function wireOf(linkId: number): Wire {
  return WIRES[protocolOf(linkId)];
}
