import { CALM, type Weather } from '#src/domain/weather.ts';
import { decide } from '../behaviour.ts';
import type { Happening, SimulatedCharger } from '../charger.ts';
import type { Chance } from '../chance.ts';
import { fetchFirmware, leaveLog } from '../errands.ts';
import { logText } from '../log-text.ts';
import { Passage } from '../passage.ts';
import {
  newCharger,
  type Charger,
  type ChargerEvent,
  type Connector,
  type Effect,
  type Nameplate,
  type OutgoingCall,
} from '../state.ts';
import { count } from '../session.ts';
import { Tally } from '../tally.ts';
import { ChargeRules } from './charge-rules.ts';
import { Display } from './display.ts';
import { addressOf } from './files.ts';
import { isUnlockBadge } from './limits.ts';
import { KitMemory, type Body, type Fact } from './memory.ts';
import { OwnKeys } from './own-keys.ts';
import { Sockets } from './sockets.ts';
import { KitSpeaker, type KitClock } from './speaker.ts';
import { isThere, wasThere } from './vehicles.ts';
import { badge, beganSaid, commandOf, doneOf, endedSaid, fileSaid, meterSaid, pageOf, stateSaid } from './words.ts';

export type SimulatedKitOptions = {
  readonly host: string;
  readonly port: number;
  readonly key: Buffer;
  /** Its identity is the serial number. */
  readonly nameplate: Nameplate;
  readonly iccid?: string;
  readonly clock: KitClock;
  readonly chance: Chance;
  readonly speed: number;
  readonly autonomous: boolean;
  readonly registersWh: readonly number[];
  readonly pickBadge: () => string;
  /** Of the moment: asked with each datagram. */
  readonly weather?: () => Weather;
  readonly tally?: Tally;
  /** 1 is the document's own waits; a test is less patient. */
  readonly patience?: number;
};

/** Beside the other members of a `DONE`. */
const PAGE_BYTES_MAX = 900;
const HOLD_MS = 55_000;
/** Before a restart: a `DONE` is on its way, and what a soft one may still say is waited for so long. */
const DONE_LEAVES_MS = 50;
const FLUSH_WITHIN_MS = 5_000;
/** A timer may come a little before its time. */
const TIMER_SLACK_MS = 20;

