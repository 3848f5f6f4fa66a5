import { DgramAsPromised } from 'dgram-as-promised';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import {
  bodyOf,
  isSameSerial,
  isSigned,
  readEnvelope,
  seal,
  serialKey,
  signingKey,
  type Envelope,
} from '#src/wire/lafonpulse/datagram.ts';
import { readGreeting } from '#src/wire/lafonpulse/greeting.ts';
import { writeSet } from '#src/wire/lafonpulse/settings.ts';
import { linkIdOf } from '#src/wire/protocol.ts';
import type { Edge } from '../edge.ts';
import type { Arrival, EdgeHandlers, Refusal } from '../handlers.ts';
import { Knocks } from '../knocks.ts';
import { Greetings, type Offer } from './greetings.ts';
import type { KitDoor, KnownKit } from './kit-door.ts';
import { KitLink, type Address, type SettingsOf } from './link.ts';
import { RateLimit, SourceLimits } from './sources.ts';

/** Asked of the system for the socket, which gives what it is allowed to: a burst of a fleet waits there to be read. */
export const RECEIVE_BUFFER_BYTES = 4_194_304;
/** Of one address and port, whoever is there. */
export const SOURCE_DATAGRAMS_PER_SECOND = 100;
/** Greetings and strays of one address, which a whole street may share. */
const STRANGER_DATAGRAMS_PER_SECOND = 200;
/** The same of all addresses together: who writes down senders as he likes costs those who are linked nothing. */
const ALL_STRANGERS_PER_SECOND = 500;
/** Kits that are looked up at one time; who knocks beyond that knocks again. */
const LOOKUPS_MAX = 64;
/** Refusals for each reason that are told of: a forger who writes from a thousand addresses does not fill the disk. */
const REFUSALS_PER_SECOND = 20;
const LOST_EVERY_MS = 1_000;
/** Twice the heartbeat interval and a minute, as for any charger (field-11). */
const SILENT_CLOSE_MS = 2 * 900_000 + 60_000;
const SWEEP_MS = 20_000;
const REPEAT_MS = 250;
/** What a page changes reaches a kit within this time; leave to charge is always given by what is true now. */
const SETTINGS_AGE_MS = 10_000;
const GOING_AWAY = 1001;
const BROKEN = 1006;
const KEY_CHANGED = 4003;
const REPLACED = 4000;
const PATH = 'lafonpulse';
/** Anybody can write a serial number. */
const UNPROVEN = { isProven: false, iccid: null };

export type LafonPulseEdge = Edge & {
  /** Of the socket, as the system gave it, in bytes. */
  readonly receiveBufferBytes: number;
};

