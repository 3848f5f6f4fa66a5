import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODE, greetingOf, keyOfSession, opened, signed } from '#src/simulator/kit/envelope.ts';
import {
  bodyOf,
  isSigned,
  readEnvelope,
  seal,
  sessionKeyOf,
  signingKey,
  type Envelope,
} from '#src/wire/lafonpulse/datagram.ts';
import { readGreeting } from '#src/wire/lafonpulse/greeting.ts';
import { COUNTER_WINDOW, ReplayWindow } from '#src/wire/lafonpulse/replay-window.ts';
import { readSay } from '#src/wire/lafonpulse/says.ts';

const KEY = Buffer.alloc(32, 7);
const SIGNING = signingKey(KEY);
const serials = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/);
const sessions = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const numbers = fc.integer({ min: 0, max: 0xffff_ffff });
const envelopes = fc.record({
  kind: fc.constantFrom('say', 'done', 'hold', 'reply', 'order', 'lost'),
  session: sessions,
  counter: numbers,
  exchange: numbers,
  serial: serials,
}) as fc.Arbitrary<Envelope>;
const bodies = fc.string({ maxLength: 200, unit: 'grapheme' });

test('what is sealed is read as it was, and is signed by its key alone', () => {
  fc.assert(
    fc.property(envelopes, bodies, (envelope, body) => {
      const datagram = seal(envelope, body, SIGNING);
      expect(readEnvelope(datagram)).toEqual(envelope);
      expect(bodyOf(datagram).toString()).toBe(Buffer.from(body).toString());
      expect(isSigned(datagram, SIGNING)).toBe(true);
      expect(isSigned(datagram, signingKey(Buffer.alloc(32, 8)))).toBe(false);
    }),
  );
});

