import type { Dial } from './line.ts';
import { dialSoap } from './soap-line.ts';

/** How chargers dial, by protocol; null: by the WebSocket that they have of their own. A new protocol is a line here. */
export const TRANSPORTS = {
  'ocpp-1.6-json': () => null,
  'ocpp-1.6-soap': (url) => dialSoap(url, '1.6'),
  'ocpp-1.5-soap': (url) => dialSoap(url, '1.5'),
} as const satisfies Readonly<Record<string, (url: string) => Dial | null>>;
export type SimulatedProtocol = keyof typeof TRANSPORTS;
