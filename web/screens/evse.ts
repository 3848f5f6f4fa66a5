import { OUTLET_CELLS, OUTLET_NUMBERS } from '#src/domain/office/points.ts';
import type { Screen, Tab } from './screen.ts';

const POINT_FIELDS = ['connectorId', 'supply', 'phase', 'currentMinMa', 'currentMaxMa', 'scanOrder'];
const tabsOf = (fields: readonly string[]): readonly Tab[] => [
  { name: 'point', fields },
  {
    name: 'outlets',
    fields: OUTLET_NUMBERS.flatMap((number) => OUTLET_CELLS.map((cell) => `outlet${number}${cell}`)),
    cells: OUTLET_CELLS.map((cell) => `outlet${cell}`),
    rows: 'outlet',
  },
];

/** « Point de charge » of a station, with its six rows of sockets (GRA-17, GRA-18). */
export const evseScreen: Screen = {
  entity: 'evse',
  path: '/stations/:parent/evses',
  sort: 'number',
  columns: ['number', 'connectorId', 'supply', 'phase', 'currentMinMa', 'currentMaxMa', 'scanOrder'],
  tabs: tabsOf([...POINT_FIELDS, 'roamingId']),
};

/** The same of an integrator's model (INT-02). */
export const modelEvseScreen: Screen = {
  entity: 'model-evse',
  path: '/models/:parent/evses',
  sort: 'number',
  columns: evseScreen.columns,
  tabs: tabsOf(POINT_FIELDS),
};
