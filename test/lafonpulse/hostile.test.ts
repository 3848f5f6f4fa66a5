import { createSocket, type Socket } from 'node:dgram';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { listenLafonPulse } from '#src/edges/lafonpulse/server.ts';
import { CODE, NO_SESSION, opened, signed } from '#src/simulator/kit/envelope.ts';
import { KIT, startKitServer, TestKit } from '../fixtures/kit.ts';
import { KIT_KEY } from '../fixtures/kit-key.ts';
import type { TestServer } from '../fixtures/server.ts';
import { until } from '../fixtures/until.ts';

/** Somebody on the network with a socket of his own. */
class Stranger {
  readonly socket: Socket = createSocket('udp4');
  readonly heard: Buffer[] = [];
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
    this.socket.on('message', (datagram) => this.heard.push(datagram));
    onTestFinished(() => void this.socket.close());
  }

  send(datagram: Buffer): Promise<void> {
    return new Promise((sent) => this.socket.send(datagram, this.#port, '127.0.0.1', () => sent()));
  }
}

function hello(key: Buffer, serial = 'K7', after = Buffer.alloc(16)): Buffer {
  const frame = { code: CODE.HELLO, session: NO_SESSION, counter: 0, exchange: 9 };
  return signed(serial, { ...frame, body: Buffer.concat([Buffer.alloc(16, 5), after]) }, key);
}

/** Every datagram that the kit sent, to be sent again by somebody else. */
function wiretapped(server: TestServer): { kit: TestKit; sent: Buffer[] } {
  const sent: Buffer[] = [];
  const kit = new TestKit(server, {
    through(datagram, deliver) {
      if ((datagram[3] ?? 0) < 0x80) sent.push(Buffer.from(datagram));
      deliver(datagram);
    },
  });
  return { kit, sent };
}

const REFUSED: readonly (readonly [why: string, datagram: Buffer])[] = [
  ['truncated', hello(KIT_KEY).subarray(0, 30)],
  ['oversized', Buffer.alloc(1_201, 1)],
  ['not-lafonpulse', Buffer.alloc(100, 1)],
  ['bad-signature', hello(Buffer.alloc(32))],
  ['no-kit-key', hello(KIT_KEY, 'NOBODY')],
  ['odd-greeting', hello(KIT_KEY, 'K7', Buffer.alloc(16, 0xee))],
  [
    'wrong-direction',
    signed('K7', { code: CODE.ORDER, session: NO_SESSION, counter: 1, exchange: 1, body: Buffer.alloc(0) }, KIT_KEY),
  ],
];

for (const [why, datagram] of REFUSED) {
  test(`a datagram is dropped without an answer and told once, however often it comes: ${why}`, async () => {
    const server = await startKitServer();
    const stranger = new Stranger(server.side.portOf('lafonpulse'));
    for (let n = 0; n < 5; n++) await stranger.send(datagram);
    const kit = new TestKit(server);
    await kit.start();
    const event = await until('the refusal to be journalled', async () => {
      const events = await server.storage.reader.events({ levels: ['problem'], limit: 50 });
      return events.find(({ kind, note }) => kind === 'refused' && note?.startsWith(why) === true);
    });
    expect(event.note).toContain('127.0.0.1');
    const refused = await server.storage.reader.events({ levels: ['problem'], limit: 50 });
    expect(refused.filter(({ kind }) => kind === 'refused')).toHaveLength(1);
    expect(stranger.heard).toEqual([]);
  });
}

test('a datagram of a kit that is sent again by somebody else is refused, and answers still go to the kit', async () => {
  const server = await startKitServer();
  const { kit, sent } = wiretapped(server);
  await kit.start();
  const by = { kind: 'rfid', value: 'ALICE' };
  kit.speaker.keep({ say: 'began', point: 1, at: new Date().toISOString(), by, meter: 10, run: 1 }, 1);
  await until('the fact to be answered', () => kit.memory.facts.length === 0);
  const stranger = new Stranger(server.side.portOf('lafonpulse'));
  for (const datagram of sent) await stranger.send(datagram);
  const replayed = await until('the replay to be told', async () => {
    const events = await server.storage.reader.events({ chargePointId: KIT, levels: ['problem'], limit: 50 });
    return events.find(({ note }) => note?.startsWith('replayed') === true);
  });
  expect(replayed.kind).toBe('refused');
  expect(await server.sessions(KIT)).toHaveLength(1);
  await server.command('c1', { action: 'ClearCache' }, KIT);
  await server.commandIn('c1', 'done');
  expect(kit.orders).toEqual([{ do: 'forget' }]);
  // Its greeting is welcomed again, which ends nothing: nobody else can sign by what follows.
  expect(stranger.heard.filter((datagram) => datagram[3] !== CODE.WELCOME)).toEqual([]);
  expect(kit.greetings).toBe(1);
});

test('what a kit said is not believed again by a server that was restarted', async () => {
  const server = await startKitServer();
  const { kit, sent } = wiretapped(server);
  await kit.start();
  await kit.speaker.close();
  await server.stop();
  const heir = await startKitServer({ folder: server.folder });
  const stranger = new Stranger(heir.side.portOf('lafonpulse'));
  for (const datagram of sent) await stranger.send(datagram);
  await until('the greeting to be welcomed', () => stranger.heard.find((datagram) => datagram[3] === CODE.WELCOME));
  const lost = await until('the old session to be called lost', () =>
    stranger.heard.find((one) => one[3] === CODE.LOST),
  );
  expect(opened(lost, 'K7', () => KIT_KEY)).not.toBeNull();
  expect(heir.side.links()).toBe(0);
  expect(await heir.events('BootNotification')).toHaveLength(1);
});

test('a kit whose key is replaced between its greeting and its first word greets again', async () => {
  const server = await startKitServer();
  let isReplaced = false;
  const kit = new TestKit(server, {
    through(datagram, deliver) {
      if (datagram[3] === CODE.SAY && !isReplaced) {
        isReplaced = true;
        server.side.edges.get('lafonpulse')?.closeChargePoint(KIT, 4003, 'its key was replaced');
      }
      deliver(datagram);
    },
  });
  await kit.start();
  expect(kit.greetings).toBe(2);
  expect(server.side.links()).toBe(1);
});

test('a server answers no stranger with more bytes than he sent', async () => {
  const server = await startKitServer();
  const stranger = new Stranger(server.side.portOf('lafonpulse'));
  const greeting = hello(KIT_KEY);
  await stranger.send(greeting);
  await until('a welcome', () => stranger.heard.length > 0);
  const stray = signed(
    'K7',
    { code: CODE.SAY, session: Buffer.alloc(8, 3), counter: 1, exchange: 1, body: Buffer.alloc(0) },
    KIT_KEY,
  );
  await stranger.send(stray);
  await until('to hear that the session is lost', () => stranger.heard.length > 1);
  expect(stranger.heard.map(({ length }) => length)).toEqual([greeting.length, stray.length]);
});

test('field-37: whoever floods the port is read no faster, and a kit beside him is answered', async () => {
  const server = await startKitServer();
  const kit = new TestKit(server, { patience: 1 });
  await kit.start();
  const stranger = new Stranger(server.side.portOf('lafonpulse'));
  const forged = hello(Buffer.alloc(32));
  const flood = new AbortController();
  const flooded = (async () => {
    while (!flood.signal.aborted) {
      await Promise.all(Array.from({ length: 10 }, () => stranger.send(forged)));
      // A datagram that leaves at once leaves the loop no turn.
      await setImmediate();
    }
  })();
  for (let n = 0; n < 20; n++) expect(await kit.ask({ say: 'beat' })).toHaveProperty('time');
  flood.abort();
  await flooded;
  await server.storage.actors.drain();
  const refused = await server.storage.reader.events({ levels: ['problem'], limit: 50 });
  const reasons = refused.map(({ note }) => note?.split(' ')[0]);
  expect(new Set(reasons)).toEqual(new Set(['bad-signature', 'too-fast']));
  expect(reasons).toHaveLength(2);
});

test('LAF-02: a kit whose address changes is followed by what it signs, on the same link', async () => {
  const server = await startKitServer();
  const kit = new TestKit(server);
  await kit.start();
  await kit.speaker.rebind();
  kit.speaker.hold();
  await server.command('c1', { action: 'ClearCache' }, KIT);
  await server.commandIn('c1', 'done');
  expect(kit.greetings).toBe(1);
  expect(await server.events('link-up')).toHaveLength(1);
});

test('field-16: what a kit says wrongly is answered with what is wrong, and its link goes on', async () => {
  const server = await startKitServer();
  const kit = new TestKit(server);
  await kit.start();
  expect(await kit.ask({ say: 'began', point: 1 })).toMatchObject({ fault: 'OccurenceConstraintViolation' });
  expect(await kit.ask({ say: 'state', point: 1, state: 'flying' })).toMatchObject({
    fault: 'PropertyConstraintViolation',
  });
  expect(await kit.ask({ say: 'sing' })).toMatchObject({ fault: 'NotImplemented' });
  expect(await server.events('bad-frame')).toHaveLength(3);
  expect(await kit.ask({ say: 'beat' })).toHaveProperty('time');
});

test('the port is listened on where the host is given by its name, and answers go to addresses all the same', async () => {
  const edge = await listenLafonPulse({
    host: 'localhost',
    port: 0,
    kits: async () => ({ chargePointId: KIT, key: KIT_KEY, set: null }),
    told: () => undefined,
    handlers: {
      now: Date.now,
      admit: async ({ identity }) => ({ ok: true, chargePointId: identity }),
      deliver: () => undefined,
      heard: () => undefined,
      isStrict: () => false,
      refused: () => undefined,
      ignored: () => undefined,
    },
  });
  onTestFinished(() => edge.stop());
  const stranger = new Stranger(edge.port);
  await stranger.send(hello(KIT_KEY));
  await until('a welcome', () => stranger.heard.length > 0);
});
