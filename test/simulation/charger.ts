import { around, between, oneOf, type Chance } from '#src/simulator/chance.ts';
import { Caller } from './caller.ts';
import type { VirtualClock } from './clock.ts';
import { BADGES, type Traits } from './traits.ts';
import type { PhysicalSession, SentCall } from './truth.ts';
import type { ChargerEnd, Wire } from './wire.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const IDLE_MIN_MS = 5_000;
const IDLE_MEAN_MS = 7 * MINUTE_MS;
const SESSION_MAX_MS = 45 * MINUTE_MS;
const HEARTBEAT_MS = 15 * MINUTE_MS;
/** Clocks nearer to ours than this are taken at their word. */
const HONEST_SKEW_MS = 60_000;

type Outlet = {
  readonly connectorId: number;
  exactWh: number;
  flowingSinceMs: number | null;
  session: PhysicalSession | null;
};
export type ChargerDeps = {
  readonly chargePointId: string;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly traits: Traits;
  readonly dial: (end: ChargerEnd, sentBy: (messageId: string) => SentCall) => Wire | null;
  readonly began: (session: PhysicalSession) => void;
  readonly told: (session: PhysicalSession, transactionId: number) => void;
  readonly wrong: (what: string) => void;
  readonly trace: (line: () => string) => void;
};

/** A charger with its drivers: registers that turn, sessions that begin and end, power that fails. */
export class SimulatedCharger {
  readonly chargePointId: string;
  readonly traits: Traits;
  readonly caller: Caller;
  readonly #deps: ChargerDeps;
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #outlets: readonly Outlet[];
  #life = 0;
  #powered = false;
  #poweredAtMs = 0;
  #clockSet = false;
  #mustBoot = true;
  /** Nobody may charge before the server has once been heard: whoever puts a charger up tries its connection first. */
  #inService = false;
  #calm = false;
  #sessions = 0;