/** A charger with a Pulse kit: it lives like any simulated charger, and speaks LafonPulse. */
export function createSimulatedKit(options: SimulatedKitOptions): SimulatedCharger {
  const { nameplate, chance, weather = () => CALM, tally = new Tally() } = options;
  /** The kit's own clock, which may be wrong. */
  const clock = { ...options.clock, now: () => options.clock.now() + weather().skewSeconds * 1000 };
  const memory = new KitMemory();
  const display = new Display();
  const ownKeys = new OwnKeys(memory, display);
  const timers = new Set<() => void>();
  let charger: Charger = { ...newCharger(nameplate, options), asksItself: true };
  let isCutOff = false;
  let stopped = false;
  let isListening = false;
  let why: 'power' | 'reset' = 'power';
  let answer: Body | null = null;
  /** By whose leave the charge of a point began. */
  const leaves = new Map<number, string>();
  const own = {
    memory,
    speed: options.speed,
    now: clock.now,
    later,
    connector: (point: number): Connector | undefined => charger.connectors[point - 1],
  };
  const sockets = new Sockets({
    ...own,
    tell: (news) => void speaker.say(news, 'news'),
    unlock: (connectorId) =>
      happen({ type: 'commanded', messageId: 'order', action: 'UnlockConnector', payload: { connectorId } }),
  });
  const rules = new ChargeRules({
    ...own,
    meterWh: (running) => count(charger, running, clock.now()).registerWh,
    stop: (point) => happen({ type: 'driver-stopped', connectorId: point }),
  });
  const passage = (): Passage =>
    new Passage({ weather, chance, now: options.clock.now, later, seen: (fate) => tally.count(fate) });
  const ways = { out: passage(), in: passage() };
  const speaker = new KitSpeaker({
    host: options.host,
    port: options.port,
    serial: nameplate.identity,
    key: options.key,
    iccid: options.iccid,
    clock: options.clock,
    memory,
    tally,
    ...(options.patience !== undefined && { patience: options.patience }),
    obey,
    greeted() {
      if (!isListening) tell({ type: 'opened', nowMs: clock.now() });
      isListening = true;
    },
    acknowledged,
    through(datagram, deliver, way) {
      ways[way].carry(() => {
        if (!isCutOff) deliver(datagram);
      });
    },
  });

  function later(afterMs: number, run: () => void): void {
    const cancelTimer = clock.later(afterMs, () => {
      timers.delete(cancel);
      if (!stopped) run();
    });
    const cancel = (): void => {
      timers.delete(cancel);
      cancelTimer();
    };
    timers.add(cancel);
  }

  function tell(event: ChargerEvent): void {
    const before = charger;
    const step = decide({ ...charger, availableW: rules.availableW() }, event, chance);
    charger = step.charger;
    const moved = charger.connectors.filter((now) => isThere(now) !== wasThere(before, now.id));
    // In the order in which it came about: the vehicle comes, is charged, and leaves.
    for (const connector of moved) if (isThere(connector)) vehicle(connector.id, 'parked');
    step.effects.forEach(carryOut);
    for (const connector of moved) if (!isThere(connector)) vehicle(connector.id, 'left');
  }

  function happen(happening: Happening): void {
    if (stopped) return;
    if (happening.type === 'driver-came' && isUnlockBadge(memory.settings, happening.idTag))
      return sockets.unlockByBadge(happening.connectorId);
    tell({ ...happening, nowMs: clock.now() });
  }

  /** A vehicle came or left: a fact of its own, whether or not there is a server. */
  function vehicle(point: number, fact: 'parked' | 'left'): void {
    const at = new Date(clock.now()).toISOString();
    const isHere = fact === 'parked';
    const ended = memory.overstayed.get(point) ?? null;
    memory.overstayed.delete(point);
    if (ended !== null) speaker.keep(ended.body, ended.run);
    if (isHere) sockets.parked(point);
    speaker.keep({ say: fact, point, at, ...(isHere && { how: 'sensor' }) }, 0);
    sockets.tell(point, { isHere, isLocked: isHere });
  }

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'call':
        return say(effect.call);
      case 'answer':
        answer = effect.payload;
        return;
      case 'refuse':
        answer = { status: 'unknown' };
        return;
      case 'wake':
        return later(effect.afterMs, () => happen({ type: 'woke', wake: effect.wake }));
      case 'find-driver':
        return later(0, () =>
          happen({ type: 'driver-came', connectorId: effect.connectorId, idTag: options.pickBadge() }),
        );
      case 'fetch':
        void fetchFirmware(effect.location, null).then((fetched) => happen({ type: 'fetched', ...fetched }));
        return;
      case 'upload':
        void leaveLog(effect.location, effect.fileName, logText(charger)).then((ok) =>
          happen({ type: 'uploaded', ok }),
        );
        return;
      case 'drop-link':
        // A reset takes the power; else it is only the network that goes.
        if (charger.accepted) return dropLink(effect.forMs);
        return later(DONE_LEAVES_MS, () =>
          effect.flush ? flushed(clock.now() + FLUSH_WITHIN_MS, effect.forMs) : restart(effect.forMs),
        );
    }
  }

  function say(call: OutgoingCall): void {
    switch (call.action) {
      case 'BootNotification':
        return void start(call);
      case 'Heartbeat':
        return void speaker.say({ say: 'beat' }, 'news').then(() => tellKit());
      case 'StatusNotification':
        return void speaker.say(stateSaid(call), 'news');
      case 'MeterValues':
        return void speaker.say(meterSaid(call, numberOf(call.transactionKey)), 'news');
      case 'Authorize':
        return void may(call);
      case 'StartTransaction':
        return tellBegan(call);
      case 'FirmwareStatusNotification':
      case 'DiagnosticsStatusNotification':
        return void speaker.say(fileSaid(call), 'news');
      case 'StopTransaction':
        return tellEnded(call);
      default:
        return;
    }
  }

  function tellBegan(call: OutgoingCall): void {
    const point = Number(call.payload['connectorId']);
    const key = call.transactionKey ?? 0;
    memory.runs++;
    speaker.keep(beganSaid(call, key, leaves.get(point) ?? 'remote'), key);
    leaves.delete(point);
    rules.began(point, key);
  }

  function tellEnded(call: OutgoingCall): void {
    const point = pointOf(call);
    const run = call.transactionKey ?? 0;
    const limit = rules.ended(point);
    const body = { ...endedSaid(call, point, run), ...(limit !== undefined && { why: limit }) };
    if (!memory.overstayed.has(point)) return speaker.keep(body, run);
    memory.overstayed.set(point, { body: { ...body, why: 'parked' }, run });
  }

  async function start(call: OutgoingCall): Promise<void> {
    const { vendor, model, firmwareVersion } = charger.nameplate;
    const said = { say: 'start', why, make: vendor, model, soft: firmwareVersion };
    const reply = await speaker.say(
      { ...said, ...(options.iccid !== undefined && { iccid: options.iccid }) },
      'question',
    );
    if (stopped) return;
    if (reply?.['ok'] !== true) return tell({ type: 'unanswered', call, nowMs: clock.now() });
    const payload = { status: 'Accepted', currentTime: reply['time'], interval: reply['beat'] };
    tell({ type: 'answered', call, payload, nowMs: clock.now() });
    tellKit();
  }

  function tellKit(): void {
    const { list, mode, recharges } = memory;
    const said = { say: 'kit', hard: 'KIPA', softDate: '2026-04-20', ip: '10.64.3.7', signal: -71 };
    const shown = display.shown(memory.settings, clock.now());
    const now = { kept: recharges, list: list.length, mode, languages: display.languages, shown: shown ?? undefined };
    void speaker.say({ ...said, ...now }, 'news');
  }

  /** May somebody charge? The server says, or the white list where there is none (section 8). */
  async function may(call: OutgoingCall): Promise<void> {
    const point = call.connectorId ?? 1;
    const by = badge(call.payload['idTag']);
    const who = { kind: String(by['kind']), value: String(by['value']) };
    const reply = await speaker.say({ say: 'may', point, by }, 'question');
    if (stopped) return;
    if (reply?.['ok'] === true) memory.welcome({ ...who, until: String(reply['until'] ?? '') });
    else if (reply !== null) memory.refuse(who);
    const leave = reply === null ? memory.mayAlone(who, clock.now()) : reply['ok'] === true ? 'server' : null;
    if (leave !== null) leaves.set(point, leave);
    const status = leave !== null && !memory.isFull ? 'Accepted' : 'Invalid';
    tell({ type: 'answered', call, payload: { idTagInfo: { status } }, nowMs: clock.now() });
  }

  function acknowledged({ body, run }: Fact, reply: Body): void {
    if (body['say'] !== 'began' || stopped) return;
    const call: OutgoingCall = {
      action: 'StartTransaction',
      payload: {},
      keep: true,
      connectorId: Number(body['point']),
      visit: charger.connectors[Number(body['point']) - 1]?.visit ?? 0,
      transactionKey: run,
    };
    const payload = {
      transactionId: reply['number'],
      idTagInfo: { status: reply['ok'] === true ? 'Accepted' : 'Invalid' },
    };
    tell({ type: 'answered', call, payload, nowMs: clock.now() });
  }

  function obey(order: Body): Body {
    const from = Number(order['from'] ?? 0);
    switch (order['do']) {
      case 'read':
        return ownKeys.read(order, charger.configuration, { from, bytesMax: PAGE_BYTES_MAX });
      case 'list': {
        const entries = memory.list.map(({ kind, value, until }) => [kind, value, until]);
        const { some, more } = pageOf(entries, from, PAGE_BYTES_MAX);
        return { entries: some, mode: memory.mode, more };
      }
      case 'forget':
        memory.list = [];
        later(0, tellKit);
        return { status: 'accepted' };
      case 'show':
        return show(order);
      case 'write': {
        const written = ownKeys.write(order);
        if (written?.['status'] === 'accepted') later(0, tellKit);
        if (written !== null) return written;
        break;
      }
      case 'charge':
        // WHL-05: with as many recharges as fit in its memory it accepts no other, by whomever it is asked.
        if (memory.isFull) return { status: 'refused' };
    }
    const command = commandOf(order, (url) => addressOf(url, options.host));
    if (command === null) return { status: 'unknown' };
    if (command.payload['location'] === null) return { status: 'refused' };
    if (command.action === 'UpdateFirmware' && charger.firmware.phase === 'installing') return { status: 'refused' };
    answer = null;
    happen({ type: 'commanded', messageId: 'order', ...command });
    return answer === null ? { status: 'refused' } : doneOf(command.action, answer);
  }

  function show(order: Body): Body {
    const { status, forMs } = display.show(order, clock.now());
    if (status === 'accepted') {
      later(0, tellKit);
      if (forMs !== null) later(forMs + TIMER_SLACK_MS, tellKit);
    }
    return { status };
  }

  function dropLink(forMs: number): void {
    isCutOff = true;
    later(forMs, () => {
      isCutOff = false;
    });
  }

  function flushed(untilMs: number, forMs: number): void {
    if (pending() === 0 || clock.now() >= untilMs) return restart(forMs);
    later(DONE_LEAVES_MS, () => flushed(untilMs, forMs));
  }

  function restart(forMs: number): void {
    isListening = false;
    display.wipe();
    why = 'reset';
    void speaker.close().then(() => {
      if (stopped) return;
      tell({ type: 'closed', nowMs: clock.now() });
      later(forMs, () => void speaker.open());
    });
  }

  function hold(): void {
    speaker.hold();
    later(HOLD_MS, hold);
  }

  function pointOf(call: OutgoingCall): number {
    const running = charger.connectors.find(
      ({ phase }) => phase.name === 'charging' && phase.transaction.key === call.transactionKey,
    );
    return call.connectorId ?? running?.id ?? 1;
  }

  function pending(): number {
    return memory.facts.length + speaker.waiting;
  }

  function numberOf(key: number | undefined): number {
    return memory.numbers.get(key ?? 0) ?? 0;
  }

  return {
    identity: nameplate.identity,
    start(afterMs = 0) {
      later(afterMs, () => void speaker.open());
      later(HOLD_MS, hold);
      happen({ type: 'powered' });
    },
    async stop() {
      stopped = true;
      for (const cancel of timers) cancel();
      await speaker.close();
    },
    happen,
    dropLink,
    state: (): Charger => charger,
    pending,
  };
}
