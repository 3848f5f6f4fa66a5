import { STATION_DEFAULTS } from '#src/domain/office/entities/company.ts';
import type { Screen } from './screen.ts';
import { STATION_PLACE } from './station-place.ts';

/** « Stations de charge » (STA-01..27, OCP-05..15). What the maintainer fills in is in tabs of its own (USR-08). */
export const stationScreen: Screen = {
  entity: 'station',
  path: '/stations',
  sort: 'name',
  inherited: STATION_DEFAULTS,
  extras: STATION_PLACE,
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
    { name: 'publication', fields: ['visibleToPublic', 'openData', 'siteType', 'schedule', 'accessibility'] },
    {
      name: 'charger',
      fields: [
        'identity',
        'ocppVersion',
        'integratorModel',
        'manufacturer',
        'make',
        'model',
        'serialNumber',
        'evses',
        'permanentPowerW',
        'freeServiceTag',
        'tokenType',
        'chargerInactive',
        'maintenanceInfo',
      ],
    },
    {
      name: 'durations',
      fields: ['chargeMinutesMax', 'chargeWhMax', 'parkingMinutesMax', 'parkingBeforeMinutes', 'parkingAfterMinutes'],
    },
  ],
  fresh: (_viewer, t) => ({
    access: 'public',
    country: 'France',
    language: t.language,
    timeZone: 'Europe/Paris',
    publicCustomers: true,
    visibleToPublic: true,
    ocppVersion: '1.6-json',
    evses: 1,
    schedule: '24/7',
  }),
};
