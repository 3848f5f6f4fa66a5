import { STATION_DEFAULTS } from '#src/domain/office/entities/company.ts';
import { hasCharger } from '#src/domain/office/charger.ts';
import type { Values } from '#src/domain/office/field.ts';
import { STATION_KIT } from './kit-suggestions.ts';
import type { Screen } from './screen.ts';
import { STATION_PLACE } from './station-place.ts';

const OCPP = { protocol: ['ocpp'] };
const PULSE = { protocol: ['lafon-pulse'] };

/** What the form of a charger begins with; the access of the card is what French operators give to companies (LAF-04). */
const CHARGER: Values = {
  protocol: 'ocpp',
  ocppVersion: '1.6-json',
  tokenType: 'rfid',
  leniency: 'tolerant',
  evses: 1,
  mediaType: 'gprs',
  udpPort: 1_080,
  simApn: 'internet-entreprise',
  simLogin: 'orange',
  simPassword: 'orange',
};

/** « Stations de charge » (STA-01..27, OCP-05..15, LAF-02..10). What the maintainer fills in is in tabs of its own (USR-08). */
export const stationScreen: Screen = {
  entity: 'station',
  path: '/stations',
  sort: 'name',
  inherited: STATION_DEFAULTS,
  aids: { ...STATION_PLACE, ...STATION_KIT },
  filters: ['company', 'access'],
  columns: ['name', 'identity', 'city', 'address', 'contactName', 'contactPhone', 'company'],
  tabs: [
    {
      name: 'general',
      fields: [
        'company',
        'name',
        'access',
        'address',
        'postcode',
        'city',
        'country',
        'position',
        'contactName',
        'contactPhone',
        'contactEmail',
        'language',
        'timeZone',
      ],
    },
    { name: 'customers', fields: ['publicCustomers', 'chargesBeforeRegistration', 'customerInfo', 'openingHours'] },
    {
      name: 'sms',
      option: 'sms',
      fields: ['smsIdentification', 'smsToAccountCustomers', 'smsToPublicCustomers'],
    },
    {
      name: 'publication',
      fields: [
        'visibleToPublic',
        'openData',
        'siteType',
        'schedule',
        'accessibility',
        'roamingId',
        'paidAtOnce',
        'paidByCard',
        'paidOtherwise',
      ],
    },
    {
      name: 'charger',
      fields: [
        'protocol',
        'integratorModel',
        'manufacturer',
        'make',
        'model',
        'serialNumber',
        'evses',
        'permanentPowerW',
        'chargerInactive',
        'maintenanceInfo',
      ],
    },
    { name: 'ocpp', when: OCPP, fields: ['identity', 'ocppVersion', 'tokenType', 'freeServiceTag', 'leniency'] },
    {
      name: 'soap',
      when: { ...OCPP, ocppVersion: ['1.5-soap', '1.6-soap'] },
      fields: ['wsAddressing', 'rememberAddress', 'chargerUrl', 'chargerPort'],
    },
    {
      name: 'kit',
      when: PULSE,
      fields: ['kitSerial', 'mediaType', 'udpPort', 'unlockToken', 'maxPowerW', 'maxPowerFrom', 'maxPowerTo'],
    },
    {
      name: 'sim',
      when: { ...PULSE, mediaType: ['gprs'] },
      fields: ['simIccid', 'simApn', 'simLogin', 'simPassword', 'simPhone'],
    },
    {
      name: 'durations',
      fields: [
        'chargeMinutesMax',
        'chargeWhMax',
        'unlockMinutes',
        'parkingBeforeMinutes',
        'parkingAfterMinutes',
        'parkingMinutesMax',
      ],
    },
    { name: 'grappe', option: 'grappe', fields: ['grappe'] },
    { name: 'roaming', fields: ['gireveAdvenir', 'gireveCustomers', 'gireveOffline', 'easyconnectCustomers'] },
  ],
  fresh: (_viewer, t) => ({
    access: 'public',
    country: 'France',
    language: t.language,
    timeZone: t.timeZone,
    publicCustomers: true,
    visibleToPublic: true,
    schedule: '24/7',
    ...CHARGER,
  }),
  preset: (values) => (hasCharger(values) ? {} : CHARGER),
};
