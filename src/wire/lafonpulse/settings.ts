/** What a kit is to go by (docs/protocols/lafonpulse.md, section 7); absent members are left out. */
export type KitSet = {
  /** W, whatever the kit was configured with (LAF-06). */
  readonly power: number;
  /** W between two instants, epoch ms (LAF-07). */
  readonly more: { readonly power: number; readonly fromMs: number; readonly toMs: number } | null;
  readonly unlock: string | null;
  readonly max: { readonly minutes: number | null; readonly wh: number | null; readonly parked: number | null };
  readonly alerts: { readonly before: number | null; readonly after: number | null; readonly parked: number | null };
  readonly language: string;
  readonly text: string | null;
};

/** Longer would not fit beside the rest. */
const TEXT_CHARACTERS_MAX = 120;

/** The `set` of a reply, as JSON. */
export function writeSet(set: KitSet): string {
  const { power, more, unlock, max, alerts, language, text } = set;
  return JSON.stringify({
    power,
    more: more === null ? undefined : { power: more.power, from: secondOf(more.fromMs), to: secondOf(more.toMs) },
    unlock: unlock ?? undefined,
    max: told(max),
    alerts: told(alerts),
    language,
    text: text === null ? undefined : [...text].slice(0, TEXT_CHARACTERS_MAX).join(''),
  });
}

/** A reply with settings. `reply` is the JSON of an object. */
export function withSet(reply: string, set: string): string {
  return `${reply.slice(0, -1)}${reply === '{}' ? '' : ','}"set":${set}}`;
}

function told(limits: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> | undefined {
  const known = Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== null);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** UTC, to the second. */
function secondOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
