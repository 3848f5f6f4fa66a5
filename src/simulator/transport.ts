import type { Payload } from './state.ts';

/** What a link tells of itself and of the server, whatever is spoken on it. */
export type LinkEvents = {
  readonly opened: () => void;
  /** The server calls. */
  readonly called: (messageId: string, action: string, payload: Payload) => void;
  /** The server answered a call of ours, or refused it. */
  readonly answered: (messageId: string, payload: Payload) => void;
  readonly refused: (messageId: string, code: string, detail: string) => void;
  readonly closed: () => void;
  readonly failed: (error: Error) => void;
};

/** A link of a simulated charger: actions and payloads of OCPP 1.6, written as its protocol has them. */
export interface SimulatedLink {
  readonly isOpen: boolean;
  call(messageId: string, action: string, payload: object): void;
  answer(messageId: string, payload: object): void;
  refuse(messageId: string, code: string, detail: string): void;
  /** Politely; resolves once it is closed. */
  close(): Promise<void>;
  /** Without a word. */
  terminate(): void;
}

export type Dialling = {
  /** Without the identity. */
  readonly url: string;
  readonly identity: string;
  readonly password?: string;
};
export type Transport = (to: Dialling, events: LinkEvents) => SimulatedLink;
