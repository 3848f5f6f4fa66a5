import { chargePointKey, type ChargePointId } from '#src/domain/ids.ts';
import type { Blip, Knock } from './messages.ts';

/** Callers at one time: a scanner must not push out the charger that somebody is installing. */
export const BLIPS_MAX = 500;
/** Of one address, for the same reason. */
export const BLIPS_OF_ADDRESS_MAX = 20;

/** What was refused or stayed half-made, the newest last. In memory: the journal has it for good. */
export class RadarBoard {
  readonly #blips = new Map<string, Blip>();

  /** One more knock; `chargePointId` is asked for once for each blip. */
  async noticed(knock: Knock, chargePointId: () => Promise<ChargePointId | null>): Promise<void> {
    const key = JSON.stringify([knock.remoteAddress, knock.identity ?? knock.path, wordOf(knock.why)]);
    const known = this.#blips.get(key);
    const owner = known === undefined ? await chargePointId() : known.chargePointId;
    // What was asked for meanwhile counts too.
    const before = this.#blips.get(key);
    this.#blips.delete(key);
    if (before === undefined) this.#makeRoom(knock.remoteAddress);
    this.#blips.set(key, {
      ...knock,
      chargePointId: owner,
      firstAtMs: before?.firstAtMs ?? knock.atMs,
      count: (before?.count ?? 0) + 1,
      solvedAtMs: null,
    });
  }

  /** A charger came in: what kept it out is over. */
  admitted(chargePointId: ChargePointId, atMs: number): void {
    if (this.#blips.size === 0) return;
    const key = chargePointKey(chargePointId);
    for (const [name, blip] of this.#blips) {
      if (blip.identity !== null && chargePointKey(blip.identity) === key && blip.solvedAtMs === null)
        this.#blips.set(name, { ...blip, chargePointId, solvedAtMs: atMs });
    }
  }

  /** Newest first. */
  blips(): readonly Blip[] {
    return [...this.#blips.values()].toReversed();
  }

  #makeRoom(remoteAddress: string): void {
    const same = [...this.#blips].filter(([, blip]) => blip.remoteAddress === remoteAddress);
    const [oldestOfAddress] = same;
    if (same.length >= BLIPS_OF_ADDRESS_MAX && oldestOfAddress !== undefined) this.#blips.delete(oldestOfAddress[0]);
    const [oldest] = this.#blips.keys();
    if (this.#blips.size >= BLIPS_MAX && oldest !== undefined) this.#blips.delete(oldest);
  }
}

/** The closed word of a reason, without what was found. */
function wordOf(why: string): string {
  return why.replace(/[:\s].*$/s, '');
}
