import { faultsOfCharger, hasCharger } from '../charger.ts';
import { DEFAULT_LENIENCY, LENIENCIES } from '../../leniency.ts';
import type { Entity } from '../entity.ts';
import { ACCESSIBILITIES, SITE_TYPES } from '../open-data.ts';
import { TOKEN_TYPES } from '../../token-kind.ts';
import { EVSES_MAX } from '../points.ts';

/** Alternating current on three phases of 63 A is 43 kW; the largest chargers of today stay below a megawatt. In W. */
const POWER_W_MAX = 1_000_000;
const PORT_MAX = 65_535;

/** By what a kit with a modem reaches the server (LAF-04); a card is remembered by its number. */
const SIM_FIELDS = {
  simApn: { kind: 'text', max: 100 },
  simLogin: { kind: 'text', max: 50 },
  simPassword: { kind: 'text', max: 50 },
  simPhone: { kind: 'text', max: 20, shape: 'phone' },
  simIccid: { kind: 'text', max: 22, shape: 'iccid' },
} as const;

/** What describes the charger and how it behaves: the tabs of whoever installs and maintains it (STA-20, MPU-04). */
const CHARGER_FIELDS = [
  'protocol',
  'chargerInactive',
  'integratorModel',
  'manufacturer',
  'make',
  'model',
  'serialNumber',
  'evses',
  'permanentPowerW',
  'maintenanceInfo',
  'identity',
  'ocppVersion',
  'freeServiceTag',
  'leniency',
  'tokenType',
  'wsAddressing',
  'chargerUrl',
  'rememberAddress',
  'chargerPort',
  'kitSerial',
  'mediaType',
  'udpPort',
  'unlockToken',
  'maxPowerW',
  'maxPowerFrom',
  'maxPowerTo',
  'simApn',
  'simLogin',
  'simPassword',
  'simPhone',
  'simIccid',
  'chargeMinutesMax',
  'chargeWhMax',
  'unlockMinutes',
  'parkingMinutesMax',
  'parkingBeforeMinutes',
  'parkingAfterMinutes',
  'grappe',
  'gireveAdvenir',
  'gireveCustomers',
  'gireveOffline',
  'easyconnectCustomers',
] as const;

/** « Station de charge » with its one charger (MOD-02, STA-06..26, OCP-05..15, LAF-02..10).
 * A station may have no charger yet (STA-21). */
