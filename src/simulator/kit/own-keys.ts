import { readKeys, type Configuration } from '../configuration.ts';
import type { Display } from './display.ts';
import type { Body, KitMemory, ListMode } from './memory.ts';
import { pageOf } from './words.ts';

const MODES: ReadonlySet<unknown> = new Set<ListMode>(['active', 'open', 'closed']);

/** The keys that a kit has beside those of any charger (docs/protocols/lafonpulse.md, section 9). */
export class OwnKeys {
  readonly #memory: KitMemory;
  readonly #display: Display;

  constructor(memory: KitMemory, display: Display) {
    this.#memory = memory;
    this.#display = display;
  }

  /** The answer to a `write` of one of them; null for any other key. */
  write({ key, value }: Body): Body | null {
    switch (key) {
      case 'ListMode':
        if (!MODES.has(value)) return { status: 'refused' };
        this.#memory.mode = value as ListMode;
        return { status: 'accepted' };
      case 'Languages':
        return { status: this.#display.speak(String(value).split(',')) ? 'accepted' : 'refused' };
      case 'ListSize':
      case 'KeptRecharges':
        return { status: 'refused' };
      default:
        return null;
    }
  }

  /** A page of the keys that were asked for, its own first. */
  read(order: Body, configuration: Configuration, { from, bytesMax }: { from: number; bytesMax: number }): Body {
    const { mode, list, recharges } = this.#memory;
    const own: readonly (readonly [string, string, boolean])[] = [
      ['ListMode', mode, true],
      ['ListSize', String(list.length), false],
      ['KeptRecharges', String(recharges), false],
      ['Languages', this.#display.languages.join(','), true],
    ];
    const asked = Array.isArray(order['keys']) ? order['keys'].map(String) : [];
    const read = readKeys(configuration, asked);
    const wanted = own.filter(([name]) => asked.length === 0 || asked.includes(name));
    const known = read.configurationKey.map(({ key, value, readonly }) => [key, value ?? '', !readonly] as const);
    const { some, more } = pageOf([...wanted, ...known], from, bytesMax);
    const unknown = (read.unknownKey ?? []).filter((name) => !wanted.some(([own_]) => own_ === name));
    return { keys: some, unknown: more ? [] : unknown, more };
  }
}
