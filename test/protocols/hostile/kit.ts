import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { onTestFinished } from 'vitest';
import { CODE, DATAGRAM_BYTES_MAX, keyOfSession, NO_SESSION, opened, signed } from '#src/simulator/kit/envelope.ts';
import { reread } from '#src/wire/all.ts';
import { bodyOf, isSigned, readEnvelope, signingKey } from '#src/wire/lafonpulse/datagram.ts';
import { objectOf } from '#src/wire/lafonpulse/fields.ts';
import { readSay } from '#src/wire/lafonpulse/says.ts';
import { lafonPulse } from '#src/wire/lafonpulse/wire.ts';
import { KIT_KEY } from '../../fixtures/kit-key.ts';
import { startKitServer } from '../../fixtures/kit.ts';
import { until } from '../../fixtures/until.ts';
import { bytesBent, jsonBent, plain } from './bending.ts';
import type { Fate, HostileFamily } from './family.ts';
import { ANSWERS, AT } from './words.ts';

const BY = { kind: 'rfid', value: 'FREE' };
const SAYS = [
  { say: 'start', why: 'power', make: 'Atelier', model: 'Pulse 22', soft: 'KIPA1B204A', iccid: '8933' },
  { say: 'beat' },
  { say: 'may', point: 1, by: BY },
  { say: 'state', point: 1, at: AT, state: 'fault', fault: 'flap', code: '7', text: 'door' },
  { say: 'began', point: 1, socket: 1, run: 1, leave: 'server', at: AT, by: BY, meter: 1_000 },
  { say: 'meter', point: 1, at: AT, number: 1, meter: 2_500, power: 7_000, current: 16_000, charge: 50 },
  { say: 'ended', point: 1, run: 1, at: AT, number: 1, meter: 4_000, why: 'user', by: BY },
  { say: 'parked', point: 1, at: AT },
  { say: 'left', point: 1, at: AT },
  { say: 'sensors', point: 1, sockets: [{ socket: 1, flap: 'open' }] },
  { say: 'kit', signal: -70 },
  { say: 'firmware', state: 'downloading' },
];
const DONES = [
  { status: 'accepted' },
  { keys: [['A', '1', true]], unknown: ['B'], more: true, from: 1 },
  { mode: 'active', entries: [['rfid', 'ALICE', '']], more: false },
];

/** A datagram of a kit that has its key, and what becomes of it on the way; or one that it sent before. */
type Sent =
  | {
      readonly code: number;
      readonly body: Buffer;
      readonly key: 'own' | 'wrong';
      readonly session: 'own' | 'none';
      /** The same change as of a datagram of this kit, made by whoever is on the way. */
      readonly cut: number | null;
      readonly turned: readonly (readonly [at: number, bits: number])[];
      readonly more: Uint8Array;
    }
  | 'replayed';