export const station: Entity = {
  name: 'station',
  section: 'station-management',
  sections: Object.fromEntries(CHARGER_FIELDS.map((name) => [name, 'station-maintenance' as const])),
  owner: 'subscriber',
  label: 'name',
  searched: [
    'name',
    'address',
    'postcode',
    'city',
    'identity',
    'kitSerial',
    'serialNumber',
    'contactName',
    'contactEmail',
  ],
  company: 'company',
  canBeInactive: true,
  custom: 'station',
  dependants: [{ entity: 'evse', field: 'station' }],
  check: faultsOfCharger,
  // STA-23: a model describes a charger when it is created, and never again.
  settled: (values) => (hasCharger(values) ? ['integratorModel'] : []),
  fields: {
    company: { kind: 'ref', to: 'company', required: true },
    name: { kind: 'text', max: 100, required: true, unique: 'subscriber' },
    access: { kind: 'choice', values: ['public', 'private'], required: true },
    contactName: { kind: 'text', max: 100, required: true },
    contactPhone: { kind: 'text', max: 20, shape: 'phone', required: true },
    contactEmail: { kind: 'text', max: 254, shape: 'email', required: true },
    address: { kind: 'text', max: 300, lines: 3, required: true },
    postcode: { kind: 'text', max: 10, shape: 'postcode', required: true },
    city: { kind: 'text', max: 50, required: true },
    country: { kind: 'text', max: 50, required: true },
    position: { kind: 'position', required: true },
    language: { kind: 'choice', values: ['fr', 'en'], required: true },
    timeZone: { kind: 'text', max: 50, shape: 'time-zone', required: true },
    publicCustomers: { kind: 'flag' },
    chargesBeforeRegistration: { kind: 'number', decimals: 0, min: 0, max: 999 },
    smsIdentification: { kind: 'flag' },
    smsToAccountCustomers: { kind: 'flag' },
    smsToPublicCustomers: { kind: 'flag' },
    visibleToPublic: { kind: 'flag' },
    openData: { kind: 'flag' },
    siteType: { kind: 'choice', values: SITE_TYPES },
    schedule: { kind: 'text', max: 200, shape: 'schedule' },
    accessibility: { kind: 'choice', values: ACCESSIBILITIES },
    /** Of the national list and of roaming; without one it follows from the station. */
    roamingId: { kind: 'text', max: 35, shape: 'station-roaming-id', unique: 'server' },
    /** How a charge can be paid there, as the national list asks: without a subscription, by card, or else. */
    paidAtOnce: { kind: 'flag' },
    paidByCard: { kind: 'flag' },
    paidOtherwise: { kind: 'flag' },
    customerInfo: { kind: 'text', max: 500, lines: 4 },
    openingHours: { kind: 'text', max: 500, lines: 4 },
    /** « Borne OCPP », or the protocol of the Pulse kits. */
    protocol: { kind: 'choice', values: ['ocpp', 'lafon-pulse'], fallback: 'ocpp' },
    chargerInactive: { kind: 'flag' },
    /** The integrator's model that described its points when it was created. */
    integratorModel: { kind: 'ref', to: 'integrator-model' },
    manufacturer: { kind: 'text', max: 50 },
    make: { kind: 'text', max: 50 },
    model: { kind: 'text', max: 50 },
    serialNumber: { kind: 'text', max: 50 },
    evses: { kind: 'number', decimals: 0, min: 1, max: EVSES_MAX },
    permanentPowerW: { kind: 'number', decimals: 3, min: 0, max: POWER_W_MAX, unit: 'kW' },
    maintenanceInfo: { kind: 'text', max: 1_000, lines: 6 },

    identity: { kind: 'text', max: 48, shape: 'identity', unique: 'server' },
    /** OCP-07: JSON is a transport of 1.6 alone, so the two are one choice. */
    ocppVersion: { kind: 'choice', values: ['1.5-soap', '1.6-soap', '1.6-json'], fallback: '1.6-json' },
    freeServiceTag: { kind: 'text', max: 20 },
    /** field-25: how much of its oddities is forgiven. */
    leniency: { kind: 'choice', values: LENIENCIES, fallback: DEFAULT_LENIENCY },
    tokenType: { kind: 'choice', values: TOKEN_TYPES, fallback: 'rfid' },
    wsAddressing: { kind: 'flag' },
    /** Its whole address, or with `rememberAddress` the path that is added to the sender's. */
    chargerUrl: { kind: 'text', max: 300 },
    rememberAddress: { kind: 'flag' },
    chargerPort: { kind: 'number', decimals: 0, min: 1, max: PORT_MAX },

    kitSerial: { kind: 'text', max: 20, unique: 'server', suggests: { of: 'kits', by: 'integratorModel' } },
    mediaType: { kind: 'choice', values: ['gprs', 'ethernet'], fallback: 'gprs' },
    udpPort: { kind: 'number', decimals: 0, min: 0, max: PORT_MAX },
    unlockToken: { kind: 'text', max: 20 },
    /** Available beyond the permanent power, from one time of the day to the other. */
    maxPowerW: { kind: 'number', decimals: 3, min: 0, max: POWER_W_MAX, unit: 'kW' },
    maxPowerFrom: { kind: 'text', max: 5, shape: 'time' },
    maxPowerTo: { kind: 'text', max: 5, shape: 'time' },
    ...SIM_FIELDS,

    chargeMinutesMax: { kind: 'number', decimals: 0, min: 1, max: 10_080, unit: 'min' },
    chargeWhMax: { kind: 'number', decimals: 3, min: 1, max: 1_000_000, unit: 'kWh' },
    /** Parked for so long, the socket unlocks; beside the three delays after which somebody is told. */
    unlockMinutes: { kind: 'number', decimals: 0, min: 1, max: 10_080, unit: 'min' },
    parkingMinutesMax: { kind: 'number', decimals: 0, min: 1, max: 10_080, unit: 'min' },
    parkingBeforeMinutes: { kind: 'number', decimals: 0, min: 1, max: 1_440, unit: 'min' },
    parkingAfterMinutes: { kind: 'number', decimals: 0, min: 1, max: 1_440, unit: 'min' },
    grappe: { kind: 'ref', to: 'grappe' },
    gireveAdvenir: { kind: 'flag' },
    gireveCustomers: { kind: 'flag' },
    gireveOffline: { kind: 'flag' },
    easyconnectCustomers: { kind: 'flag' },
  },
};
