import { OUTLET_CELLS, OUTLET_NUMBERS, type OutletCell, type OutletNumber } from '#src/domain/office/points.ts';

const TYPES = ['domestic', 'type-1', 'type-2', 'type-3', 'chademo', 'combo-2', 'unspecified'] as const;
const SPEEDS = ['normal', 'accelerated', 'fast'] as const;

export type OutletWords = {
  readonly outlet: string;
  readonly none: string;
  readonly cells: Readonly<Record<OutletCell, string>>;
  readonly types: Readonly<Record<(typeof TYPES)[number], string>>;
  readonly speeds: Readonly<Record<(typeof SPEEDS)[number], string>>;
};
export type OutletTexts = Readonly<
  Record<
    | `field.outlet${OutletNumber}${OutletCell}`
    | `choice.outlet${OutletNumber}Type.${(typeof TYPES)[number]}`
    | `choice.outlet${OutletNumber}Speed.${(typeof SPEEDS)[number]}`
    | `none.outlet${OutletNumber}Type`
    | `none.outlet${OutletNumber}Speed`
    | `column.outlet${OutletCell}`,
    string
  >
>;

/** The words of six rows that are alike: « Prise 3 : vitesse » for whoever hears the form, « Vitesse » above its column. */
export function outletTexts({ outlet, none, cells, types, speeds }: OutletWords): OutletTexts {
  const texts: Record<string, string> = {};
  for (const cell of OUTLET_CELLS) texts[`column.outlet${cell}`] = cells[cell];
  for (const number of OUTLET_NUMBERS) {
    for (const cell of OUTLET_CELLS)
      texts[`field.outlet${number}${cell}`] = `${outlet} ${number} : ${cells[cell].toLowerCase()}`;
    for (const type of TYPES) texts[`choice.outlet${number}Type.${type}`] = types[type];
    for (const speed of SPEEDS) texts[`choice.outlet${number}Speed.${speed}`] = speeds[speed];
    texts[`none.outlet${number}Type`] = none;
    texts[`none.outlet${number}Speed`] = '–';
  }
  return texts as OutletTexts;
}
