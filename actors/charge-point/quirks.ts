import type { BootNotification, Tolerance } from '#src/wire/ocpp/messages.ts';

/** How often a tolerance was used, and when last. */
export type QuirkUse = { readonly count: number; readonly lastAtMs: number };
export type Quirks = Readonly<Partial<Record<Tolerance, QuirkUse>>>;

/** What a box says that it is; texts are empty while it has not said. */
export type Edition = { readonly make: string; readonly model: string; readonly firmware: string };

/** What a charger was forgiven while it ran one firmware. */
export type EditionQuirks = Edition & { readonly quirks: Quirks };

/** A charger that is updated every month is remembered for this many firmwares. */
export const EDITIONS_MAX = 4;

export function editionOf(boot: Omit<BootNotification, 'action'> | null): Edition {
  return {
    make: boot?.chargePointVendor ?? '',
    model: boot?.chargePointModel ?? '',
    firmware: boot?.firmwareVersion ?? '',
  };
}

export function isSameEdition(a: Edition, b: Edition): boolean {
  return a.make === b.make && a.model === b.model && a.firmware === b.firmware;
}

/** One more use of each tolerance by this edition, which comes to the front; the one forgotten is the oldest. */
export function withUses(
  editions: readonly EditionQuirks[],
  edition: Edition,
  use: { readonly tolerated: readonly Tolerance[]; readonly atMs: number },
): readonly EditionQuirks[] {
  const quirks = { ...editions.find((one) => isSameEdition(one, edition))?.quirks };
  for (const tolerance of use.tolerated) {
    quirks[tolerance] = { count: (quirks[tolerance]?.count ?? 0) + 1, lastAtMs: use.atMs };
  }
  const others = editions.filter((one) => !isSameEdition(one, edition));
  return [{ ...edition, quirks }, ...others].slice(0, EDITIONS_MAX);
}

/** What it was forgiven before it said who it is, as of its handshake, was its own. */
export function named(editions: readonly EditionQuirks[], edition: Edition): readonly EditionQuirks[] {
  const nameless = editions.find((one) => isSameEdition(one, editionOf(null)));
  if (nameless === undefined || isSameEdition(nameless, edition)) return editions;
  const own = editions.find((one) => isSameEdition(one, edition));
  const others = editions.filter((one) => one !== nameless && one !== own);
  return [{ ...edition, quirks: added(own?.quirks ?? {}, nameless.quirks) }, ...others];
}

function added(a: Quirks, b: Quirks): Quirks {
  const sum: Partial<Record<Tolerance, QuirkUse>> = { ...a };
  for (const [tolerance, use] of usesOf(b)) {
    const before = sum[tolerance] ?? { count: 0, lastAtMs: 0 };
    sum[tolerance] = { count: before.count + use.count, lastAtMs: Math.max(before.lastAtMs, use.lastAtMs) };
  }
  return sum;
}

export function usesOf(quirks: Quirks): readonly [Tolerance, QuirkUse][] {
  return Object.entries(quirks) as [Tolerance, QuirkUse][];
}

/** How often each tolerance was used, whatever the firmware. */
export function timesOf(editions: readonly EditionQuirks[]): Readonly<Partial<Record<Tolerance, number>>> {
  const times: Partial<Record<Tolerance, number>> = {};
  for (const { quirks } of editions) {
    for (const [tolerance, { count }] of usesOf(quirks)) {
      times[tolerance] = (times[tolerance] ?? 0) + count;
    }
  }
  return times;
}
