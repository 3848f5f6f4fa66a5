import { between, oneOf, type Chance } from '#src/simulator/chance.ts';
import type { Badge } from './truth.ts';

/** How one charger behaves, for its whole life. Rows of field-rules.md in brackets. */
export type Traits = {
  readonly connectors: 1 | 2;
  readonly powerW: number;
  /** Calls under way at the same time (field-14). */
  readonly callsInFlightMax: 1 | 4;
  /** A call that is sent again gets another message id (field-02). */
  readonly freshMessageIds: boolean;
  /** Message ids begin again at 1 with every boot (field-35). */
  readonly countsIdsFromBoot: boolean;
  readonly callTimeoutMs: number;
  readonly hangsUpOnTimeout: boolean;
  /** Never takes the transaction id in: its stops and samples name -1 (field-04). */
  readonly deaf: boolean;
  /** Its clock minus ours (field-20). */
  readonly skewMs: number;
  /** Its clock begins in 1970 with every boot, until the boot is answered (field-20). */
  readonly losesClock: boolean;
  readonly wholeSeconds: boolean;
  /** Statuses that could not be sent are kept and sent late, unless the power fails. */
  readonly keepsStatuses: boolean;
  readonly bootsOnEveryLink: boolean;
  /** Nothing is sent before the boot is answered. */
  readonly waitsForBoot: boolean;
  /** What is new goes out before what was kept offline: a start can overtake the stop before it. */
  readonly liveFirst: boolean;
  readonly meterPeriodMs: number;
  /** A power cut empties its memory: some stops never come (field-07). */
  readonly forgetful: boolean;
  /** A session goes on after a power cut. */
  readonly resumes: boolean;
  /** Answered stops are sent again (field-01). */
  readonly repeatsStops: boolean;
  /** ... and sometimes with another meter value. */
  readonly changesStops: boolean;
  readonly authorizes: boolean;
  /** Charges on whatever the server says of the badge (field-05). */
  readonly stubborn: boolean;
  readonly namesBadgeInStop: boolean;
  readonly samplesInStop: boolean;
  readonly rebootEveryMs: number;
};

export function drawTraits(chance: Chance): Traits {
  const sometimes = (probability: number) => chance() < probability;
  const deaf = sometimes(0.15);
  const clock = deaf ? 1 : chance();
  const keepsStatuses = sometimes(0.2);
  return {
    connectors: sometimes(0.5) ? 2 : 1,
    powerW: Math.round(between(2_000, 22_000, chance)),
    callsInFlightMax: sometimes(0.3) ? 4 : 1,
    freshMessageIds: sometimes(0.5),
    countsIdsFromBoot: sometimes(0.3),
    callTimeoutMs: oneOf([15_000, 30_000, 60_000, 120_000], chance) ?? 30_000,
    hangsUpOnTimeout: sometimes(0.3),
    deaf,
    skewMs: clock < 0.15 ? Math.round(between(-7_200_000, 7_200_000, chance)) : 0,
    losesClock: clock >= 0.15 && clock < 0.25,
    wholeSeconds: sometimes(0.5),
    keepsStatuses,
    // Whose memory is old does not pretend to be new.
    bootsOnEveryLink: !keepsStatuses && sometimes(0.3),
    waitsForBoot: sometimes(0.5),
    liveFirst: sometimes(0.3),
    meterPeriodMs: Math.round(between(60_000, 600_000, chance)),
    forgetful: sometimes(0.2),
    resumes: sometimes(0.3),
    repeatsStops: sometimes(0.3),
    changesStops: sometimes(0.1),
    authorizes: sometimes(0.7),
    stubborn: sometimes(0.2),
    namesBadgeInStop: deaf || sometimes(0.7),
    samplesInStop: sometimes(0.3),
    rebootEveryMs: sometimes(0.4) ? between(1_800_000, 7_200_000, chance) : Infinity,
  };
}

/** Wallets by their balance at the start, in cents; nobody may start below `WALLET_MINIMUM`. */
export const WALLETS: Readonly<Record<string, number>> = { rich: 50_000, modest: 1_500, poor: 200 };
export const WALLET_MINIMUM = 500;

const declared = { freeService: false, blocked: false, declared: true };
export const BADGES: readonly Badge[] = [
  { ...declared, idTag: 'A1', walletId: 'rich' },
  { ...declared, idTag: 'A2', walletId: 'rich' },
  { ...declared, idTag: 'B1', walletId: 'modest' },
  { ...declared, idTag: 'B2', walletId: 'modest' },
  { ...declared, idTag: 'C1', walletId: 'poor' },
  { ...declared, idTag: 'FREE', walletId: null },
  { ...declared, idTag: 'SERVICE', walletId: 'modest', freeService: true },
  { ...declared, idTag: 'BLOCKED', walletId: 'rich', blocked: true },
  { ...declared, idTag: 'STRANGER', walletId: null, declared: false },
];
