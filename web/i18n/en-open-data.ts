import type { OpenDataMessages } from './messages.ts';
import { plural } from './plural.ts';

const n = plural('en');

export const englishOpenData: OpenDataMessages = {
  'field.siren': 'SIREN',
  'hint.company.siren': 'Nine digits; published on data.gouv.fr with the stations of the company.',
  'fault.shape.siren': 'Type the nine digits of the SIREN, of which the last one is a check digit.',
  'field.siteType': 'Kind of site',
  'hint.station.siteType': 'Asked for by data.gouv.fr.',
  'choice.siteType.street': 'Street',
  'choice.siteType.public-car-park': 'Public car park',
  'choice.siteType.open-car-park': 'Private car park open to the public',
  'choice.siteType.customers-car-park': 'Private car park for customers',
  'choice.siteType.fast-charging-station': 'Station dedicated to fast charging',
  'field.schedule': 'Opening hours for data.gouv.fr',
  'hint.station.schedule': '24/7, or days and hours such as Mo-Fr 08:00-12:00,Sa 09:00-12:00.',
  'fault.shape.schedule': 'Type 24/7, or days and hours such as Mo-Fr 08:00-12:00,Sa 09:00-12:00.',
  'field.accessibility': 'Access for people with reduced mobility',
  'choice.accessibility.reserved': 'Reserved place',
  'choice.accessibility.accessible': 'Accessible, no reserved place',
  'choice.accessibility.not-accessible': 'Not accessible',
  'field.station.roamingId': 'Roaming id of the station',
  'hint.station.roamingId':
    'Like FRABCP123, beginning as the CPO ID of the company. Empty: it follows from the station and does not change.',
  'field.evse.roamingId': 'Roaming id of the point',
  'hint.evse.roamingId': 'Like FRABCE1231, beginning as the CPO ID of the company. Empty: it follows from the station.',
  'fault.shape.station-roaming-id': 'Two letters, three characters, P, then letters and digits, like FRABCP123.',
  'fault.shape.point-roaming-id': 'Two letters, three characters, E, then letters and digits, like FRABCE1231.',
  'field.paidAtOnce': 'Payment on the spot, without a subscription',
  'field.paidByCard': 'Payment by bank card',
  'field.paidOtherwise': 'Another means of payment',
  'hint.station.paidAtOnce': 'The means of payment are published on data.gouv.fr.',

  'open-data.link': 'DataGouv export',
  'open-data.title': 'Export for data.gouv.fr',
  'open-data.intro':
    'The file follows the national schema “IRVE statique”: one line for each charge point. It holds the stations whose box “Export to data.gouv.fr” is ticked, whose merchant has a CPO ID, and which have connected at least once.',
  'open-data.ready': (stations, points) =>
    `${n(stations, { one: `${stations} station`, other: `${stations} stations` })} in the file, ${points} charge points.`,
  'open-data.none': 'No station is in the file yet.',
  'open-data.download': 'Download the CSV file',
  'open-data.left-out': (count) => n(count, { one: 'One station left out', other: `${count} stations left out` }),
  'open-data.left-out.first': (shown) => `The first ${shown} by name:`,
  'open-data.station': 'Station',
  'open-data.why': 'What is missing',
  'open-data.why.no-charger': 'a charger',
  'open-data.why.inactive': 'an active station, company and charger',
  'open-data.why.never-heard': 'a first connection',
  'open-data.why.cpo-id': 'the CPO ID of the company',
  'open-data.why.site-type': 'the kind of site',
  'open-data.why.schedule': 'the opening hours',
  'open-data.why.power': 'the permanently available power',
  'open-data.why.roaming-id': 'roaming ids that begin as the CPO ID',
  'open-data.why.points': 'an active charge point',
};
