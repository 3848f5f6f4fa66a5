import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/**
 * The envelope of LafonPulse (docs/protocols/lafonpulse.md, sections 1 to 3): every field at a place of its own, and a
 * signature over all of it, so that nothing is parsed that a kit did not sign. Pure; no key is kept here.
 */

/** Payload of UDP that passes every network in one piece. */
export const DATAGRAM_BYTES_MAX = 1_200;
export const NONCE_BYTES = 16;
const TAG_BYTES = 16;
const MAGIC = 0x4c50;
const VERSION = 1;
const SESSION_AT = 4;
const SESSION_BYTES = 8;
const COUNTER_AT = 12;
const EXCHANGE_AT = 16;
const LENGTH_AT = 20;
const SERIAL_AT = 21;
const SERIAL = /^[\w.-]{1,20}$/;
const SESSION_KEY_LABEL = 'LafonPulse session';
/** Of SHA-256: what it takes in at a time, and what it gives. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

const KINDS = {
  hello: 0x01,
  say: 0x02,
  done: 0x03,
  hold: 0x04,
  welcome: 0x81,
  reply: 0x82,
  order: 0x83,
  lost: 0x84,
} as const;
export type Kind = keyof typeof KINDS;
const NAMES = new Map<number, Kind>(Object.entries(KINDS).map(([name, code]) => [code, name as Kind]));

/** What an envelope says before anybody has looked whether it is true. */
export type Envelope = {
  readonly kind: Kind;
  /** Sixteen hexadecimal digits; all zero in a greeting. */
  readonly session: string;
  readonly counter: number;
  readonly exchange: number;
  /** As it was written; compare through `serialKey`. */
  readonly serial: string;
};

/** Why a datagram is no envelope. */
export type Malformed = 'oversized' | 'truncated' | 'not-lafonpulse' | 'unknown-kind' | 'odd-serial';

/** The form under which serial numbers are compared. */
export function serialKey(serial: string): string {
  return serial.toUpperCase();
}

/** Do these mean the same kit? */
export function isSameSerial(one: string, other: string): boolean {
  return one === other || serialKey(one) === serialKey(other);
}

/** How many bytes of body fit beside this serial number. */
export function bodyBytesMax(serial: string): number {
  return DATAGRAM_BYTES_MAX - SERIAL_AT - serial.length - TAG_BYTES;
}

/** Reads the envelope of a datagram; whether it is signed is another question (`isSigned`). */
export function readEnvelope(datagram: Buffer): Envelope | Malformed {
  if (datagram.length > DATAGRAM_BYTES_MAX) return 'oversized';
  if (datagram.length < SERIAL_AT + 1 + TAG_BYTES) return 'truncated';
  if (datagram.readUInt16BE(0) !== MAGIC || datagram[2] !== VERSION) return 'not-lafonpulse';
  const kind = NAMES.get(datagram[3] ?? 0);
  if (kind === undefined) return 'unknown-kind';
  const length = datagram[LENGTH_AT] ?? 0;
  if (datagram.length < SERIAL_AT + length + TAG_BYTES) return 'truncated';
  const serial = datagram.toString('latin1', SERIAL_AT, SERIAL_AT + length);
  if (!SERIAL.test(serial)) return 'odd-serial';
  return {
    kind,
    session: datagram.toString('hex', SESSION_AT, SESSION_AT + SESSION_BYTES),
    counter: datagram.readUInt32BE(COUNTER_AT),
    exchange: datagram.readUInt32BE(EXCHANGE_AT),
    serial,
  };
}

/** A key as HMAC-SHA-256 takes it in (RFC 2104): made ready once, for all that is signed with it. */
export type SigningKey = { readonly inner: Buffer; readonly outer: Buffer };

/** @param key 32 bytes. @throws RangeError for a key of more than one block. */
export function signingKey(key: Buffer): SigningKey {
  if (key.length > BLOCK_BYTES) throw new RangeError('a key of more than a block');
  const padded = (pad: number) => Buffer.from(Array.from({ length: BLOCK_BYTES }, (_, at) => pad ^ (key[at] ?? 0)));
  return { inner: padded(INNER_PAD), outer: padded(OUTER_PAD) };
}

/** Was this datagram, whose envelope was read, signed with this key? */
export function isSigned(datagram: Buffer, key: SigningKey): boolean {
  const end = datagram.length - TAG_BYTES;
  writeTag(expected, 0, tagOf(datagram, end, key));
  return timingSafeEqual(expected, datagram.subarray(end));
}

/** Between envelope and signature. */
export function bodyOf(datagram: Buffer): Buffer {
  return datagram.subarray(SERIAL_AT + (datagram[LENGTH_AT] ?? 0), datagram.length - TAG_BYTES);
}

/** A datagram, signed. @throws RangeError for a body that does not fit: whoever writes it must look before. */
export function seal(envelope: Envelope, body: Buffer | string, key: SigningKey): Buffer {
  const { kind, session, counter, exchange, serial } = envelope;
  const bytes = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const end = SERIAL_AT + serial.length + bytes;
  if (end + TAG_BYTES > DATAGRAM_BYTES_MAX) throw new RangeError(`${end + TAG_BYTES} bytes do not fit a datagram`);
  const datagram = Buffer.allocUnsafe(end + TAG_BYTES);
  datagram.writeUInt16BE(MAGIC, 0);
  datagram[2] = VERSION;
  datagram[3] = KINDS[kind];
  datagram.write(session, SESSION_AT, SESSION_BYTES, 'hex');
  datagram.writeUInt32BE(counter, COUNTER_AT);
  datagram.writeUInt32BE(exchange, EXCHANGE_AT);
  datagram[LENGTH_AT] = serial.length;
  datagram.write(serial, SERIAL_AT, 'latin1');
  if (typeof body === 'string') datagram.write(body, SERIAL_AT + serial.length);
  else body.copy(datagram, SERIAL_AT + serial.length);
  writeTag(datagram, end, tagOf(datagram, end, key));
  return datagram;
}

/** Section 3: the key of one session, from the nonces of its greeting. */
export function sessionKeyOf(key: Buffer, of: { kitNonce: Buffer; serverNonce: Buffer; session: string }): Buffer {
  return createHmac('sha256', key)
    .update(SESSION_KEY_LABEL)
    .update(of.kitNonce)
    .update(of.serverNonce)
    .update(Buffer.from(of.session, 'hex'))
    .digest();
}

/** Written over with each datagram, so that none leaves anything behind to be collected. */
const inner = Buffer.alloc(BLOCK_BYTES + DATAGRAM_BYTES_MAX);
const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
const expected = Buffer.alloc(TAG_BYTES);

/**
 * HMAC-SHA-256 of the bytes before `end`, each byte a character: two digests in one call each take a third of the time of
 * an `Hmac` object. @throws RangeError for more bytes than a datagram has.
 */
function tagOf(datagram: Buffer, end: number, key: SigningKey): string {
  if (end > DATAGRAM_BYTES_MAX) throw new RangeError('too long to be signed');
  key.inner.copy(inner);
  key.outer.copy(outer);
  datagram.copy(inner, BLOCK_BYTES, 0, end);
  outer.write(hash('sha256', inner.subarray(0, BLOCK_BYTES + end), 'latin1'), BLOCK_BYTES, 'latin1');
  return hash('sha256', outer, 'latin1');
}

function writeTag(into: Buffer, at: number, tag: string): void {
  into.write(tag, at, TAG_BYTES, 'latin1');
}
