import { isTimeZone } from '#src/domain/office/field.ts';
import { FRANCE, nextClockChange, offsetAt, OVERSEAS, TIME_ZONES } from '#src/domain/time-zone.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import type { ChoiceGroup } from './aids.ts';

const overseas: readonly string[] = Object.values(OVERSEAS);
/** The zones of each part of the world, those of France left out: they stand before all others. */
const elsewhere = Map.groupBy(
  TIME_ZONES.filter((zone) => zone !== FRANCE && !overseas.includes(zone)),
  (zone) => zone.split('/')[0] ?? zone,
);
const formats = {
  fr: { day: dayFormat('fr-FR'), time: timeFormat('fr-FR') },
  en: { day: dayFormat('en-GB'), time: timeFormat('en-GB') },
} as const;

/** Every zone with its present offset, France first. */
export function zoneGroups(t: Translate, nowMs: number): readonly ChoiceGroup[] {
  const choice = (id: string) => ({ id, name: `${zoneName(t, id)} (UTC${offsetAt(id, nowMs)})` });
  return [
    { name: t('zones.france'), choices: [choice(FRANCE)] },
    { name: t('zones.overseas'), choices: overseas.map(choice) },
    ...[...elsewhere].map(([part, zones]) => ({
      name: translated(t, `zones.${part}`) ?? part,
      choices: zones.map(choice),
    })),
  ];
}

export function zoneName(t: Translate, zone: string): string {
  return translated(t, `zone.${zone}`) ?? zone.replaceAll('_', ' ');
}

/** STA-13: « UTC+01:00 ; passage à l’heure d’été le 28 mars 2027 à 02:00. » */
export function zoneRemark(t: Translate, zone: string, nowMs: number): string {
  if (!isTimeZone(zone)) return t('zone.unknown');
  const offset = `UTC${offsetAt(zone, nowMs)}`;
  const change = nextClockChange(zone, nowMs);
  if (change === null) return t('zone.constant', offset);
  const { day, time } = formats[t.language];
  return t(`zone.${change.way}`, offset, day.format(change.wallClockMs), time.format(change.wallClockMs));
}

function dayFormat(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'long' });
}

function timeFormat(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' });
}
