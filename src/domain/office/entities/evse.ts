import { faultsAmongPoints, faultsOfPoint } from '../connectors.ts';
import type { Entity } from '../entity.ts';
import type { Field } from '../field.ts';
import { EVSES_MAX, OUTLET_NUMBERS, type OutletCell } from '../points.ts';
import { chargerModel } from './charger-model.ts';
import { station } from './station.ts';

/** A power line of 500 A is more than any cable of today carries. In mA. */
const CURRENT_MA_MAX = 500_000;
const CONNECTOR_ID_MAX = 99;
const SCAN_ORDER_MAX = 999;

const CONNECTOR_ID: Field = { kind: 'number', decimals: 0, min: 1, max: CONNECTOR_ID_MAX };
const CURRENT: Field = { kind: 'number', decimals: 3, min: 0, max: CURRENT_MA_MAX, unit: 'A' };

/** What each of the six rows of sockets asks; without a type there is no socket there (GRA-18). */
const OUTLET: Readonly<Record<OutletCell, Field>> = {
  Inactive: { kind: 'flag' },
  Type: {
    kind: 'choice',
    values: ['domestic', 'type-1', 'type-2', 'type-3', 'chademo', 'combo-2', 'unspecified'],
  },
  Speed: { kind: 'choice', values: ['normal', 'accelerated', 'fast'] },
  ConnectorId: CONNECTOR_ID,
};

const FIELDS: Readonly<Record<string, Field>> = {
  number: { kind: 'number', decimals: 0, min: 1, max: EVSES_MAX, required: true },
  connectorId: CONNECTOR_ID,
  /** GRA-16: what the controller of a grappe may ask of this point, in mA. */
  currentMinMa: CURRENT,
  currentMaxMa: CURRENT,
  supply: { kind: 'choice', values: ['single-phase', 'three-phase'] },
  phase: { kind: 'number', decimals: 0, min: 1, max: 3 },
  scanOrder: { kind: 'number', decimals: 0, min: 1, max: SCAN_ORDER_MAX },
  ...Object.fromEntries(
    OUTLET_NUMBERS.flatMap((number) =>
      Object.entries(OUTLET).map(([cell, field]) => [`outlet${number}${cell}`, field] as const),
    ),
  ),
};

const POINT = {
  label: 'number',
  searched: [],
  canBeInactive: true,
  check: faultsOfPoint,
} as const;

/**
 * « Point de charge » of a station's charger: one side of it, for one vehicle, with up to six sockets (MOD-03..05,
 * GRA-15..18). It is made and removed by the number of points of its station, never by itself.
 */
export const evse: Entity = {
  ...POINT,
  name: 'evse',
  section: 'station-maintenance',
  owner: 'subscriber',
  fixed: ['station', 'number'],
  partOf: { field: 'station', of: station, check: faultsAmongPoints },
  fields: {
    station: { kind: 'ref', to: 'station', required: true },
    ...FIELDS,
    /** Of the national list and of roaming; without one it follows from the station and the number of the point. */
    roamingId: { kind: 'text', max: 35, shape: 'point-roaming-id', unique: 'server' },
  },
};

/** The same of an integrator's model: what the points of a new charger of this model begin with (STA-23, INT-02). */
export const modelEvse: Entity = {
  ...POINT,
  name: 'model-evse',
  section: 'models',
  owner: 'subscriber',
  fixed: ['model', 'number'],
  partOf: { field: 'model', of: chargerModel, check: faultsAmongPoints },
  fields: { model: { kind: 'ref', to: 'charger-model', required: true }, ...FIELDS },
};
