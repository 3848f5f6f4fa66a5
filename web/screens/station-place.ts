import { readField } from '#src/domain/office/field.ts';
import {
  departmentOf,
  plainName,
  positionFrom,
  positionText,
  type FoundPlace,
  type PlaceAnswer,
} from '#src/domain/places.ts';
import { FRANCE, OVERSEAS, zoneOfDepartment } from '#src/domain/time-zone.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { Aid, Fill, Said } from './aids.ts';
import { zoneGroups, zoneName, zoneRemark } from './time-zones.ts';

/** For every form that has an address. */
export const COMMUNE_SUGGESTIONS: Readonly<Record<string, Aid>> = {
  postcode: { suggestAt: '/places/communes' },
  city: { suggestAt: '/places/communes' },
};

/** STA-10: « CHARGER COORDONNÉES ». What was typed of the address stays; an empty postcode or town is filled in. */
const position: Fill = {
  name: 'position',
  fills: ['position', 'postcode', 'city', 'timeZone'],
  async run({ places }, typed, t) {
    const [street, postcode, city] = [typed('address'), typed('postcode').trim(), typed('city').trim()];
    const answer = await places.locate({ street, postcode, city });
    const { found } = answer;
    if (found === null) return { values: {}, said: said(t, answer, [t('place.position.none')]) };
    const values = {
      position: positionText(found.position),
      ...(postcode === '' && { postcode: found.postcode }),
      ...(city === '' && { city: found.city }),
      ...zoneFor(found, typed('timeZone')),
    };
    const sentence = t(`place.position.${found.precision}`, placeText(found));
    return { values, said: said(t, answer, [sentence, ...zoneSaid(t, values)]) };
  },
};

/** STA-10: « CHARGER ADRESSE ». */
const address: Fill = {
  name: 'address',
  fills: ['address', 'postcode', 'city', 'timeZone'],
  async run({ places }, typed, t) {
    const read = readField({ kind: 'position', required: true }, [typed('position')]);
    const from = read.ok ? positionFrom(String(read.value)) : null;
    if (from === null) return { values: {}, said: { tone: 'bad', text: t('place.address.no-position') } };
    const answer = await places.addressAt(from);
    const { found } = answer;
    if (found === null) return { values: {}, said: said(t, answer, [t('place.address.none')]) };
    // In the same town, a postcode that was typed is better than the first one of our list.
    const isSameTown = plainName(typed('city')) === plainName(found.city) && typed('postcode') !== '';
    const values = {
      ...(found.street !== null && { address: found.street }),
      ...((found.precision !== 'commune' || !isSameTown) && { postcode: found.postcode }),
      city: found.city,
      ...zoneFor(found, typed('timeZone')),
    };
    const sentence = t(`place.address.${found.precision}`, placeText(found));
    return { values, said: said(t, answer, [sentence, ...zoneSaid(t, values)]) };
  },
};

/** What the form of a station has beyond its fields: where it stands, and which clocks it keeps (STA-10, STA-12, STA-13). */
export const STATION_PLACE: Readonly<Record<string, Aid>> = {
  ...COMMUNE_SUGGESTIONS,
  address: { fill: address },
  position: { fill: position },
  timeZone: { groups: zoneGroups, remark: { at: '/places/time-zone', text: zoneRemark } },
};

function placeText({ street, postcode, city }: FoundPlace): string {
  return [street, `${postcode} ${city}`].filter(Boolean).join(', ');
}

function said(t: Translate, { found, serviceFailed }: PlaceAnswer, sentences: readonly string[]): Said {
  const text = [...(serviceFailed ? [t('place.failed')] : []), ...sentences].join(' ');
  const isSure = found?.precision === 'address' && !serviceFailed;
  return { tone: found === null ? 'bad' : isSure ? 'good' : 'warn', text };
}

/** One of the zones of France where another one is of the place that was found; a zone abroad is left as chosen. */
function zoneFor({ communeCode, postcode }: FoundPlace, typed: string): { readonly timeZone?: string } {
  const timeZone = zoneOfDepartment(departmentOf(communeCode ?? postcode));
  const known: readonly string[] = ['', FRANCE, ...Object.values(OVERSEAS)];
  return timeZone !== typed && known.includes(typed) ? { timeZone } : {};
}

function zoneSaid(t: Translate, { timeZone }: { readonly timeZone?: string }): readonly string[] {
  return timeZone === undefined ? [] : [t('place.zone', zoneName(t, timeZone))];
}
