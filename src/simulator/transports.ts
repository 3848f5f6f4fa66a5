import type { Dial } from './line.ts';
import { dialSoap } from './soap-line.ts';

type Transport = {
  /** On this machine, where a server listens unless it was told otherwise. */
  readonly url: string;
  readonly schemes: readonly string[];
  /** Null: by the WebSocket that chargers have of their own; kits have a socket of their own kind. */
  readonly dial: (url: string) => Dial | null;
};

/** How chargers reach a server, by protocol. A new protocol is an entry here. */
export const TRANSPORTS = {
  'ocpp-1.6-json': { url: 'ws://localhost:8189', schemes: ['ws:', 'wss:'], dial: () => null },
  'ocpp-1.6-soap': {
    url: 'http://localhost:8187/ModuleOCPP16.svc',
    schemes: ['http:', 'https:'],
    dial: (url) => dialSoap(url, '1.6'),
  },
  'ocpp-1.5-soap': {
    url: 'http://localhost:8181/ModuleOCPP15.svc',
    schemes: ['http:', 'https:'],
    dial: (url) => dialSoap(url, '1.5'),
  },
  lafonpulse: { url: 'udp://localhost:1080', schemes: ['udp:'], dial: () => null },
} as const satisfies Readonly<Record<string, Transport>>;
export type SimulatedProtocol = keyof typeof TRANSPORTS;
