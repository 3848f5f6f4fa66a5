import type { Body } from './memory.ts';

/** Those that it has texts of its own in. */
const KNOWN: readonly string[] = ['fr', 'en', 'de'];
const TEXT_CHARACTERS_MAX = 120;
const SECONDS_MAX = 86_400;

type Message = { readonly texts: ReadonlyMap<string, string>; readonly untilMs: number | null };

/** What stands on the display of a kit (docs/protocols/lafonpulse.md, sections 7 and 9). A power cut wipes it. */
export class Display {
  #message: Message | null = null;
  /** Those that drivers may choose from, the first one first. */
  languages: readonly string[] = KNOWN;

  /** Other languages, or another order. False: it does not have them. */
  speak(languages: readonly string[]): boolean {
    const isFit = languages.every((one) => KNOWN.includes(one)) && new Set(languages).size === languages.length;
    if (isFit) this.languages = languages;
    return isFit;
  }

  /** The answer to a `show`, and for how long its message stands in ms; null where it stays, or where there is none. */
  show(order: Body, nowMs: number): { readonly status: 'accepted' | 'refused'; readonly forMs: number | null } {
    const refused = { status: 'refused', forMs: null } as const;
    const { text, texts, seconds } = order;
    const given = new Map(Object.entries((texts ?? (text === undefined ? {} : { '': text })) as Body));
    for (const one of given.values())
      if (typeof one !== 'string' || [...one].length > TEXT_CHARACTERS_MAX) return refused;
    if (seconds !== undefined && !(Number.isInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= SECONDS_MAX))
      return refused;
    const written = new Map([...(given as Map<string, string>)].filter(([, one]) => one !== ''));
    if (written.size === 0) {
      this.#message = null;
      return { status: 'accepted', forMs: null };
    }
    if (![...written.keys()].some((one) => one === '' || this.languages.includes(one))) return refused;
    const forMs = seconds === undefined ? null : Number(seconds) * 1_000;
    this.#message = { texts: written, untilMs: forMs === null ? null : nowMs + forMs };
    return { status: 'accepted', forMs };
  }

  /** `settings`: the `set` of the station. Null: nothing but what a kit shows by itself. */
  shown(settings: Body, nowMs: number): string | null {
    const message = this.#message;
    const own = typeof settings['text'] === 'string' ? settings['text'] : null;
    if (message === null || (message.untilMs !== null && message.untilMs <= nowMs)) return own;
    const { texts } = message;
    const [first = own] = texts.values();
    const chosen = String(settings['language']);
    return texts.get(this.languages.includes(chosen) ? chosen : (this.languages[0] ?? '')) ?? first;
  }

  wipe(): void {
    this.#message = null;
  }
}
