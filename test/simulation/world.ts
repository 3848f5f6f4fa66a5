import { LIMIT_TRIES_MAX } from '#actors/charge-point/stay-limits.ts';
import { ASK_AGAIN_MS } from '#actors/connector/stay.ts';
import { NO_STAY_LIMITS, type StayLimits } from '#src/domain/stay-limits.ts';
import { walletActorId } from '#actors/wallet/actor.ts';
import type { CommandView } from '#actors/charge-point/messages.ts';
import type { WalletState } from '#actors/wallet/state.ts';
import { chargePointKey, idTagKey } from '#src/domain/ids.ts';
import { platformViewer } from '#src/domain/office/viewer.ts';
import { cents } from '#src/domain/money.ts';
import { around, between, oneOf, seededChance, type Chance } from '#src/simulator/chance.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { openMemory, type MemoryStorage } from '#src/storage/memory/open.ts';
import { SimulatedCharger } from './charger.ts';
import { VirtualClock } from './clock.ts';
import type { DiskMood } from './disk.ts';
import { Laws } from './laws.ts';
import { SimulatedServer, type ServerEvents } from './server.ts';
import { BADGES, drawTraits, WALLET_MINIMUM, WALLETS } from './traits.ts';
import { Wire, type Weather } from './wire.ts';

const START_MS = Date.UTC(2026, 2, 28, 20);
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A little more than `SETTLE_AFTER_MS`. */
const SETTLING_MS = 6.5 * HOUR_MS;
/** How long the chargers may take to get rid of what they have to say once nothing stands in their way. */
const QUIET_MAX_MS = 2 * HOUR_MS;
/** By then a charger was told of each limit as often as it is told. */
const TOLD_MS = (LIMIT_TRIES_MAX + 2) * ASK_AGAIN_MS;
const PRICE_MILLS_PER_KWH = 350;
const POWER_MAX_W = 22_000;
/** Of every second charger: most of its sessions come to one of these. */
export const SHORT_STAYS: StayLimits = { chargeMinutes: 20, chargeWh: 5_000, unlockMinutes: 45 };
const VIEWER = platformViewer('simulation');
const COMMANDS: readonly CallToChargePoint[] = [
  { action: 'RemoteStartTransaction', idTag: 'A1', connectorId: 1 },
  { action: 'RemoteStopTransaction', transactionId: 1 },
  { action: 'TriggerMessage', requestedMessage: 'Heartbeat' },
  { action: 'GetConfiguration' },
];
const PERFECT: Weather = { latencyMaxMs: 50, cutChance: 0, noticeMaxMs: 1_000 };
/** Promises of one event settle within so many turns; a longer chain goes on beside the next event, always alike. */
const TURNS = 10;

export type Outcome = {
  readonly broken: readonly string[];
  readonly events: number;
  readonly answers: number;
  readonly sessions: number;
  readonly lives: number;
  readonly limitsTold: number;
};

/** One world, drawn whole from its seed: chargers, drivers, network, disk, and the deaths of the server. */
export class World {
  readonly #chance: Chance;
  readonly #clock: VirtualClock;
  readonly #laws: Laws;
  readonly #trace: ((line: string) => void) | null;
  readonly #events: ServerEvents;
  readonly #chargers: SimulatedCharger[] = [];
  #memory: MemoryStorage;
  #server: SimulatedServer | null = null;
  #lives = 0;
  #weather: Weather;
  #diskFailures: number;
  #diskDownUntilMs = 0;
  /** Steps of the server until its process ends; null while nothing threatens it. */
  #fuse: number | null = null;
  #stormy = true;
  #topUps = 0;
  #commands = 0;

