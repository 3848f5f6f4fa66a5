import { createHmac } from 'node:crypto';

/**
 * The envelope as a kit writes and reads it, from docs/protocols/lafonpulse.md alone: nothing here is shared with the
 * server's codec, so that the two prove the document to each other.
 */
export const CODE = {
  HELLO: 0x01,
  SAY: 0x02,
  DONE: 0x03,
  HOLD: 0x04,
  WELCOME: 0x81,
  REPLY: 0x82,
  ORDER: 0x83,
  LOST: 0x84,
} as const;

export type Frame = {
  readonly code: number;
  /** 8 bytes. */
  readonly session: Buffer;
  readonly counter: number;
  readonly exchange: number;
  readonly body: Buffer;
};

const HEAD_BYTES = 21;
const TAG_BYTES = 16;
/** Section 1. */
export const DATAGRAM_BYTES_MAX = 1_200;
export const NO_SESSION = Buffer.alloc(8);

export function signed(serial: string, frame: Frame, key: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.write('LP', 'ascii');
  head.writeUInt8(1, 2);
  head.writeUInt8(frame.code, 3);
  frame.session.copy(head, 4);
  head.writeUInt32BE(frame.counter, 12);
  head.writeUInt32BE(frame.exchange, 16);
  head.writeUInt8(serial.length, 20);
  const said = Buffer.concat([head, Buffer.from(serial, 'ascii'), frame.body]);
  return Buffer.concat([said, tag(said, key)]);
}

/** What the server sent; null for what is not of this protocol, not for this kit, or not signed with `keyFor` its kind. */
export function opened(datagram: Buffer, serial: string, keyFor: (code: number) => Buffer | null): Frame | null {
  const end = datagram.length - TAG_BYTES;
  const bodyAt = HEAD_BYTES + serial.length;
  if (datagram.length > DATAGRAM_BYTES_MAX || end < bodyAt) return null;
  if (datagram.toString('ascii', 0, 2) !== 'LP' || datagram.readUInt8(2) !== 1) return null;
  if (datagram.readUInt8(20) !== serial.length || datagram.toString('ascii', HEAD_BYTES, bodyAt) !== serial)
    return null;
  const code = datagram.readUInt8(3);
  const key = keyFor(code);
  if (key === null || !tag(datagram.subarray(0, end), key).equals(datagram.subarray(end))) return null;
  return {
    code,
    session: Buffer.from(datagram.subarray(4, 12)),
    counter: datagram.readUInt32BE(12),
    exchange: datagram.readUInt32BE(16),
    body: Buffer.from(datagram.subarray(bodyAt, end)),
  };
}

/** The body of a `HELLO`: a nonce, and the digits of the card where there is one (section 3, step 1). */
export function greetingOf(nonce: Buffer, iccid: string | undefined): Buffer {
  const card = iccid === undefined ? Buffer.alloc(10) : Buffer.from(iccid.padEnd(20, 'f'), 'hex');
  return Buffer.concat([nonce, card, Buffer.alloc(6)]);
}

/** Section 3, step 3. */
export function keyOfSession(key: Buffer, nonces: { kit: Buffer; server: Buffer }, session: Buffer): Buffer {
  const label = Buffer.from('LafonPulse session', 'ascii');
  return createHmac('sha256', key)
    .update(Buffer.concat([label, nonces.kit, nonces.server, session]))
    .digest();
}

function tag(said: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update(said).digest().subarray(0, TAG_BYTES);
}
