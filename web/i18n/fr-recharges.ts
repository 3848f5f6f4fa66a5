import { plural } from './plural.ts';

const n = plural('fr');

/** The words of recharges, which the rest of the interface calls sessions where it shows one charger. */
export const frenchRecharges = {
  'nav.recharges': 'Recharges',
  'recharges.title': 'Recharges',
  'recharges.search': 'Badge ou client',
  'recharges.station': 'Station de charge',
  'recharges.company': 'Société',
  'recharges.from': 'Du',
  'recharges.to': 'au',
  'recharges.state': 'Recharges',
  'recharges.state.running': 'En cours',
  'recharges.state.ended': 'Terminées',
  'recharges.state.abnormal': 'Arrêt anormal',
  'recharges.state.free-service': 'Libre-service',
  'recharges.place': 'Point, prise',
  'recharges.who': 'Badge, client',
  'recharges.start': 'Début de stationnement',
  'recharges.charging': 'Durée de charge',
  'recharges.energy': 'Valeur de charge',
  'recharges.parking': 'Durée de stationnement',
  'recharges.mode': 'Mode de charge',
  'recharges.end': 'Arrêt de charge',
  'recharges.number': 'Numéro de recharge',
  'recharges.point': 'Point',
  'recharges.outlet': 'Prise',
  'recharges.badge': 'Badge',
  'recharges.badge-kind': 'Type de support',
  'recharges.sms': 'SMS',
  'recharges.driver': 'Client',
  'recharges.energyWh': 'Valeur de charge (Wh)',
  'recharges.parking-end': 'Fin de stationnement',
  'recharges.charger': 'Borne',
  'recharges.connector': (connectorId: number) => `Connecteur ${connectorId}`,
  'recharges.no-station': 'Station inconnue',
  'recharges.mode.1': 'MODE 1 ou 2',
  'recharges.mode.3': 'MODE 3',
  'recharges.mode.4': 'MODE 4',
  'recharges.mode.max': (mode: string, power: string) => `${mode} (max\u00a0${power})`,
  'recharges.running': 'en cours',
  'recharges.without-stop': 'sans arrêt reçu',
  'recharges.count': (count: number, shown: string) =>
    n(count, { one: `${shown} recharge`, other: `${shown} recharges` }),
  'recharges.count.running': (count: string) => `dont ${count} en cours`,
  'recharges.sum.energy': (energy: string) => `${energy} au total`,
  'recharges.sum.parking': (time: string) => `${time} de stationnement`,
  'recharges.sum.charging': (time: string) => `${time} de charge`,
  'recharges.long':
    'Cette liste est longue : choisissez une période ou une station pour en lire le total et la trier autrement.',
  'recharges.looked': (day: string) => `Cherché jusqu’au ${day}.`,
  'recharges.look-on': 'Chercher plus loin',
  'list.session': 'Recharges',
  'recharges.delete.title': (count: number, shown: string) =>
    n(count, { one: 'Supprimer cette recharge ?', other: `Supprimer ${shown} recharges ?` }),
  'recharges.delete.submit': (count: number, shown: string) =>
    n(count, { one: 'Supprimer la recharge', other: `Supprimer ${shown} recharges` }),
  'recharges.delete.sums': (energy: string) =>
    `${energy} disparaissent des listes, des totaux et des exports, ceux du client compris.`,
  'recharges.delete.stay':
    'Les soldes et leurs mouvements ne changent pas. Une recharge en cours, ou à vérifier, reste.',
  'recharges.deleted': (count: number, shown: string) =>
    n(count, { one: 'Une recharge supprimée.', other: `${shown} recharges supprimées.` }),
  'recharges.left': (count: number, shown: string) =>
    n(count, {
      one: 'Une recharge reste : elle est en cours ou à vérifier.',
      other: `${shown} recharges restent : elles sont en cours ou à vérifier.`,
    }),
  'recharges.empty': 'Aucune recharge enregistrée pour l’instant.',
} as const;