  constructor(seed: number, trace: ((line: string) => void) | null = null) {
    const chance = seededChance(seed);
    this.#chance = chance;
    this.#clock = new VirtualClock(START_MS, seededChance(seed ^ 0x5f5f5f5f));
    this.#trace = trace;
    this.#memory = openMemory({ now: () => this.#clock.nowMs });
    this.#laws = new Laws(() => this.#memory);
    this.#weather = {
      latencyMaxMs: oneOf([20, 200, 3_000], chance) ?? 200,
      cutChance: oneOf([0, 0.01, 0.03, 0.1], chance) ?? 0,
      noticeMaxMs: oneOf([1_000, 60_000, 300_000], chance) ?? 60_000,
    };
    this.#diskFailures = oneOf([0, 0, 0.005, 0.03], chance) ?? 0;
    const line = (text: () => string) => this.#say(text);
    this.#events = {
      step: (server, what) => this.#step(server, what),
      written: (commits) => this.#laws.written(commits),
      answers: (call, frame) => this.#laws.answer(call, frame),
      bug: (id, message, error) =>
        this.#laws.wrong(
          `bug in ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)} on ${JSON.stringify(message)}`,
        ),
      trace: line,
    };
  }

  async run(): Promise<Outcome> {
    const chance = this.#chance;
    await this.#furnish();
    this.#startServer();
    for (let index = 0, count = Math.round(between(2, 5, chance)); index < count; index++)
      this.#addCharger(`CP${index + 1}`);
    const stormMs = Math.round(between(0.75, 2, chance) * HOUR_MS);
    this.#planStorm(stormMs);
    let events = await this.#pass(stormMs);
    await this.#theJournalTellsIt();
    this.#calmDown();
    events += await this.#pass(QUIET_MAX_MS, () => this.#chargers.every(({ done }) => done));
    for (const { chargePointId, done } of this.#chargers)
      if (!done && this.#laws.broken.length === 0)
        this.#laws.wrong(`${chargePointId} never gets rid of what it has to say`);
    events += await this.#settle();
    if (this.#laws.broken.length === 0) {
      await this.#laws.atTheEnd();
      await this.#theJournalTellsIt();
      await this.#noCommandHangs();
    }
    const { broken, answers, sessions, limitsTold } = this.#laws;
    return { broken, events, answers, sessions: sessions.length, lives: this.#lives, limitsTold };
  }

  #theJournalTellsIt(): Promise<void> {
    return this.#laws.theJournalTellsIt(this.#chargers.map(({ chargePointId }) => chargePointId));
  }

  /** What people declared before the first charger came. */
  async #furnish(): Promise<void> {
    const { registry, actors } = this.#memory;
    await registry.putStation({
      stationId: 's1',
      name: 'Quai',
      address: '',
      postcode: '',
      city: '',
      merchant: 'Port',
      access: 'public',
      subscriberId: null,
      companyId: null,
    });
    for (const { idTag, declared, ...badge } of BADGES) {
      if (declared)
        await registry.putIdToken({ ...badge, key: idTagKey(idTag), idTag, expiresAtMs: null, driver: idTag });
    }
    for (const [walletId, balance] of Object.entries(WALLETS)) {
      const [fence] = await actors.claimMany([walletActorId(walletId)]);
      if (fence === undefined) continue;
      const key = `top-up/first-of-${walletId}`;
      const state: WalletState = {
        walletId,
        balance: cents(balance),
        minimum: cents(WALLET_MINIMUM),
        inactive: false,
        posted: [key],
      };
      const entry = { key, walletId, atMs: START_MS, amount: cents(balance), transactionId: null };
      await actors.commit({ fence, snapshot: { schema: 1, state }, rows: [{ type: 'ledger-entry', entry }] });
    }
  }

  #addCharger(chargePointId: string): void {
    const clock = this.#clock;
    const chance = this.#chance;
    const traits = drawTraits(chance);
    this.#say(() => `${chargePointId}: ${JSON.stringify(traits)}`);
    void this.#memory.registry.putChargePoint({
      chargePointId,
      key: chargePointKey(chargePointId),
      stationId: 's1',
      connectors: traits.connectors,
      powerMaxW: POWER_MAX_W,
      energyPriceMillsPerKwh: PRICE_MILLS_PER_KWH,
      serialNumber: null,
      freeServiceTag: null,
      leniency: 'tolerant',
      limits: this.#chargers.length % 2 === 0 ? SHORT_STAYS : NO_STAY_LIMITS,
      inactive: false,
    });
    const charger = new SimulatedCharger({
      chargePointId,
      clock,
      chance,
      traits,
      dial: (end, sentBy) => {
        const wire = new Wire({
          clock,
          chance,
          weather: () => this.#weather,
          charger: end,
          trace: this.#trace === null ? null : (text) => this.#say(() => `${chargePointId} ${text}`),
        });
        return this.#server?.accept(chargePointId, wire, sentBy) === true ? wire : null;
      },
      began: (session) => this.#laws.began(session),
      told: (session, transactionId) => this.#laws.told(session, transactionId),
      wrong: (what) => this.#laws.wrong(what),
      trace: (line) => this.#say(line),
    });
    this.#chargers.push(charger);
    clock.after(between(0, 10 * MINUTE_MS, chance), () => charger.powerUp());
  }

  #startServer(): void {
    if (this.#lives > 0) this.#memory = this.#memory.reopen();
    const name = `server ${++this.#lives}`;
    this.#say(() => `${name} starts`);
    this.#server = new SimulatedServer({
      name,
      memory: this.#memory,
      clock: this.#clock,
      chance: this.#chance,
      mood: this.#mood,
      events: this.#events,
    });
  }

  readonly #mood: DiskMood = () => {
    if (this.#clock.nowMs >= this.#diskDownUntilMs && this.#chance() >= this.#diskFailures) return 'fine';
    return this.#chance() < 0.5 ? 'fails-before' : 'fails-after';
  };

  /** Accidents are planned by time, and happen some steps of the server later: in the middle of whatever it does then. */
  #planStorm(stormMs: number): void {
    const chance = this.#chance;
    const sometime = (run: () => void) => this.#clock.after(between(0, stormMs, chance), () => this.#stormy && run());
    for (let deaths = Math.floor(between(0, 6, chance)); deaths > 0; deaths--) {
      sometime(() => {
        this.#fuse = Math.ceil(between(0, 60, chance));
      });
    }
    if (this.#diskFailures > 0) {
      sometime(() => {
        this.#diskDownUntilMs = this.#clock.nowMs + between(1_000, 5 * MINUTE_MS, chance);
        this.#say(() => 'the disk is down');
      });
    }
    for (const { caller } of this.#chargers) {
      for (let outages = Math.floor(between(0, 3, chance)); outages > 0; outages--)
        sometime(() => caller.goOffline(between(MINUTE_MS, HOUR_MS, chance)));
    }
    const topUp = () => {
      this.#topUp();
      this.#clock.after(around(20 * MINUTE_MS, chance), topUp);
    };
    topUp();
    const command = () => {
      this.#command();
      if (this.#stormy) this.#clock.after(around(10 * MINUTE_MS, chance), command);
    };
    command();
  }

  /** A payment is told to the wallet, and sometimes told again. */
  #topUp(): void {
    const walletId = oneOf(Object.keys(WALLETS), this.#chance) ?? 'rich';
    const message = {
      type: 'top-up',
      key: `top-up/${++this.#topUps}`,
      amount: cents(Math.floor(between(100, 3_000, this.#chance))),
      atMs: this.#clock.nowMs,
    };
    for (let times = this.#chance() < 0.3 ? 2 : 1; times > 0; times--)
      this.#server?.supervision?.engine.tell(walletActorId(walletId), message);
  }

  /** Somebody asks a charger for something, and may never hear of it again. */
  #command(): void {
    const chance = this.#chance;
    const charger = oneOf(this.#chargers, chance);
    const actor =
      charger === undefined ? null : this.#server?.supervision?.directory.chargePoint(charger.chargePointId, VIEWER);
    const call = oneOf(COMMANDS, chance);
    if (actor === undefined || actor === null || call === undefined) return;
    const commandId = `command-${++this.#commands}`;
    const { nowMs } = this.#clock;
    // Without a draw of its own: the worlds of earlier seeds stay what they were.
    const mayWait = this.#commands % 2 === 0;
    if (this.#commands % 5 === 0) {
      const withdrawn = `command-${this.#commands - 1}`;
      this.#server?.supervision?.deliver(charger?.chargePointId ?? '', {
        type: 'withdraw',
        commandId: withdrawn,
        by: VIEWER.name,
        atMs: nowMs,
        replyTo: { ask: 0 },
      });
    }
    const asked = actor.ask<CommandView>((replyTo) => ({
      type: 'command',
      commandId,
      call,
      requestedBy: VIEWER.name,
      ...(mayWait && { expiresAtMs: nowMs + HOUR_MS }),
      atMs: nowMs,
      replyTo,
    }));
    asked.catch((error: unknown) => this.#say(() => `${commandId}: ${String(error)}`));
  }

  /** No command is left hanging: it was carried out, refused, or is known to have failed. */
  async #noCommandHangs(): Promise<void> {
    const { reader } = this.#memory;
    for (const { chargePointId } of this.#chargers) {
      for (const { commandId, state } of await reader.commands(chargePointId, 1_000)) {
        if (!(state as CommandView).ended)
          this.#laws.wrong(`${commandId} to ${chargePointId} hangs: ${JSON.stringify(state)}`);
      }
    }
  }

  #step(server: SimulatedServer, what: string): void {
    if (this.#fuse === null || server !== this.#server || --this.#fuse > 0) return;
    this.#fuse = null;
    const chance = this.#chance;
    if (chance() < 0.25) {
      // The process was only asleep, and does not know that another has taken its place.
      this.#say(() => `${server.name} is replaced alive at ${what}`);
      this.#clock.after(between(5_000, 3 * MINUTE_MS, chance), () => server.kill());
      return this.#startServer();
    }
    this.#say(() => `${server.name} dies at ${what}`);
    server.kill();
    this.#server = null;
    this.#clock.after(chance() < 0.8 ? between(500, 30_000, chance) : between(MINUTE_MS, 20 * MINUTE_MS, chance), () =>
      this.#startServer(),
    );
  }

  #calmDown(): void {
    this.#say(() => 'the storm is over');
    this.#stormy = false;
    this.#fuse = null;
    this.#weather = PERFECT;
    this.#diskFailures = 0;
    this.#diskDownUntilMs = 0;
    for (const charger of this.#chargers) charger.calmDown();
  }

  /**
   * The time that sessions without a stop are given: lived through, slept through, or spent without a server. The disk
   * may go on failing while their alarms ring.
   */
  async #settle(): Promise<number> {
    const way = this.#chance();
    this.#diskFailures = this.#chance() < 0.4 ? 0.3 : 0;
    let events = 0;
    if (way < 0.1) events += await this.#pass(SETTLING_MS);
    else {
      this.#say(() => (way < 0.5 ? 'the server sleeps' : 'the server stops for the night'));
      if (way >= 0.5) this.#server?.kill();
      this.#clock.jump(SETTLING_MS);
      if (way >= 0.5) this.#startServer();
      events += await this.#pass(5 * MINUTE_MS);
    }
    this.#diskFailures = 0;
    return events + (await this.#pass(TOLD_MS));
  }

  async #pass(ms: number, enough: () => boolean = () => false): Promise<number> {
    const untilMs = this.#clock.nowMs + ms;
    let events = 0;
    while (this.#laws.broken.length === 0 && this.#clock.step(untilMs)) {
      events++;
      for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
      if (enough()) break;
    }
    return events;
  }

  #say(line: () => string): void {
    if (this.#trace === null) return;
    this.#trace(`${new Date(this.#clock.nowMs).toISOString().slice(8, 23)} ${line()}`);
  }
}