/** Listens for Pulse kits (docs/protocols/lafonpulse.md). Whatever is not signed by a kit that we know is dropped. */
export async function listenLafonPulse(options: {
  host: string;
  port: number;
  kits: KitDoor;
  /** What a kit is told to go by beside its answers, whenever it is other than before: for the journal. */
  told: (chargePointId: string, set: string, atMs: number) => void;
  handlers: EdgeHandlers;
}): Promise<LafonPulseEdge> {
  const { handlers, kits } = options;
  const socket = DgramAsPromised.createSocket({
    type: options.host.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Answers go where datagrams came from, which is never a name: only the host that we listen on may be one.
    lookup(host, lookupOptions, found) {
      const family = isIP(host);
      if (family === 0) lookup(host, lookupOptions, found);
      else found(null, host, family);
    },
  });
  const greetings = new Greetings();
  const knocks = new Knocks();
  const sources = new SourceLimits(SOURCE_DATAGRAMS_PER_SECOND);
  const strangers = new SourceLimits(STRANGER_DATAGRAMS_PER_SECOND);
  const allStrangers = new RateLimit(ALL_STRANGERS_PER_SECOND);
  const refusals = new SourceLimits(REFUSALS_PER_SECOND);
  const bySession = new Map<string, KitLink>();
  const byId = new Map<number, KitLink>();
  const current = new Map<string, KitLink>();
  /** Links with an order that was not done yet. */
  const ordered = new Set<KitLink>();
  const lostAtMs = new Map<string, number>();
  let lookups = 0;
  let lastLinkSerial = 0;
  let stopped = false;

  function receive(datagram: Buffer, from: Address): void {
    const atMs = handlers.now();
    const envelope = readEnvelope(datagram);
    const link = typeof envelope === 'string' ? undefined : bySession.get(envelope.session);
    // What comes from where the kit of this session is has a limit of its own, which is found without a name for it.
    const isAllowed = link?.isAt(from)
      ? link.source.allows(atMs)
      : sources.allows(`${from.address} ${from.port}`, atMs);
    if (!isAllowed) return refuse(null, from, 'too-fast', atMs);
    if (typeof envelope === 'string') return refuse(null, from, envelope, atMs);
    if (link !== undefined && isFromKit(envelope)) return heard(link, datagram, envelope, from, atMs);
    const offer = greetings.find(envelope.session);
    if (offer !== undefined && isFromKit(envelope)) return taken(offer, datagram, envelope, from, atMs);
    if (envelope.kind !== 'hello' && !isFromKit(envelope)) return refuse(envelope, from, 'wrong-direction', atMs);
    if (!strangers.allows(from.address, atMs) || !allStrangers.allows(atMs))
      return refuse(null, from, 'too-fast', atMs);
    if (lookups >= LOOKUPS_MAX) return;
    lookups++;
    void answerStranger(Buffer.from(datagram), envelope, from)
      .catch(() => refuse(envelope, from, 'storage-failure', atMs))
      .finally(() => lookups--);
  }

  function heard(link: KitLink, datagram: Buffer, envelope: Envelope, from: Address, atMs: number): void {
    if (!isSameSerial(link.serial, envelope.serial) || !isSigned(datagram, link.sessionKey))
      return refuse(envelope, from, 'bad-signature', atMs);
    const why = link.receive(datagram, envelope, from, atMs);
    if (why !== null) refuse(envelope, from, why, atMs);
  }

  /** The first word of a session: it begins, and the one before is over. */
  function taken(offer: Offer, datagram: Buffer, envelope: Envelope, from: Address, atMs: number): void {
    if (!isSameSerial(offer.serial, envelope.serial) || !isSigned(datagram, offer.sessionKey))
      return refuse(envelope, from, 'bad-signature', atMs);
    greetings.taken(offer);
    const link = new KitLink({
      id: linkIdOf('lafonpulse', ++lastLinkSerial),
      offer,
      peer: { address: from.address, port: from.port },
      source: new RateLimit(SOURCE_DATAGRAMS_PER_SECOND),
      handlers,
      transmit,
      settings: settingsOf,
    });
    const before = current.get(offer.chargePointId);
    if (before !== undefined) drop(before);
    bySession.set(offer.session, link);
    byId.set(link.id, link);
    current.set(offer.chargePointId, link);
    const up = { type: 'link-up', linkId: link.id, remoteAddress: from.address, note: null, atMs } as const;
    handlers.deliver(link.chargePointId, up);
    link.receive(datagram, envelope, from, atMs);
  }

  /** A greeting, or a word of a session that is over: it is answered if its kit is known, and never by more bytes. */
  async function answerStranger(datagram: Buffer, envelope: Envelope, from: Address): Promise<void> {
    const kit = await kits(envelope.serial);
    const atMs = handlers.now();
    if (stopped) return;
    if (kit === null) return refuse(envelope, from, 'no-kit-key', atMs, UNPROVEN);
    if (envelope.kind === 'hello') return welcome(kit, datagram, envelope, from);
    const key = serialKey(envelope.serial);
    if (atMs - (lostAtMs.get(key) ?? 0) < LOST_EVERY_MS) return;
    lostAtMs.set(key, atMs);
    transmit(seal({ ...envelope, kind: 'lost' }, '', signingKey(kit.key)), from);
  }

  async function welcome(kit: KnownKit, datagram: Buffer, envelope: Envelope, from: Address): Promise<void> {
    if (!isSigned(datagram, signingKey(kit.key)))
      return refuse(envelope, from, 'bad-signature', handlers.now(), UNPROVEN);
    const greeting = readGreeting(bodyOf(datagram));
    if (greeting === null) return refuse(envelope, from, 'odd-greeting', handlers.now());
    const { chargePointId, key: kitKey } = kit;
    const arrival: Arrival = { identity: chargePointId, protocol: 'lafonpulse', remoteAddress: from.address };
    await knocks.during(
      chargePointId,
      () => handlers.admit(arrival),
      (admission) => {
        // The key that it has shown may be void: it greets again.
        if (admission === null) return;
        const atMs = handlers.now();
        const { iccid } = greeting;
        if (!admission.ok) return refuse(envelope, from, admission.why, atMs, { isProven: true, iccid });
        const of = { chargePointId: admission.chargePointId, kitKey, atMs };
        transmit(greetings.offer(envelope, greeting, of).welcome, from);
      },
    );
  }

  const settingsOf: SettingsOf = (link, action) => {
    const nowMs = handlers.now();
    const { told } = link;
    if (action === 'Heartbeat' && told !== null && nowMs - told.atMs < SETTINGS_AGE_MS) return told.text;
    return kits(link.serial).then(
      (kit) => {
        if (kit === null || !kit.key.equals(link.kitKey)) {
          over(link, KEY_CHANGED);
          return null;
        }
        if (kit.set === null) return null;
        const text = writeSet({ ...kit.set, more: null });
        const sent = action === 'Authorize' ? writeSet(kit.set) : text;
        if (sent !== link.told?.last) options.told(link.chargePointId, sent, nowMs);
        link.told = { text, last: sent, atMs: nowMs };
        return sent;
      },
      // The disk refuses to be read: the kit goes on by what it has.
      () => null,
    );
  };

  function transmit(datagram: Buffer, { address, port }: Address): void {
    // What does not leave is as good as lost on the way: who needs it repeats. So nobody waits for it, and no promise is
    // made. Whoever wrote 0 for his port cannot be answered, and the socket would throw.
    if (!stopped && port !== 0) socket.socket.send(datagram, port, address);
  }

  /** `kit`: of one that greets, and wants to be let in. */
  function refuse(envelope: Envelope | null, from: Address, why: string, atMs: number, kit?: Refusal['kit']): void {
    if (!refusals.allows(why, atMs)) return;
    const identity = envelope === null ? null : `kit:${envelope.serial}`;
    handlers.refused({ atMs, identity, remoteAddress: from.address, path: PATH, why, ...(kit && { kit }) });
  }

  function drop(link: KitLink): void {
    link.close();
    bySession.delete(link.session);
    byId.delete(link.id);
    ordered.delete(link);
    if (current.get(link.chargePointId) === link) current.delete(link.chargePointId);
  }

  function over(link: KitLink, code: number): void {
    if (byId.get(link.id) !== link) return;
    drop(link);
    handlers.deliver(link.chargePointId, { type: 'link-down', linkId: link.id, code, atMs: handlers.now() });
  }

  const sweep = setInterval(() => {
    const nowMs = handlers.now();
    greetings.sweep(nowMs);
    for (const link of byId.values()) if (nowMs - link.heardAtMs > SILENT_CLOSE_MS) over(link, BROKEN);
    for (const [key, atMs] of lostAtMs) if (nowMs - atMs >= LOST_EVERY_MS) lostAtMs.delete(key);
  }, SWEEP_MS);
  const repeats = setInterval(() => {
    const nowMs = handlers.now();
    for (const link of ordered) if (!link.repeat(nowMs)) ordered.delete(link);
  }, REPEAT_MS);

  // Not `recv()`: it listens between two calls only, and what comes meanwhile would be lost (decision 0024).
  socket.socket.on('message', receive);
  const { port } = await socket.bind({ port: options.port, address: options.host });

  return {
    port,
    receiveBufferBytes: socket.getRecvBufferSize(),
    links: () => byId.size,
    answer: (to, reply) => byId.get(to.linkId)?.answer(to.messageId, reply),
    abandon: (to) => byId.get(to.linkId)?.abandon(to.messageId),
    call(linkId, callId, order) {
      const link = byId.get(linkId);
      if (link === undefined) return;
      link.call(callId, order);
      ordered.add(link);
    },
    close(linkId, code) {
      const link = byId.get(linkId);
      if (link === undefined) return;
      if (code === REPLACED) drop(link);
      else over(link, code);
    },
    closeChargePoint(chargePointId, code) {
      // What was offered before must not be taken after.
      knocks.closed(chargePointId);
      greetings.withdraw(chargePointId);
      const link = current.get(chargePointId);
      if (link !== undefined) over(link, code);
    },
    async stop() {
      if (stopped) return;
      clearInterval(sweep);
      clearInterval(repeats);
      for (const link of byId.values()) over(link, GOING_AWAY);
      stopped = true;
      await socket.close();
    },
  };
}

/** Said by a kit within a session. */
function isFromKit({ kind }: Envelope): boolean {
  return kind === 'say' || kind === 'done' || kind === 'hold';
}
