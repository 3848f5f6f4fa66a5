import type { InstallMessages } from './messages.ts';
import { outletTexts } from './outlet-texts.ts';

export const englishInstall: InstallMessages = {
  'list.evse': 'Charge points',
  'list.model-evse': 'Points of the model',
  'part.evse': 'Point',
  'part.model-evse': 'Point',
  'plural.evse': 'points',
  'plural.model-evse': 'points of models',
  'field.station': 'Station',
  'field.model-evse.model': 'Model',
  'tab.point': 'Point',
  'tab.outlets': 'Sockets',
  'field.connectorId': 'ConnectorId',
  'hint.evse.connectorId':
    'The number that the manufacturer gave: of the point, or of each socket or group of sockets below. Two points never have the same.',
  'hint.model-evse.connectorId':
    'The number that the manufacturer gave: of the point, or of each socket or group of sockets below. Two points never have the same.',
  'field.currentMinMa': 'Least charging current',
  'field.currentMaxMa': 'Most charging current',
  'hint.evse.currentMaxMa':
    'Currents, phase and scan order are for the controller of a grappe: have them set by someone competent.',
  'field.supply': 'Supply',
  'choice.supply.single-phase': 'Single-phase',
  'choice.supply.three-phase': 'Three-phase',
  'field.phase': 'Phase number',
  'field.scanOrder': 'Scan order',
  'column.outlet': 'Socket',
  ...outletTexts({
    outlet: 'Socket',
    none: 'None',
    cells: { Inactive: 'Inactive', Type: 'Type', Speed: 'Speed', ConnectorId: 'ConnectorId' },
    types: {
      domestic: 'Household (EU)',
      'type-1': 'Type 1',
      'type-2': 'Type 2',
      'type-3': 'Type 3',
      chademo: 'CHAdeMO',
      'combo-2': 'Combo2',
      unspecified: 'Unspecified',
    },
    speeds: { normal: 'Normal', accelerated: 'Accelerated', fast: 'Fast' },
  }),
  'field.integratorModel': 'Model of a subscribed integrator',
  'hint.station.integratorModel':
    'Only when the charger is created: it gives manufacturer, make, model and the points.',
  'none.integratorModel': 'None',
  'hint.station.evses':
    'Points are made when you save, and are then described one by one. A smaller number drops the description of those on the right.',
  'hint.charger-model.evses':
    'Points are made when you save, and are then described one by one. Chargers that exist do not change.',
  'fault.connector-shared': (evse) => `Point ${evse} has this connectorId already: give each point its own.`,
  'fault.rule.current-below-minimum': 'The most is less than the least.',
  'fault.rule.no-outlet': 'Choose the type of this socket, or empty its connectorId.',
  'fault.rule.connector-of-point':
    'The point has a connectorId of its own: empty this one, or empty that of the point to give one to each socket.',

  'points.title': 'Points',
  'points.hint': 'Numbered from the left, and their sockets from the top.',
  'points.must-match': 'They must be described as they are in the charger.',
  'points.point': (number) => `Point ${number}`,
  'points.outlet': (number) => `Socket ${number}`,
  'points.no-outlet': 'no socket',
  'points.number': 'Point number',
  'points.outlet-number': 'Socket number',
};
