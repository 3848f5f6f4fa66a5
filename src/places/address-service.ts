import { z } from 'zod';
import type { Address, FoundPlace, Position } from '#src/domain/places.ts';

/** Whoever waits for an answer has the list of communes after it. */
const ANSWER_MS_MAX = 4_000;
const ANSWER_CHARACTERS_MAX = 256 * 1024;
const QUERY_CHARACTERS_MAX = 200;
/** Below, the service's own advice is to ask a person. */
const SCORE_SURE = 0.5;

/** What we read of a GeoJSON feature as the Base Adresse Nationale describes it; unknown members are ignored. */
const Feature = z.object({
  geometry: z.object({ coordinates: z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]) }),
  properties: z.object({
    name: z.string().max(300).optional(),
    postcode: z.string().max(10),
    city: z.string().max(100),
    citycode: z.string().max(5).optional(),
    score: z.number().default(1),
    type: z.string().optional(),
  }),
});
const Answer = z.object({ features: z.array(z.unknown()).max(100) });

/** `failed`: no answer in time, or none that can be read. */
export type ServiceAnswer =
  | { readonly ok: true; readonly found: FoundPlace | null }
  | { readonly ok: false; readonly why: string };

/** An address service in the format of the Base Adresse Nationale, such as the one of the Géoplateforme. */
export class AddressService {
  readonly #base: string;
  readonly #answerMsMax: number;

  /** `base`: what `/search` and `/reverse` follow. */
  constructor(base: string, answerMsMax = ANSWER_MS_MAX) {
    this.#base = base.replace(/\/+$/, '');
    this.#answerMsMax = answerMsMax;
  }

  search({ street, postcode, city }: Address): Promise<ServiceAnswer> {
    const q = [street, postcode, city].join(' ').replace(/\s+/g, ' ').trim().slice(0, QUERY_CHARACTERS_MAX);
    return this.#ask('/search', { q, limit: '5' });
  }

  reverse({ latitude, longitude }: Position): Promise<ServiceAnswer> {
    return this.#ask('/reverse', { lon: String(longitude), lat: String(latitude), limit: '1' });
  }

  async #ask(path: string, query: Readonly<Record<string, string>>): Promise<ServiceAnswer> {
    try {
      const signal = AbortSignal.timeout(this.#answerMsMax);
      const url = `${this.#base}${path}?${new URLSearchParams(query).toString()}`;
      const answer = await fetch(url, { signal, headers: { Accept: 'application/json' } });
      if (!answer.ok) {
        await answer.body?.cancel();
        return { ok: false, why: `it answered ${answer.status}` };
      }
      const { features } = Answer.parse(JSON.parse(await boundedText(answer)));
      const [best] = features;
      return { ok: true, found: best === undefined ? null : placeOf(Feature.parse(best)) };
    } catch (error) {
      // The network, the time limit, a text that is no JSON or not of this shape: whoever asked falls back.
      return { ok: false, why: error instanceof Error ? error.message : String(error) };
    }
  }
}

function placeOf({ geometry, properties }: z.output<typeof Feature>): FoundPlace {
  const { name, postcode, city, citycode, score, type } = properties;
  const [longitude, latitude] = geometry.coordinates;
  return {
    street: type === 'municipality' ? null : (name ?? null),
    postcode,
    city,
    communeCode: citycode ?? null,
    position: { latitude, longitude },
    precision: type === 'municipality' ? 'commune' : score < SCORE_SURE ? 'doubtful' : 'address',
  };
}

/** @throws RangeError for more than an answer of a few addresses can be. */
async function boundedText(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of answer.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > ANSWER_CHARACTERS_MAX) throw new RangeError('the answer is too long');
  }
  return text + decoder.decode();
}
