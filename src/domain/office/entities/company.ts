import type { Entity } from '../entity.ts';

/**
 * « Société » (SOC-01..13). Company 1 is made with its subscription and never deleted (SUB-09). What its chargers take
 * over is what a new station begins with (SOC-12).
 */
export const company: Entity = {
  name: 'company',
  section: 'companies',
  owner: 'subscriber',
  fixed: ['number'],
  label: 'name',
  searched: ['name', 'city', 'contactName', 'contactEmail', 'cpoId'],
  company: 'id',
  canBeInactive: true,
  custom: 'company',
  dependants: [
    { entity: 'station', field: 'company' },
    { entity: 'grappe', field: 'company' },
    { entity: 'customer', field: 'company' },
  ],
  fields: {
    number: { kind: 'number', decimals: 0, min: 1, max: 9_999, required: true },
    name: { kind: 'text', max: 100, required: true, unique: 'subscriber' },
    cpoId: { kind: 'text', max: 6, shape: 'cpo-id' },
    siren: { kind: 'text', max: 9, shape: 'siren' },
    easyconnectKey: { kind: 'text', max: 100 },
    address: { kind: 'text', max: 300, lines: 3 },
    postcode: { kind: 'text', max: 10, shape: 'postcode' },
    city: { kind: 'text', max: 50 },
    country: { kind: 'text', max: 50 },
    contactName: { kind: 'text', max: 100 },
    contactEmail: { kind: 'text', max: 254, shape: 'email' },
    contactPhone: { kind: 'text', max: 20, shape: 'phone' },
    chargerMessage: { kind: 'text', max: 104, lines: 4 },
    publicCustomers: { kind: 'flag' },
    chargesBeforeRegistration: { kind: 'number', decimals: 0, min: 0, max: 999 },
    smsIdentification: { kind: 'flag' },
    smsToAccountCustomers: { kind: 'flag' },
    smsToPublicCustomers: { kind: 'flag' },
    visibleToPublic: { kind: 'flag' },
    openData: { kind: 'flag' },
    maintainers: { kind: 'refs', to: 'maintainer' },
  },
};

/** SOC-09..11: the settings that a station takes from its company, and that « APPLIQUER » sets on all of them. */
export const STATION_DEFAULTS = [
  'publicCustomers',
  'chargesBeforeRegistration',
  'smsIdentification',
  'smsToAccountCustomers',
  'smsToPublicCustomers',
  'visibleToPublic',
  'openData',
] as const;
