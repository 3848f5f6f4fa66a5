import { between, oneOf, seededChance } from './chance.ts';
import { createSimulatedKit } from './kit/kit.ts';
import { createSimulatedCharger, type Clock, type SimulatedCharger } from './charger.ts';
import type { Dial } from './line.ts';
import type { Weather } from '#src/domain/weather.ts';
import type { Nameplate, Phase } from './state.ts';
import type { Tally } from './tally.ts';

/** A kit by its nameplate, whose identity is its serial number. */
export type Kit = { readonly nameplate: Nameplate; readonly key: Buffer; readonly iccid: string | null };

export type FleetOptions = {
  /** `ws://host:port/path`, without the identity. */
  readonly url: string;
  readonly chargers: readonly Nameplate[];
  /** For those that speak something else than OCPP-J, by identity. */
  readonly dials?: ReadonlyMap<string, Dial>;
  /** Those with a Pulse kit, and where kits speak to. */
  readonly kits?: { readonly host: string; readonly port: number; readonly kits: readonly Kit[] };
  /** Badges that drivers show; whether the server accepts them is its own business. */
  readonly idTags: readonly string[];
  readonly seed: number;
  readonly speed: number;
  /** How those dial of whom `dials` says nothing; by a WebSocket without. */
  readonly dial?: Dial;
  readonly weather?: () => Weather;
  readonly tally?: Tally;
  /** HTTP Basic password of all of them. */
  readonly password?: string;
  readonly onError?: (identity: string, error: Error) => void;
};

export type SimulatedFleet = { stop(): Promise<void>; readonly chargers: readonly SimulatedCharger[] };

/** Time of this machine: a simulated charger is the other end of an edge, and may own a clock. */
export const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  later: (afterMs, run) => {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
};

const ARRIVALS_SPREAD_MS = 6_000;
const LATE_SHARE = 0.05;
const LATE_FOR_S_MAX = 1_800;
const BROKEN_SHARE = 0.05;
const STRANGER_SHARE = 0.03;
const REGISTER_WH_MAX = 9_000_000;

/** A fleet that lives by itself: some charge, some finish, a few are broken or away, badges are now and then unknown. */
export function startSimulatedFleet(options: FleetOptions): SimulatedFleet {
  const chance = seededChance(options.seed);
  const chargers: SimulatedCharger[] = [];

  /** A badge that nobody is using at this moment, when there is one; now and then one that nobody knows. */
  function pickBadge(): string {
    if (chance() < STRANGER_SHARE) return unknownBadge();
    const inUse = new Set(
      chargers.flatMap((charger) => charger.state().connectors.flatMap(({ phase }) => badgeAt(phase))),
    );
    const idle = options.idTags.filter((idTag) => !inUse.has(idTag));
    return oneOf(idle.length > 0 ? idle : options.idTags, chance) ?? unknownBadge();
  }

  function unknownBadge(): string {
    return Math.floor(between(0x10000000, 0xffffffff, chance))
      .toString(16)
      .toUpperCase();
  }

  function dialOf(identity: string): { dial?: Dial } {
    const dial = options.dials?.get(identity) ?? options.dial;
    return dial === undefined ? {} : { dial };
  }

  options.chargers.forEach((nameplate, index) => {
    const charger = createSimulatedCharger({
      url: options.url,
      nameplate,
      clock: REAL_CLOCK,
      chance: seededChance(options.seed * 7919 + index),
      speed: options.speed,
      autonomous: true,
      registersWh: Array.from({ length: nameplate.connectors }, () => Math.floor(chance() * REGISTER_WH_MAX)),
      resendWith: chance() < 0.5 ? 'same-id' : 'new-id',
      pickBadge,
      ...dialOf(nameplate.identity),
      ...(options.weather && { weather: options.weather }),
      ...(options.tally && { tally: options.tally }),
      ...(options.password !== undefined && { password: options.password }),
      ...(options.onError && { onError: options.onError }),
    });
    chargers.push(charger);
    const spreadMs = (index / options.chargers.length) * ARRIVALS_SPREAD_MS;
    const late = chance() < LATE_SHARE;
    charger.start(spreadMs + (late ? (between(60, LATE_FOR_S_MAX, chance) * 1000) / options.speed : 0));
    if (chance() < BROKEN_SHARE) {
      charger.happen({ type: 'broke', connectorId: 1, errorCode: oneOf(FIRST_FAULTS, chance) ?? 'OtherError' });
    }
  });

  const { host = '', port = 0, kits = [] } = options.kits ?? {};
  for (const [index, { nameplate, key, iccid }] of kits.entries()) {
    const kit = createSimulatedKit({
      host,
      port,
      key,
      nameplate,
      ...(iccid !== null && { iccid }),
      clock: REAL_CLOCK,
      chance: seededChance(options.seed * 104_729 + index),
      speed: options.speed,
      autonomous: true,
      registersWh: Array.from({ length: nameplate.connectors }, () => Math.floor(chance() * REGISTER_WH_MAX)),
      pickBadge,
      ...(options.weather && { weather: options.weather }),
      ...(options.tally && { tally: options.tally }),
    });
    chargers.push(kit);
    kit.start((index / kits.length) * ARRIVALS_SPREAD_MS);
  }

  return {
    chargers,
    async stop() {
      await Promise.all(chargers.map((charger) => charger.stop()));
    },
  };
}

const FIRST_FAULTS = ['GroundFailure', 'ReaderFailure', 'ConnectorLockFailure', 'HighTemperature'] as const;

function badgeAt(phase: Phase): readonly string[] {
  if (phase.name === 'charging') return [phase.transaction.idTag];
  return 'idTag' in phase ? [phase.idTag] : [];
}