  constructor(deps: ChargerDeps) {
    const { chargePointId, clock, chance, traits } = deps;
    this.chargePointId = chargePointId;
    this.traits = traits;
    this.#deps = deps;
    this.#clock = clock;
    this.#chance = chance;
    const { dial, wrong } = deps;
    this.caller = new Caller({ name: chargePointId, clock, chance, traits, dial, wrong, linked: () => this.#linked() });
    this.#outlets = Array.from({ length: traits.connectors }, (_, index) => ({
      connectorId: index + 1,
      exactWh: Math.floor(between(0, 100_000, chance)),
      flowingSinceMs: null,
      session: null,
    }));
  }

  /** Nothing more to say, and nobody charges. */
  get done(): boolean {
    return (
      this.#powered && this.caller.idle && this.caller.online && this.#outlets.every(({ session }) => session === null)
    );
  }

  powerUp(): void {
    this.#powered = true;
    this.#poweredAtMs = this.#clock.nowMs;
    this.#clockSet = !this.traits.losesClock;
    this.#mustBoot = true;
    this.caller.powerUp();
    if (this.#inService) this.#serve();
    this.#after(HEARTBEAT_MS, () => this.#beat());
    const { rebootEveryMs } = this.traits;
    if (rebootEveryMs < Infinity) this.#after(around(rebootEveryMs, this.#chance), () => this.powerCut());
  }

  #serve(): void {
    for (const outlet of this.#outlets) {
      if (outlet.session === null) this.#awaitDriver(outlet);
      else this.#recover(outlet, outlet.session);
    }
  }

  powerCut(): void {
    if (this.#calm || !this.#powered || !this.#inService) return;
    const { forgetful } = this.traits;
    this.#deps.trace(() => `${this.chargePointId}: power cut`);
    this.#life++;
    this.#powered = false;
    for (const outlet of this.#outlets) {
      this.#closeValve(outlet);
      if (forgetful && outlet.session !== null) {
        outlet.session.meterStopWh = Math.floor(outlet.exactWh);
        outlet.session.forgotten = true;
        outlet.session = null;
      }
    }
    this.caller.powerLost(forgetful);
    this.#clock.after(between(15_000, 10 * MINUTE_MS, this.#chance), () => this.powerUp());
  }

  /** No more drivers and no more accidents; whoever charges leaves soon. */
  calmDown(): void {
    this.#calm = true;
    this.caller.comeBack();
    for (const outlet of this.#outlets) {
      if (this.#powered && outlet.session !== null) this.#endWithin(outlet, outlet.session, 5 * MINUTE_MS);
    }
  }

  #linked(): void {
    if (this.#mustBoot || this.traits.bootsOnEveryLink) {
      this.caller.bootAnswered = false;
      this.#boot();
    }
    for (const { connectorId, session } of this.#outlets)
      this.#status(connectorId, session === null ? 'Available' : 'Charging');
  }

  #boot(): void {
    this.caller.say(
      {
        action: 'BootNotification',
        session: null,
        kept: false,
        payload: () => ({
          chargePointVendor: 'Simulation',
          chargePointModel: 'S1',
          chargePointSerialNumber: this.chargePointId,
        }),
        sent: () => ({ kind: 'other' }),
        answered: () => {
          this.#clockSet = true;
          this.#mustBoot = false;
          this.caller.bootAnswered = true;
          if (this.#inService) return;
          this.#inService = true;
          this.#serve();
        },
      },
      true,
    );
  }

  #beat(): void {
    if (this.caller.online)
      this.caller.say({
        action: 'Heartbeat',
        session: null,
        kept: false,
        payload: () => ({}),
        sent: () => ({ kind: 'other' }),
      });
    this.#after(HEARTBEAT_MS, () => this.#beat());
  }

  #status(connectorId: number, status: string): void {
    if (!this.caller.online && !this.traits.keepsStatuses) return;
    const timestamp = this.#timestamp();
    this.caller.say({
      action: 'StatusNotification',
      session: null,
      kept: this.traits.keepsStatuses,
      payload: () => ({ connectorId, status, errorCode: 'NoError', timestamp }),
      sent: () => ({ kind: 'other' }),
    });
  }

  #awaitDriver(outlet: Outlet): void {
    this.#after(IDLE_MIN_MS + around(IDLE_MEAN_MS, this.#chance), () => {
      if (this.#calm || outlet.session !== null) return;
      // A box that never names its transactions is only understood when no two of its drivers hold the same badge.
      const badges = this.traits.deaf ? BADGES.filter((_, index) => index % 2 === outlet.connectorId % 2) : BADGES;
      const idTag = oneOf(badges, this.#chance)?.idTag ?? 'A1';
      this.#status(outlet.connectorId, 'Preparing');
      if (!this.traits.authorizes || !this.caller.online) return this.#start(outlet, idTag);
      const mayStart = () => {
        if (outlet.session === null && this.#powered && !this.#calm) this.#start(outlet, idTag);
        else this.#awaitDriver(outlet);
      };
      this.caller.say({
        action: 'Authorize',
        session: null,
        kept: false,
        payload: () => ({ idTag }),
        sent: () => ({ kind: 'other' }),
        answered: (payload: { idTagInfo: { status: string } }) => {
          if (payload.idTagInfo.status === 'Accepted' || this.traits.stubborn) return mayStart();
          this.#status(outlet.connectorId, 'Available');
          this.#awaitDriver(outlet);
        },
        dropped: () => mayStart(),
      });
    });
  }

  #start(outlet: Outlet, idTag: string): void {
    const { connectorId } = outlet;
    const startedAt = this.#timestamp();
    const meterStartWh = Math.floor(outlet.exactWh);
    const session: PhysicalSession = {
      name: `${this.chargePointId}/${connectorId}#${++this.#sessions}`,
      chargePointId: this.chargePointId,
      connectorId,
      idTag,
      startedAt,
      meterStartWh,
      transactionId: null,
      answeredIds: new Set(),
      meterStopWh: null,
      toldStopsWh: new Set(),
      stopAnswered: false,
      forgotten: false,
      acknowledgedWh: meterStartWh,
      honest: this.#honestClock(),
    };
    this.#deps.trace(() => `${session.name}: begins with ${idTag} at ${meterStartWh} Wh`);
    this.#deps.began(session);
    outlet.session = session;
    outlet.flowingSinceMs = this.#clock.nowMs;
    this.caller.say({
      action: 'StartTransaction',
      session,
      kept: true,
      payload: () => ({ connectorId, idTag, meterStart: meterStartWh, timestamp: startedAt }),
      sent: () => ({ kind: 'start', session }),
      answered: (payload: { transactionId: number; idTagInfo: { status: string } }) => {
        session.transactionId = payload.transactionId;
        this.#deps.told(session, payload.transactionId);
        if (payload.idTagInfo.status !== 'Accepted' && !this.traits.stubborn)
          this.#end(outlet, session, 'DeAuthorized');
      },
    });
    this.#status(connectorId, 'Charging');
    this.#sampleLater(outlet, session);
    this.#endWithin(outlet, session, this.#calm ? 5 * MINUTE_MS : SESSION_MAX_MS);
  }

  #endWithin(outlet: Outlet, session: PhysicalSession, ms: number): void {
    this.#after(between(5_000, ms, this.#chance), () => this.#end(outlet, session, 'Local'));
  }

  #sampleLater(outlet: Outlet, session: PhysicalSession): void {
    this.#after(this.traits.meterPeriodMs, () => {
      if (outlet.session !== session) return;
      const registerWh = this.#register(outlet);
      const meterValue = [this.#sample(registerWh, 'Sample.Periodic')];
      const named = !this.traits.deaf;
      const { connectorId } = outlet;
      this.caller.say({
        action: 'MeterValues',
        session,
        kept: true,
        payload: () => ({ connectorId, transactionId: named ? session.transactionId : -1, meterValue }),
        sent: () => ({ kind: 'meter', session, registerWh, named }),
      });
      this.#sampleLater(outlet, session);
    });
  }

  #sample(registerWh: number, context: string): object {
    const register = { value: String(registerWh), measurand: 'Energy.Active.Import.Register', unit: 'Wh', context };
    return { timestamp: this.#timestamp(), sampledValue: [register] };
  }

  #end(outlet: Outlet, session: PhysicalSession, reason: string): void {
    if (outlet.session !== session) return;
    this.#closeValve(outlet);
    outlet.session = null;
    const meterStopWh = Math.floor(outlet.exactWh);
    session.meterStopWh = meterStopWh;
    session.honest &&= this.#honestClock();
    this.#deps.trace(() => `${session.name}: ends (${reason}) at ${meterStopWh} Wh`);
    this.#sayStop(session, {
      meterStopWh,
      reason,
      timestamp: this.#timestamp(),
      repeats: this.traits.repeatsStops && this.#chance() < 0.5 ? 2 : 0,
    });
    this.#status(outlet.connectorId, 'Finishing');
    this.#after(between(2_000, 5 * MINUTE_MS, this.#chance), () => {
      if (outlet.session === null) this.#status(outlet.connectorId, 'Available');
    });
    this.#awaitDriver(outlet);
  }

  #sayStop(
    session: PhysicalSession,
    stop: { meterStopWh: number; reason: string; timestamp: string; repeats: number },
  ): void {
    const { reason, timestamp, repeats } = stop;
    let { meterStopWh } = stop;
    session.toldStopsWh.add(meterStopWh);
    const idTag = this.traits.namesBadgeInStop ? { idTag: session.idTag } : {};
    const data = this.traits.samplesInStop ? { transactionData: [this.#sample(meterStopWh, 'Transaction.End')] } : {};
    const changed = () => {
      if (!this.traits.changesStops || this.#chance() < 0.5) return;
      meterStopWh += Math.ceil(this.#chance() * 20);
      session.toldStopsWh.add(meterStopWh);
    };
    this.caller.say({
      action: 'StopTransaction',
      session,
      kept: true,
      payload: () => ({
        transactionId: this.traits.deaf ? -1 : session.transactionId,
        meterStop: meterStopWh,
        timestamp,
        reason,
        ...idTag,
        ...data,
      }),
      sent: () => ({ kind: 'stop', session, meterStopWh, named: !this.traits.deaf }),
      again: changed,
      answered: () => {
        session.stopAnswered = true;
        if (repeats === 0) return;
        this.#after(around(5 * MINUTE_MS, this.#chance), () => {
          changed();
          this.#sayStop(session, { meterStopWh, reason, timestamp, repeats: repeats - 1 });
        });
      },
    });
  }

  /** After a power cut: some boxes go on charging, others end the session as it was when the power went. */
  #recover(outlet: Outlet, session: PhysicalSession): void {
    session.honest &&= this.#honestClock();
    if (!this.traits.resumes) return this.#end(outlet, session, 'PowerLoss');
    outlet.flowingSinceMs = this.#clock.nowMs;
    this.#sampleLater(outlet, session);
    this.#endWithin(outlet, session, this.#calm ? 5 * MINUTE_MS : SESSION_MAX_MS);
  }

  #register(outlet: Outlet): number {
    if (outlet.flowingSinceMs === null) return Math.floor(outlet.exactWh);
    outlet.exactWh += (this.traits.powerW * (this.#clock.nowMs - outlet.flowingSinceMs)) / HOUR_MS;
    outlet.flowingSinceMs = this.#clock.nowMs;
    return Math.floor(outlet.exactWh);
  }

  #closeValve(outlet: Outlet): void {
    this.#register(outlet);
    outlet.flowingSinceMs = null;
  }

  #honestClock(): boolean {
    return this.#clockSet && Math.abs(this.traits.skewMs) <= HONEST_SKEW_MS;
  }

  /** What its own clock says. */
  #timestamp(): string {
    const { nowMs } = this.#clock;
    const ownMs = this.#clockSet ? nowMs + this.traits.skewMs : nowMs - this.#poweredAtMs;
    const text = new Date(ownMs).toISOString();
    return this.traits.wholeSeconds ? `${text.slice(0, 19)}Z` : text;
  }

  /** Not after a power cut in between. */
  #after(ms: number, run: () => void): void {
    const life = this.#life;
    this.#clock.after(ms, () => {
      if (life === this.#life) run();
    });
  }
}
