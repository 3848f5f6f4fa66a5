import type { Duplex } from 'node:stream';

/** FIN and the opcode of a text (RFC 6455 §5.2). A server never masks. */
const WHOLE_TEXT = 0x81;
const LENGTH_7_BITS_MAX = 125;
const LENGTH_16_BITS = 126;
const LENGTH_16_BITS_MAX = 65_535;
const LENGTH_64_BITS = 127;

/** What a link needs for the texts that it sends. */
export type TextSender = {
  /** Written, and not yet taken by the network. */
  readonly unsentBytes: number;
  send(text: string): void;
};

/**
 * Texts written straight to the socket under a WebSocket, each in one piece, where `ws` writes a header and a text
 * apart. Pings and closes stay with `ws`: without compression and fragments, neither of which we use, it has nothing
 * half written when it returns.
 */
export class RawTextSender implements TextSender {
  readonly #socket: Duplex;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  send(text: string): void {
    const bytes = Buffer.byteLength(text);
    // Node writes a text of single bytes without a buffer of its own.
    if (bytes === text.length) this.#socket.write(header(bytes) + text, 'latin1');
    else this.#socket.write(Buffer.concat([Buffer.from(header(bytes), 'latin1'), Buffer.from(text)]));
  }
}

/** One character for each byte. */
function header(bytes: number): string {
  if (bytes <= LENGTH_7_BITS_MAX) return String.fromCharCode(WHOLE_TEXT, bytes);
  if (bytes <= LENGTH_16_BITS_MAX) return String.fromCharCode(WHOLE_TEXT, LENGTH_16_BITS, bytes >>> 8, bytes & 0xff);
  const low = [bytes >>> 24, (bytes >>> 16) & 0xff, (bytes >>> 8) & 0xff, bytes & 0xff];
  return String.fromCharCode(WHOLE_TEXT, LENGTH_64_BITS, 0, 0, 0, 0, ...low);
}
