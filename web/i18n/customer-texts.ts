import {
  BADGE_CELLS,
  BADGE_KINDS,
  BADGE_NUMBERS,
  VEHICLE_CELLS,
  VEHICLE_NUMBERS,
  type BadgeKind,
} from '#src/domain/office/badges.ts';

const OUTLETS = ['domestic', 'type-1', 'type-2', 'type-3', 'chademo', 'combo-2'] as const;
type Number_ = (typeof BADGE_NUMBERS)[number];
type VehicleNumber = (typeof VEHICLE_NUMBERS)[number];
type BadgeCell = (typeof BADGE_CELLS)[number];
type VehicleCell = (typeof VEHICLE_CELLS)[number];

export type CustomerWords = {
  readonly badge: string;
  readonly vehicle: string;
  readonly none: string;
  readonly badgeCells: Readonly<Record<BadgeCell, string>>;
  readonly vehicleCells: Readonly<Record<VehicleCell, string>>;
  readonly kinds: Readonly<Record<BadgeKind, string>>;
  readonly outlets: Readonly<Record<(typeof OUTLETS)[number], string>>;
};
export type CustomerTexts = Readonly<
  Record<
    | 'column.badge'
    | 'column.vehicle'
    | `column.badge${BadgeCell}`
    | `column.vehicle${VehicleCell}`
    | `field.badge${Number_}${BadgeCell}`
    | `choice.badge${Number_}Kind.${BadgeKind}`
    | `field.vehicle${VehicleNumber}${VehicleCell}`
    | `choice.vehicle${VehicleNumber}${'Outlet' | 'OtherOutlet'}.${(typeof OUTLETS)[number]}`
    | `none.vehicle${VehicleNumber}${'Outlet' | 'OtherOutlet'}`,
    string
  >
>;

/** The words of rows that are alike: « Support 2 : numéro » for whoever hears the form, « Numéro » above its column. */
export function customerTexts(words: CustomerWords): CustomerTexts {
  const { badge, vehicle, badgeCells, vehicleCells, kinds, outlets, none } = words;
  const texts: Record<string, string> = { 'column.badge': badge, 'column.vehicle': vehicle };
  for (const cell of BADGE_CELLS) texts[`column.badge${cell}`] = badgeCells[cell];
  for (const cell of VEHICLE_CELLS) texts[`column.vehicle${cell}`] = vehicleCells[cell];
  for (const number of BADGE_NUMBERS) {
    for (const cell of BADGE_CELLS)
      texts[`field.badge${number}${cell}`] = `${badge} ${number} : ${badgeCells[cell].toLowerCase()}`;
    for (const kind of BADGE_KINDS) texts[`choice.badge${number}Kind.${kind}`] = kinds[kind];
  }
  for (const number of VEHICLE_NUMBERS) {
    for (const cell of VEHICLE_CELLS)
      texts[`field.vehicle${number}${cell}`] = `${vehicle} ${number} : ${vehicleCells[cell].toLowerCase()}`;
    for (const cell of ['Outlet', 'OtherOutlet'] as const) {
      for (const outlet of OUTLETS) texts[`choice.vehicle${number}${cell}.${outlet}`] = outlets[outlet];
      texts[`none.vehicle${number}${cell}`] = none;
    }
  }
  return texts as CustomerTexts;
}
