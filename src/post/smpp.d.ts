/** The part of the package `smpp` that we use; it brings no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:net';

  export interface Pdu {
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    response(fields?: Readonly<Record<string, unknown>>): Pdu;
  }
  type Answered = (answer: Pdu) => void;
  type Fields = Readonly<Record<string, unknown>>;

  /** A command returns false, and answers never, when the socket cannot be written to. */
  export interface Session extends EventEmitter {
    bind_transceiver(fields: Fields, answered: Answered): boolean;
    submit_sm(fields: Fields, answered: Answered): boolean;
    /** Of a centre, to whoever is bound. */
    deliver_sm(fields: Fields, answered: Answered): boolean;
    enquire_link(fields: Fields, answered: Answered): boolean;
    unbind(answered: Answered): boolean;
    send(pdu: Pdu): boolean;
    close(closed?: () => void): void;
    destroy(closed?: () => void): void;
  }
  type Encoding = { match(text: string): boolean; encode(text: string): Buffer };

  const smpp: {
    connect(options: { readonly host: string; readonly port: number; readonly tls: boolean }): Session;
    createServer(listener: (session: Session) => void): Server;
    /** `ASCII` is the alphabet of GSM 03.38. */
    readonly encodings: { readonly ASCII: Encoding; readonly UCS2: Encoding };
    readonly errors: Readonly<Record<string, number>>;
  };
  export default smpp;
}
