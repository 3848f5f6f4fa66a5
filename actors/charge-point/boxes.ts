import type { BootNotification } from '#src/wire/ocpp/messages.ts';

/** A box that booted under this identity (field-10). */
export type SeenBox = {
  readonly serial: string;
  /** When it came: its first boot, or the one by which it came back after another had its place. */
  readonly cameAtMs: number;
  readonly bootedAtMs: number;
  /** The serial number of the box that had the place when this one came; null: nobody can say that one had. */
  readonly host: string | null;
};

/** Two boxes under one identity kick each other out; a box on a bad network comes back from the same place (field-10). */
export const TAKEOVER_WINDOW_MS = 600_000;
/** Boxes that are remembered for an identity: the one that stays, and those that dispute it. */
export const BOXES_MAX = 4;
/** A box that was alone for so long has the place. Of two younger ones nobody can say which is the clone. */
export const LEARNT_AFTER_MS = 24 * 3_600_000;
/** OCPP allows 25 (OCPP 1.6 §6.5). */
const SERIAL_CHARS_MAX = 64;

/** Those that booted within the time of a fight. */
export function fighters(boxes: readonly SeenBox[], atMs: number): readonly string[] {
  return boxes.filter(({ bootedAtMs }) => bootedAtMs > atMs - TAKEOVER_WINDOW_MS).map(({ serial }) => serial);
}

/** By what a box is told from another one: its own serial number, else that of its cabinet; null without any. */
export function serialOf(boot: Omit<BootNotification, 'action'> | null): string | null {
  const serial = (boot?.chargePointSerialNumber ?? boot?.chargeBoxSerialNumber ?? '').trim();
  return serial === '' ? null : serial.slice(0, SERIAL_CHARS_MAX);
}

/** What an older release, which kept the last boot alone, knew of boxes. */
export function boxesOf(boot: Omit<BootNotification, 'action'> | null, bootedAtMs: number | null): readonly SeenBox[] {
  return withBox([], serialOf(boot), bootedAtMs ?? 0);
}

/**
 * The boxes after this boot, the last to boot first. A box without a serial number cannot be told from another.
 * `isCalm`: nobody fights already. In a fight a box that only reconnects is there too, and nobody gets a place by it.
 */
export function withBox(
  boxes: readonly SeenBox[],
  serial: string | null,
  atMs: number,
  isCalm = true,
): readonly SeenBox[] {
  if (serial === null) return boxes;
  const [last] = boxes;
  const mine = boxes.find((box) => box.serial === serial);
  const others = boxes.filter((box) => box !== mine);
  const here = (box: SeenBox, all: readonly SeenBox[]) => [{ ...box, bootedAtMs: atMs }, ...all].slice(0, BOXES_MAX);
  if (last === undefined) return here({ serial, cameAtMs: atMs, bootedAtMs: atMs, host: null }, others);
  if (mine === undefined) {
    const host = atMs - last.cameAtMs >= LEARNT_AFTER_MS ? last.serial : last.host;
    return here({ serial, cameAtMs: atMs, bootedAtMs: atMs, host }, others);
  }
  const goneSinceMs = Math.max(last.cameAtMs, mine.bootedAtMs);
  if (mine === last || atMs - goneSinceMs < LEARNT_AFTER_MS) return here(mine, others);
  // The last to boot has had its place since, or passed by once: a second boot of it tells. If none did, nobody knows.
  const host = isCalm && last.bootedAtMs - goneSinceMs >= LEARNT_AFTER_MS ? last.serial : null;
  const free = others.map((box) => (box.host === serial ? { ...box, host: null } : box));
  return here({ ...mine, cameAtMs: atMs, host }, free);
}

/**
 * Whose the identity is where nobody declared a serial number: the box that had the place when this one came, if it has
 * booted again since and just now. One that was taken away boots no more, so that whatever replaces it is never kept
 * out. Null: nobody can say.
 */
export function hostOf(boxes: readonly SeenBox[], serial: string | null, atMs: number): string | null {
  const mine = boxes.find((box) => box.serial === serial);
  const host = boxes.find((box) => box.serial === mine?.host);
  if (mine === undefined || host === undefined) return null;
  return host.bootedAtMs > mine.cameAtMs && host.bootedAtMs > atMs - TAKEOVER_WINDOW_MS ? host.serial : null;
}
