import { plural } from './plural.ts';

const n = plural('fr');

/** The words of the national list of stations, data.gouv.fr. */
export const frenchOpenData = {
  'field.siren': 'SIREN',
  'hint.company.siren': 'Neuf chiffres ; publié sur data.gouv.fr avec les stations de la société.',
  'fault.shape.siren': 'Tapez les neuf chiffres du SIREN, le dernier étant une clé de contrôle.',
  'field.siteType': 'Implantation',
  'hint.station.siteType': 'Demandée par data.gouv.fr.',
  'choice.siteType.street': 'Voirie',
  'choice.siteType.public-car-park': 'Parking public',
  'choice.siteType.open-car-park': 'Parking privé à usage public',
  'choice.siteType.customers-car-park': 'Parking privé réservé à la clientèle',
  'choice.siteType.fast-charging-station': 'Station dédiée à la recharge rapide',
  'field.schedule': 'Horaires pour data.gouv.fr',
  'hint.station.schedule': '24/7, ou des jours et des heures comme Lu-Ve 08:00-12:00,Sa 09:00-12:00.',
  'fault.shape.schedule': 'Tapez 24/7, ou des jours et des heures comme Lu-Ve 08:00-12:00,Sa 09:00-12:00.',
  'field.accessibility': 'Accessibilité aux personnes à mobilité réduite',
  'choice.accessibility.reserved': 'Place réservée',
  'choice.accessibility.accessible': 'Accessible, sans place réservée',
  'choice.accessibility.not-accessible': 'Non accessible',
  'field.station.roamingId': 'Identifiant d’itinérance de la station',
  'hint.station.roamingId':
    'Comme FRABCP123, en commençant par le CPO ID de la société. Vide : il suit de la station et ne change pas.',
  'field.evse.roamingId': 'Identifiant d’itinérance du point',
  'hint.evse.roamingId': 'Comme FRABCE1231, en commençant par le CPO ID de la société. Vide : il suit de la station.',
  'fault.shape.station-roaming-id':
    'Deux lettres, trois caractères, P, puis des lettres et des chiffres, comme FRABCP123.',
  'fault.shape.point-roaming-id':
    'Deux lettres, trois caractères, E, puis des lettres et des chiffres, comme FRABCE1231.',
  'field.paidAtOnce': 'Paiement à l’acte, sans abonnement',
  'field.paidByCard': 'Paiement par carte bancaire',
  'field.paidOtherwise': 'Autre moyen de paiement',
  'hint.station.paidAtOnce': 'Les moyens de paiement sont publiés sur data.gouv.fr.',

  'open-data.link': 'Export DataGouv',
  'open-data.title': 'Export pour data.gouv.fr',
  'open-data.intro':
    'Le fichier suit le schéma national IRVE statique : une ligne par point de charge. Il contient les stations dont la case «\u00a0Autorisation d’export vers data.gouv.fr\u00a0» est cochée, dont le commerçant a un CPO ID, et qui se sont connectées au moins une fois.',
  'open-data.ready': (stations: number, points: string) =>
    `${n(stations, { one: `${stations} station`, other: `${stations} stations` })} dans le fichier, ${points} points de charge.`,
  'open-data.none': 'Aucune station n’est dans le fichier pour l’instant.',
  'open-data.download': 'Télécharger le fichier CSV',
  'open-data.left-out': (count: number) =>
    n(count, { one: 'Une station laissée de côté', other: `${count} stations laissées de côté` }),
  'open-data.left-out.first': (shown: string) => `Les ${shown} premières par nom :`,
  'open-data.station': 'Station',
  'open-data.why': 'Ce qui manque',
  'open-data.why.no-charger': 'une borne',
  'open-data.why.inactive': 'une station, une société et une borne actives',
  'open-data.why.never-heard': 'une première connexion',
  'open-data.why.cpo-id': 'le CPO ID de la société',
  'open-data.why.site-type': 'l’implantation',
  'open-data.why.schedule': 'les horaires',
  'open-data.why.power': 'la puissance disponible en permanence',
  'open-data.why.roaming-id': 'des identifiants d’itinérance qui commencent par le CPO ID',
  'open-data.why.points': 'un point de charge actif',
} as const;