const bodies = bytesBent(jsonBent([...SAYS, ...SAYS, ...DONES]).map((text) => Buffer.from(text)));
const untouched = { cut: fc.constant(null), turned: fc.constant([]), more: fc.constant(new Uint8Array()) };
const own = { key: fc.constant('own' as const), session: fc.constant('own' as const) };
const pieces: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ code: fc.constant(CODE.SAY), body: bodies, ...own, ...untouched }) },
  {
    weight: 1,
    arbitrary: fc.record({
      code: fc.constantFrom(CODE.DONE, CODE.HOLD, CODE.HELLO),
      body: bodies,
      ...own,
      ...untouched,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      code: fc.oneof(fc.constantFrom(...Object.values(CODE)), fc.nat({ max: 255 })),
      body: bodies,
      key: fc.constantFrom('own', 'own', 'wrong'),
      session: fc.constantFrom('own', 'own', 'none'),
      cut: fc.option(fc.nat({ max: 120 }), { freq: 4 }),
      turned: fc.array(fc.tuple(fc.nat({ max: 120 }), fc.nat({ max: 255 })), { maxLength: 3 }),
      more: fc.uint8Array({ maxLength: 1_250 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant('replayed' as const) },
);

type Session = { readonly id: Buffer; readonly key: Buffer };

function datagramOf(
  sent: Exclude<Sent, 'replayed'>,
  session: Session,
  of: { counter: number; exchange: number; serial: string },
): Buffer {
  const greets = sent.code === CODE.HELLO;
  const key = sent.key === 'wrong' ? Buffer.alloc(32) : greets ? KIT_KEY : session.key;
  const id = sent.session === 'own' && !greets ? session.id : NO_SESSION;
  const whole = signed(
    of.serial,
    { code: sent.code, session: id, counter: of.counter, exchange: of.exchange, body: sent.body },
    key,
  );
  const made = Buffer.concat([whole.subarray(0, sent.cut ?? whole.length), sent.more]);
  for (const [at, bits] of sent.turned) if (at < made.length) made[at] = (made[at] ?? 0) ^ bits;
  return made;
}

function fateOf(datagram: Buffer, session: Session, serials: readonly string[]): Fate {
  const envelope = readEnvelope(datagram);
  if (typeof envelope === 'string') return 'told';
  const { kind, serial } = envelope;
  const isKits = kind === 'say' || kind === 'done' || kind === 'hold';
  if (isKits && envelope.session === session.id.toString('hex')) {
    if (serial.toUpperCase() !== serials[0] || !isSigned(datagram, signingKey(session.key))) return 'told';
    if (kind === 'say') return 'answered';
    return kind === 'hold' || objectOf(bodyOf(datagram).toString()) !== null ? 'passed-over' : 'told';
  }
  if (!serials.includes(serial.toUpperCase()) || (kind !== 'hello' && !isKits)) return 'told';
  // One of a session that is over is told so, by no more bytes than it has.
  if (isKits) return 'passed-over';
  const body = bodyOf(datagram);
  const isGreeting = body.length === 32 && body.subarray(16).every((byte) => byte === 0);
  return isGreeting && isSigned(datagram, signingKey(KIT_KEY)) ? 'passed-over' : 'told';
}

function read(text: string): void {
  plain(readSay(text, 'K7'));
  reread(text, text);
  const done = objectOf(text);
  if (done !== null) for (const [call] of ANSWERS) plain(lafonPulse.readAnswer(call, done));
}

const SESSION: Session = { id: Buffer.alloc(8, 1), key: KIT_KEY };
const SERIALS = ['K7', 'K8'] as const;

export const HOSTILE_KIT: HostileFamily<Sent> = {
  name: 'LafonPulse',
  pieces,
  read(sent) {
    if (sent === 'replayed') return;
    read(sent.body.toString());
    fateOf(datagramOf(sent, SESSION, { counter: 1, exchange: 1, serial: SERIALS[0] }), SESSION, SERIALS);
  },
  readText: read,
  whole: SAYS.map((say) => JSON.stringify(say)),
  bytesMax: DATAGRAM_BYTES_MAX,
  measure: JSON.stringify({ say: 'kit', signal: 'x'.repeat(1_000) }),
  dear: ['['.repeat(1_100), '{"say":'.repeat(150)],
  identities: [`kit:${SERIALS[0]}`, `kit:${SERIALS[1]}`],
  start: (now) => startKitServer({ now, serials: SERIALS }),
  async connect(server, identity) {
    const serial = identity.slice('kit:'.length);
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    const heard: Buffer[] = [];
    socket.on('message', (datagram) => heard.push(datagram));
    const transmit = (datagram: Buffer): Promise<void> =>
      new Promise((sent) => socket.send(datagram, server.side.portOf('lafonpulse'), '127.0.0.1', () => sent()));

    const nonce = Buffer.alloc(16, identity);
    const greeting = { code: CODE.HELLO, session: NO_SESSION, counter: 0, exchange: 1 };
    await transmit(signed(serial, { ...greeting, body: Buffer.concat([nonce, Buffer.alloc(16)]) }, KIT_KEY));
    const welcome = await until('a welcome', () => heard[0] && opened(heard[0], serial, () => KIT_KEY));
    const key = keyOfSession(KIT_KEY, { kit: nonce, server: welcome.body.subarray(16) }, welcome.session);
    const session: Session = { id: welcome.session, key };
    let counter = 0;
    let exchange = 0;
    let last: Buffer = Buffer.alloc(0);

    function replyTo(asked: number): Promise<{ readonly [member: string]: unknown }> {
      return until('a reply', () => {
        const frames = heard.map((datagram) => opened(datagram, serial, () => session.key));
        const reply = frames.find((frame) => frame?.code === CODE.REPLY && frame.exchange === asked);
        return reply ? (objectOf(reply.body.toString()) ?? {}) : null;
      });
    }
    async function ask(body: object): Promise<{ readonly [member: string]: unknown }> {
      const sent = { code: CODE.SAY, body: Buffer.from(JSON.stringify(body)), key: 'own', session: 'own' } as const;
      last = datagramOf({ ...sent, cut: null, turned: [], more: new Uint8Array() }, session, {
        counter: ++counter,
        exchange: ++exchange,
        serial,
      });
      heard.length = 0;
      await transmit(last);
      return replyTo(exchange);
    }
    await ask(SAYS[0] ?? {});
    return {
      async send(sent) {
        const replayed = sent === 'replayed';
        const datagram = replayed
          ? last
          : datagramOf(sent, session, { counter: ++counter, exchange: ++exchange, serial });
        const fate = replayed ? 'told' : fateOf(datagram, session, SERIALS);
        heard.length = 0;
        await transmit(datagram);
        if (fate !== 'answered') return { type: fate };
        const reply = await replyTo(exchange);
        if ('fault' in reply) return { type: 'refused' };
        return { type: 'carried-out', transactionId: typeof reply['number'] === 'number' ? reply['number'] : null };
      },
      async beat() {
        const reply = await ask({ say: 'beat' });
        if (!('time' in reply)) throw new Error('a beat is not answered as such');
      },
    };
  },
};
