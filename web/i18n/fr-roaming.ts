import { plural } from './plural.ts';

const n = plural('fr');

/** « Envoi statuts » to roaming partners, and what the journal says of it. */
export const frenchRoaming = {
  'roaming.title': 'Envoi des statuts',
  'roaming.link': 'Envoi statuts',
  'roaming.intro':
    'L’état des bornes en itinérance part de lui-même à chaque changement. Ici, vous envoyez celui de tous les points de charge des bornes que vous gérez. EASYCONNECT n’en reçoit que des sociétés qui ont sa clé ; une borne configurée pour ADVENIR seulement n’envoie pas de statut.',
  'roaming.stations': (count: number, text: string) =>
    n(count, { one: `${text} station concernée`, other: `${text} stations concernées` }),
  'roaming.send.gireve': 'Envoi statuts à Girève',
  'roaming.send.easyconnect': 'Envoi statuts à EASYCONNECT',
  'roaming.sent': (count: number, text: string) =>
    n(count, {
      one: `Les statuts de ${text} borne attendent leur envoi.`,
      other: `Les statuts de ${text} bornes attendent leur envoi.`,
    }),
  'roaming.sending': (count: number, text: string) =>
    n(count, {
      one: `L’envoi des statuts de ${text} station est en cours : ils rejoignent peu à peu les messages à envoyer.`,
      other: `L’envoi des statuts de ${text} stations est en cours : ils rejoignent peu à peu les messages à envoyer.`,
    }),
  'outbox.no-gireve': 'Aucune adresse n’est configurée pour Girève (VIGIE_GIREVE_URL) : les statuts restent ici.',
  'outbox.no-easyconnect':
    'Aucune adresse n’est configurée pour EASYCONNECT (VIGIE_EASYCONNECT_URL) : les statuts restent ici.',
  'outbox.channel.gireve': 'Girève',
  'outbox.channel.easyconnect': 'EASYCONNECT',
  'journal.type.gireve': 'Girève',
  'journal.type.easyconnect': 'EASYCONNECT',
  'journal.kind.gireve': 'Girève',
  'journal.kind.easyconnect': 'EASYCONNECT',
  'event.gireve-statuses': 'Envoi des statuts à Girève demandé',
  'event.gireve-sent': 'Statuts envoyés à Girève',
  'event.gireve-waiting': 'Statuts refusés par Girève pour l’instant : un nouvel essai suivra',
  'event.gireve-failed': 'Statuts pour Girève abandonnés',
  'event.gireve-charge-sent': 'Recharge transmise à Girève pour ADVENIR',
  'event.gireve-charge-waiting': 'Recharge refusée par Girève pour l’instant : un nouvel essai suivra',
  'event.gireve-charge-failed': 'Recharge pour Girève abandonnée',
  'event.easyconnect-statuses': 'Envoi des statuts à EASYCONNECT demandé',
  'event.easyconnect-sent': 'Statuts envoyés à EASYCONNECT',
  'event.easyconnect-waiting': 'Statuts refusés par EASYCONNECT pour l’instant : un nouvel essai suivra',
  'event.easyconnect-failed': 'Statuts pour EASYCONNECT abandonnés',
} as const;
