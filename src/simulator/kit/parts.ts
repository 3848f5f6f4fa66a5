import type { Connector } from '../state.ts';
import type { KitMemory } from './memory.ts';
import type { KitClock } from './speaker.ts';

/** What the parts of a kit share. */
export type KitParts = {
  readonly memory: KitMemory;
  /** How many times faster than life its charges go. */
  readonly speed: number;
  readonly now: KitClock['now'];
  readonly later: (afterMs: number, run: () => void) => void;
  readonly connector: (point: number) => Connector | undefined;
};
