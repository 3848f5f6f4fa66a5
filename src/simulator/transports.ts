import { dialOcppJson } from './ocpp-json.ts';
import type { Transport } from './transport.ts';

/** How chargers dial, by protocol: a new one is a line here. */
export const TRANSPORTS = { 'ocpp-1.6-json': dialOcppJson } as const satisfies Readonly<Record<string, Transport>>;
export type SimulatedProtocol = keyof typeof TRANSPORTS;
