import { lafonPulse } from './lafonpulse/wire.ts';
import { SOAP_WIRES } from './ocpp-soap/wire.ts';
import { ocppJson } from './ocpp/json.ts';
import { protocolOf, type Protocol } from './protocol.ts';
import type { Exchange, Wire } from './wire.ts';

const WIRES: Readonly<Record<Protocol, Wire>> = {
  'ocpp-1.6-json': ocppJson,
  ...SOAP_WIRES,
  lafonpulse: lafonPulse,
};

/** How one writes and reads on this link. */
export function wireOf(linkId: number): Wire {
  return WIRES[protocolOf(linkId)];
}

/** A line of the journal does not name its protocol: whichever knows its own text reads it. */
export function reread(request: string, answer: string | null): Exchange | null {
  for (const wire of Object.values(WIRES)) {
    const exchange = wire.reread(request, answer);
    if (exchange !== null) return exchange;
  }
  return null;
}
