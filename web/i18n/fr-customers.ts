import { customerTexts } from './customer-texts.ts';
import { plural } from './plural.ts';

const n = plural('fr');

/** The words of customers: their lists, their forms, and what they see of themselves. */
export const frenchCustomers = {
  'list.customer': 'Clients en compte',
  'list.public-customer': 'Clients publics',
  'plural.public-customer': 'clients publics',
  'menu.own': 'Mon espace',
  'menu.stations': 'Stations de charge',
  'menu.customers': 'Clients',
  'menu.recharges': 'Recharges',
  'menu.users': 'Utilisateurs',
  'nav.customers': 'Clients',
  'nav.public-customers': 'Clients publics',
  'tab.coordinates': 'Coordonnées',
  'tab.account': 'Compte utilisateur',
  'tab.badges': 'Mode d’identification',
  'tab.vehicles': 'Véhicules',
  'tab.tariff': 'Tarification',
  'tab.terms': 'Conditions générales d’utilisation',
  'field.createdOn': 'Date création',
  'field.expiresOn': 'Date d’expiration',
  'hint.customer.expiresOn': 'Dernier jour où ce client peut recharger. Vide : sans limite.',
  'hint.public-customer.expiresOn': 'Dernier jour où ce client peut recharger. Vide : sans limite.',
  'field.expiresAtMs': 'Fin de validité',
  'field.customer.login': 'Compte relié',
  'field.public-customer.login': 'Compte relié',
  'field.account': 'Compte utilisateur',
  'hint.customer.account':
    'Le client se connecte et tient lui-même ses données à jour. Il reçoit ses identifiants par mail, ou confirme par mail que le compte qui a déjà cette adresse est le sien.',
  'hint.public-customer.account':
    'Le client se connecte et tient lui-même ses données à jour. Il reçoit ses identifiants par mail, ou confirme par mail que le compte qui a déjà cette adresse est le sien.',
  'field.balance': 'Solde',
  'customer.no-tariff':
    'Attention ! Aucun tarif n’est affecté à ce client : ses recharges sont gratuites, sauf sur une borne qui a son propre prix.',
  'hint.customer.terms': 'Cet accord est nécessaire pour valider la fiche.',
  'hint.public-customer.terms': 'Cet accord est nécessaire pour valider la fiche.',
  'field.terms': 'Accepte les conditions générales d’utilisation',
  'fault.rule.terms': 'Cochez l’accord aux conditions générales d’utilisation pour valider la fiche.',
  'fault.rule.badge-twice': 'Ce support est déjà plus haut dans cette fiche : tapez-en un autre, ou videz ce champ.',
  'fault.rule.badge-number': 'Un SMS vient d’un numéro de téléphone : tapez-le, comme +33 6 12 34 56 78.',
  'fault.shape.badge': 'Tapez le numéro du support : au plus 40 lettres et chiffres, sans accent.',
  'choice.restriction.customers': 'Clients',
  'field.customers': 'Clients visibles',
  'hint.user.customers': 'Avec la restriction « Clients ».',
  ...customerTexts({
    badge: 'Support',
    vehicle: 'Véhicule',
    none: 'Aucune',
    badgeCells: { Kind: 'Type', Value: 'Numéro' },
    vehicleCells: { Model: 'Modèle', Outlet: 'Prise', OtherOutlet: 'Autre prise' },
    kinds: { rfid: 'Carte sans contact (RFID)', barcode: 'Carte à code-barres', sms: 'SMS' },
    outlets: {
      domestic: 'Domestique EU',
      'type-1': 'Type 1',
      'type-2': 'Type 2',
      'type-3': 'Type 3',
      chademo: 'CHAdeMO',
      'combo-2': 'Combo2',
    },
  }),
  'access.public-customer': 'Client public',
  'access.customer': 'Client',
  'access.forbidden': 'Recharge interdite',
  'login.demo.who.customer': 'cliente, en compte et publique',
  'mail.customer.subject': (merchant: string) => `Êtes-vous client : ${merchant} ?`,
  'mail.customer.text': (name: string, username: string, merchant: string, link: string) => `Bonjour ${name},

Une fiche de client vient de recevoir votre adresse : ${merchant}. Si c’est la vôtre, ouvrez ce lien pour la relier à votre compte ${username}, et la retrouver sous « Accès ». Il sert une fois, pendant 72 heures :
${link}

Sinon, ne faites rien : rien n’est relié.`,
  'me.join.title': 'Relier une fiche de client',
  'me.join.text': (name: string, merchant: string) =>
    `La fiche « ${name} » (${merchant}) a la même adresse que votre compte. Est-ce vous ?`,
  'me.join.submit': 'C’est moi : relier à mon compte',
  'own-recharges.days': (count: number) => n(count, { one: `${count} jour`, other: `${count} jours` }),
  'own-recharges.title': 'Suivre mes recharges',
  'own-recharges.badge': 'Mode d’identification',
  'own-recharges.wh': 'Valeur de charge (Wh)',
  'own-recharges.amount': 'Montant TTC',
  'own-recharges.total': 'Mon cumul de charge',
  'own-recharges.empty': 'Aucune recharge sur cette période.',
  'own-recharges.file': 'Télécharger le fichier Excel de mes recharges',
  'own-recharges.long': 'Ces recharges sont trop nombreuses pour en lire le cumul : choisissez une période.',
  'own-recharges.outlet': 'Prise',
  'me.title': 'Mes informations personnelles',
  'delete.sessions-of-customer': (shown: string, count: number) =>
    n(count, {
      one: 'Une recharge perdra le nom de son client.',
      other: `${shown} recharges perdront le nom de leur client.`,
    }),
} as const;
