import type { Screen } from './screen.ts';

/** What the platform operator keeps for others, a page each (product decisions, section 1). */

const KIT_COLUMNS = ['serialNumber', 'make', 'model', 'zeReady', 'hardVersion', 'softwareVersion', 'softwareDate'];

/** The kits, and to which integrator each is granted (INT-04). */
export const kitScreen: Screen = {
  entity: 'kit',
  path: '/admin/kits',
  kind: 'platform',
  sort: 'serialNumber',
  filters: ['integrator'],
  columns: [...KIT_COLUMNS, 'integrator'],
  tabs: [
    { name: 'kit', fields: ['serialNumber', 'make', 'model', 'zeReady', 'integrator'] },
    { name: 'versions', fields: ['hardVersion', 'softwareVersion', 'softwareDate'] },
  ],
};

/** « Liste des kits Pulse » of an integrator: those that he was granted, and the model each is built into (INT-03). */
export const grantedKitScreen: Screen = {
  entity: 'kit',
  path: '/kits',
  kind: 'integrator',
  sort: 'serialNumber',
  columns: [...KIT_COLUMNS, 'chargerModel'],
  tabs: [
    { name: 'kit', fields: ['serialNumber', 'make', 'model', 'zeReady'] },
    { name: 'versions', fields: ['hardVersion', 'softwareVersion', 'softwareDate'] },
  ],
};

/** The pool of SIM cards, and to which merchant each is granted (LAF-04). */
export const simScreen: Screen = {
  entity: 'sim',
  path: '/admin/sims',
  sort: 'iccid',
  filters: ['merchant'],
  columns: ['iccid', 'phone', 'apn', 'merchant'],
  tabs: [{ name: 'sim', fields: ['iccid', 'phone', 'apn', 'login', 'password', 'merchant'] }],
};

export const firmwareScreen: Screen = {
  entity: 'firmware',
  path: '/admin/firmwares',
  sort: 'name',
  columns: ['name', 'make', 'model', 'softwareVersion', 'url'],
  tabs: [{ name: 'general', fields: ['name', 'make', 'model', 'softwareVersion', 'url', 'description'] }],
};

export const serverScreen: Screen = {
  entity: 'server',
  path: '/admin/servers',
  sort: 'name',
  columns: ['name', 'url'],
  tabs: [{ name: 'general', fields: ['name', 'url'] }],
};