test('a datagram with one bit turned is never taken for signed', () => {
  fc.assert(
    fc.property(envelopes, bodies, fc.nat(), (envelope, body, at) => {
      const datagram = seal(envelope, body, SIGNING);
      const bit = at % (datagram.length * 8);
      datagram[bit >> 3] = (datagram[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(typeof readEnvelope(datagram) === 'string' || !isSigned(datagram, SIGNING)).toBe(true);
    }),
  );
});

test('a datagram that is cut short or too long is refused, and no bytes whatever make the reader throw', () => {
  fc.assert(
    fc.property(envelopes, bodies, fc.nat(), (envelope, body, at) => {
      const datagram = seal(envelope, body, SIGNING);
      const cut = datagram.subarray(0, at % datagram.length);
      expect(typeof readEnvelope(cut) === 'string' || !isSigned(cut, SIGNING)).toBe(true);
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1_300 }), (bytes) => void readEnvelope(Buffer.from(bytes))));
  expect(readEnvelope(Buffer.alloc(1_201))).toBe('oversized');
  expect(() =>
    seal({ kind: 'say', session: '00'.repeat(8), counter: 1, exchange: 1, serial: 'K' }, 'x'.repeat(1_163), SIGNING),
  ).toThrow(RangeError);
});

test('two codecs that were written from the document alone understand each other', () => {
  fc.assert(
    fc.property(envelopes, bodies, (envelope, body) => {
      const frame = opened(seal(envelope, body, SIGNING), envelope.serial, () => KEY);
      expect(frame).toMatchObject({ counter: envelope.counter, exchange: envelope.exchange });
      expect(frame?.body.toString()).toBe(Buffer.from(body).toString());
      const session = Buffer.from(envelope.session, 'hex');
      const { counter, exchange, serial } = envelope;
      const said = signed(serial, { code: CODE.SAY, session, counter, exchange, body: Buffer.from(body) }, KEY);
      expect(readEnvelope(said)).toEqual({ ...envelope, kind: 'say' });
      expect(isSigned(said, SIGNING)).toBe(true);
    }),
  );
  const nonces = { kit: Buffer.alloc(16, 1), server: Buffer.alloc(16, 2) };
  expect(
    sessionKeyOf(KEY, { kitNonce: nonces.kit, serverNonce: nonces.server, session: '0102030405060708' }).equals(
      keyOfSession(KEY, nonces, Buffer.from('0102030405060708', 'hex')),
    ),
  ).toBe(true);
});

test('LAF-02: a greeting tells which card is in the kit, or that there is none, and nothing else passes for one', () => {
  const nonces = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
  const cards = fc.option(fc.stringMatching(/^[0-9]{18,20}$/), { nil: undefined });
  fc.assert(
    fc.property(nonces, cards, fc.integer({ min: 26, max: 31 }), (nonce, iccid, at) => {
      // Twenty zeros are no card.
      fc.pre(iccid === undefined || !/^0+$/.test(iccid));
      const body = greetingOf(nonce, iccid);
      expect(readGreeting(body)).toEqual({ kitNonce: nonce.toString('hex'), iccid: iccid ?? null });
      body[at] = 1;
      expect(readGreeting(body)).toBeNull();
    }),
  );
  for (const digits of ['8933', 'f'.repeat(20), `${'1'.repeat(18)}f1`]) {
    const card = Buffer.from(digits.padEnd(20, 'f'), 'hex');
    expect(readGreeting(Buffer.concat([Buffer.alloc(16), card, Buffer.alloc(6)])), digits).toBeNull();
  }
});

test('the example of the document is what both codecs write', () => {
  const text = readFileSync(new URL('../../docs/protocols/lafonpulse.md', import.meta.url), 'utf8');
  const example = (name: string): string =>
    (new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '').replaceAll(/\s/g, '');
  const bytes = (length: number, from: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => from + at));
  const [key, kitNonce, serverNonce] = [bytes(32, 0), bytes(16, 0xa0), bytes(16, 0xb0)];
  const session = '0102030405060708';
  const greeting = { counter: 0, exchange: 1, serial: 'K7' } as const;
  const hello = seal(
    { ...greeting, kind: 'hello', session: '00'.repeat(8) },
    Buffer.concat([kitNonce, Buffer.alloc(16)]),
    signingKey(key),
  );
  const nonces = Buffer.concat([kitNonce, serverNonce]);
  const welcome = seal({ ...greeting, kind: 'welcome', session }, nonces, signingKey(key));
  const sessionKey = sessionKeyOf(key, { kitNonce, serverNonce, session });
  const say = seal({ ...greeting, kind: 'say', session, counter: 1 }, '{"say":"beat"}', signingKey(sessionKey));
  expect([hello, welcome, sessionKey, say].map((one) => one.toString('hex'))).toEqual(
    ['hello', 'welcome', 'key', 'say'].map(example),
  );
  expect(
    opened(welcome, 'K7', () => key)
      ?.body.subarray(16)
      .equals(serverNonce),
  ).toBe(true);
  expect(opened(say, 'K7', () => sessionKey)?.body.toString()).toBe('{"say":"beat"}');
});

test('a counter is taken once, and only while it is no more than the window behind', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 400 }), (counters) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      let highest = 0;
      for (const counter of counters) {
        const isOld = counter < 1 || seen.has(counter) || counter <= highest - COUNTER_WINDOW;
        const expected = isOld ? 'replayed' : counter > highest ? 'newest' : 'late';
        expect(window.take(counter)).toBe(expected);
        if (!isOld) seen.add(counter);
        highest = Math.max(highest, counter);
      }
    }),
  );
});

test('whatever JSON a kit says, it is a call or a fault, and nothing throws', () => {
  const says = fc.constantFrom(
    'start',
    'beat',
    'kit',
    'state',
    'sensors',
    'may',
    'parked',
    'began',
    'meter',
    'ended',
    'left',
    'firmware',
    'diagnostics',
    'toString',
  );
  const members = ['point', 'at', 'by', 'meter', 'why', 'number', 'state', 'fault', 'power', 'soft', 'data'];
  const objects = fc.dictionary(fc.constantFrom(...members), fc.jsonValue());
  fc.assert(
    fc.property(says, objects, (say, object) => {
      const read = readSay(JSON.stringify({ ...object, say }), 'K7');
      if (!read.ok) expect(read.fault.detail).not.toBe('');
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void readSay(text, 'K7')));
});
