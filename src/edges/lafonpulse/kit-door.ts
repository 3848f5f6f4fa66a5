import type { KitSet } from '#src/wire/lafonpulse/settings.ts';

/** A kit that the platform granted a key. */
export type KnownKit = {
  readonly chargePointId: string;
  /** 32 bytes, shared with the kit alone. */
  readonly key: Buffer;
  /** What it is to go by now; null while it is in no station. */
  readonly set: KitSet | null;
};

/** Who knows kits. Null: nobody has granted this one a key. */
export type KitDoor = (serial: string) => Promise<KnownKit | null>;
