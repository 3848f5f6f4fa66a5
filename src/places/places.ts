import type { Commune, FoundPlace, Places } from '#src/domain/places.ts';
import { readGazetteer, type Gazetteer } from './gazetteer.ts';
import type { AddressService, ServiceAnswer } from './address-service.ts';

export type PlacesOptions = {
  /** Null where the server has no address service: the list of communes answers. */
  readonly service: AddressService | null;
  /** Called when the service gave no usable answer. */
  readonly onFailure: (why: string) => void;
};

/** Asks the address service first, and the list of communes for what it did not answer. The list is read when first needed. */
export function placesOver({ service, onFailure }: PlacesOptions): Places {
  let reading: Promise<Gazetteer> | null = null;
  const gazetteer = (): Promise<Gazetteer> => (reading ??= readGazetteer());

  async function answered(
    asked: Promise<ServiceAnswer> | undefined,
    fallback: (communes: Gazetteer) => FoundPlace | null,
  ): Promise<{ found: FoundPlace | null; serviceFailed: boolean }> {
    const answer = await asked;
    if (answer?.ok === true && answer.found !== null) return { found: answer.found, serviceFailed: false };
    if (answer?.ok === false) onFailure(answer.why);
    return { found: fallback(await gazetteer()), serviceFailed: answer?.ok === false };
  }

  return {
    locate(address) {
      const { postcode, city } = address;
      return answered(service?.search(address), (communes) => {
        const commune = communes.named(postcode, city) ?? communes.atPostcode(postcode);
        return commune === null ? null : placeOf(commune, postcode);
      });
    },
    addressAt: (position) =>
      answered(service?.reverse(position), (communes) => {
        const commune = communes.nearest(position);
        return commune === null ? null : { ...placeOf(commune, ''), position };
      }),
    suggest: async (typed, limit) => (await gazetteer()).suggest(typed, limit),
    communeOf: async (postcode, city) => (await gazetteer()).named(postcode, city),
  };
}

function placeOf(commune: Commune, postcode: string): FoundPlace {
  return {
    street: null,
    // A large town has several: the one that was asked for, else the first, which is the one of its middle.
    postcode: commune.postcodes.includes(postcode) ? postcode : (commune.postcodes[0] ?? ''),
    city: commune.name,
    communeCode: commune.code,
    position: commune.position,
    precision: 'commune',
  };
}
