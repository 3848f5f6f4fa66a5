import { outletTexts } from './outlet-texts.ts';

/** The words of installing a charger: points and sockets, protocols, kits. */
export const frenchInstall = {
  'list.evse': 'Points de charge',
  'list.model-evse': 'Points de charge du modèle',
  'part.evse': 'Point de charge',
  'part.model-evse': 'Point de charge',
  'plural.evse': 'points de charge',
  'plural.model-evse': 'points de charge de modèle',
  'field.station': 'Station de charge',
  'field.model-evse.model': 'Modèle',
  'tab.point': 'Point de charge',
  'tab.outlets': 'Prises',
  'field.connectorId': 'ConnectorId',
  'hint.evse.connectorId':
    'Numéro donné par le constructeur : celui du point, ou celui de chaque prise ou groupe de prises ci-dessous. Deux points n’ont jamais le même.',
  'hint.model-evse.connectorId':
    'Numéro donné par le constructeur : celui du point, ou celui de chaque prise ou groupe de prises ci-dessous. Deux points n’ont jamais le même.',
  'field.currentMinMa': 'Courant de charge minimal',
  'field.currentMaxMa': 'Courant de charge maximal',
  'hint.evse.currentMaxMa':
    'Les courants, la phase et l’ordre de scrutation servent au contrôleur de grappe : faites-les régler par une personne compétente.',
  'field.supply': 'Type alimentation',
  'choice.supply.single-phase': 'Monophasé',
  'choice.supply.three-phase': 'Triphasé',
  'field.phase': 'Numéro de phase',
  'field.scanOrder': 'Numéro d’ordre de scrutation',
  'column.outlet': 'Prise',
  ...outletTexts({
    outlet: 'Prise',
    none: 'Aucune',
    cells: { Inactive: 'Prise inactive', Type: 'Type', Speed: 'Vitesse', ConnectorId: 'ConnectorId' },
    types: {
      domestic: 'Domestique EU',
      'type-1': 'Type 1',
      'type-2': 'Type 2',
      'type-3': 'Type 3',
      chademo: 'CHAdeMO',
      'combo-2': 'Combo2',
      unspecified: 'Non spécifiée',
    },
    speeds: { normal: 'Normale', accelerated: 'Accélérée', fast: 'Rapide' },
  }),
  'field.integratorModel': 'Modèle d’un intégrateur abonné',
  'hint.station.integratorModel':
    'À la création de la borne seulement : il en donne le constructeur, la marque, le modèle et les points de charge.',
  'none.integratorModel': 'Aucun',
  'hint.station.evses':
    'Les points sont créés à l’enregistrement, puis se décrivent un par un. En réduire le nombre efface la description de ceux de droite.',
  'hint.charger-model.evses':
    'Les points sont créés à l’enregistrement, puis se décrivent un par un. Les bornes qui existent ne changent pas.',
  'fault.connector-shared': (evse: number) =>
    `Le point de charge ${evse} a déjà ce connectorId : donnez à chaque point les siens.`,
  'fault.rule.current-below-minimum': 'Le courant maximal est inférieur au minimal.',
  'fault.rule.no-outlet': 'Choisissez le type de cette prise, ou videz son connectorId.',
  'fault.rule.connector-of-point':
    'Le point a son propre connectorId : videz celui-ci, ou videz celui du point pour en donner un par prise.',

  'points.title': 'Points de charge',
  'points.hint': 'Numérotés en partant de la gauche, et leurs prises en partant du haut.',
  'points.must-match': 'Ils doivent être décrits comme ils le sont dans la borne.',
  'points.point': (number: number) => `Point ${number}`,
  'points.outlet': (number: number) => `Prise ${number}`,
  'points.no-outlet': 'aucune prise',
  'points.number': 'Numéro de point',
  'points.outlet-number': 'Numéro de prise',
} as const;
