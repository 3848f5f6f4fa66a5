import type { Site } from '#web/deps.ts';
import type { LegalTexts } from './legal-text.ts';

const MISSING = 'non renseigné dans la configuration de ce serveur';

function contactOf({ contact, publisher }: Site): string {
  return contact ?? publisher ?? MISSING;
}

/** What a self-hosted server says of itself. It describes what the program does; who runs it adds his own contracts. */
export const frenchLegal: LegalTexts = {
  terms: (site) => ({
    title: 'Conditions générales d’utilisation',
    sections: [
      {
        title: 'Objet',
        paragraphs: [
          'Ce serveur supervise des bornes de recharge de véhicules électriques : il affiche leur état en temps réel, enregistre les recharges, transmet des commandes et alerte les personnes désignées. Ces conditions s’appliquent à quiconque y ouvre une session.',
        ],
      },
      {
        title: 'Accès',
        paragraphs: [
          'Un compte est ouvert par l’exploitant de la plateforme ou par l’administrateur d’un abonnement. Il est personnel : son titulaire garde son mot de passe et ses codes de secours pour lui, et prévient son administrateur dès qu’il les croit connus d’un autre.',
          'Après plusieurs mots de passe faux, l’accès est suspendu un quart d’heure. Un compte peut être limité dans le temps, restreint à certaines stations ou fermé par son administrateur.',
        ],
      },
      {
        title: 'Bon usage',
        paragraphs: [
          'L’utilisateur n’agit que sur les bornes et les données qui lui sont confiées. Il lui est interdit notamment :',
          [
            'de chercher à atteindre les données d’un autre abonné ;',
            'de commander une borne sans s’être assuré que personne n’est mis en danger ;',
            'de saisir dans un champ libre des données sensibles, par exemple de santé ;',
            'de gêner le fonctionnement du serveur.',
          ],
          'Les actes de gestion et l’accès aux comptes sont inscrits, avec leur auteur et leur date, dans le journal des actes de l’abonnement.',
        ],
      },
      {
        title: 'Disponibilité et responsabilité',
        paragraphs: [
          'L’état affiché est celui que la borne a transmis en dernier ; la page indique depuis quand elle se tait. Ce qui est affiché ne dispense d’aucune des vérifications de sécurité prévues avant d’intervenir sur une installation électrique.',
          'Le serveur peut être interrompu pour maintenance. Les bornes gardent alors leurs recharges et les transmettent ensuite ; ce que le serveur a confirmé est enregistré.',
          'Le logiciel Vigie est libre, sous licence Apache 2.0, et fourni sans garantie par ses auteurs. Les engagements de service sont ceux du contrat entre l’exploitant et l’abonné.',
        ],
      },
      {
        title: 'Prix et recharges',
        paragraphs: [
          'Les prix des recharges sont fixés par le commerçant qui exploite la borne, et les recharges sont vendues par lui. Ses conditions de vente, ses factures et ses réponses aux réclamations sont les siennes.',
        ],
      },
      {
        title: 'Droit applicable',
        paragraphs: [
          'Ces conditions sont soumises au droit français. Un consommateur peut saisir un médiateur de la consommation, ou le tribunal de son domicile.',
          `Questions : ${contactOf(site)}.`,
        ],
      },
    ],
  }),

  legal: (site) => ({
    title: 'Mentions légales',
    sections: [
      {
        title: 'Éditeur et exploitant',
        paragraphs: [
          [
            `Nom et directeur de la publication : ${site.publisher ?? MISSING}`,
            `Adresse : ${site.publisherAddress ?? MISSING}`,
            `Contact : ${site.contact ?? MISSING}`,
          ],
        ],
      },
      {
        title: 'Hébergeur',
        paragraphs: [site.host ?? `Ce serveur est hébergé par son exploitant : ${site.publisher ?? MISSING}.`],
      },
      {
        title: 'Logiciel',
        paragraphs: [
          'Vigie est un logiciel libre sous licence Apache 2.0. Les icônes viennent de Lucide (licence ISC), les pages utilisent htmx (licence 0BSD).',
        ],
      },
      {
        title: 'Données ouvertes',
        paragraphs: [
          ['Communes et codes postaux : INSEE, La Poste.', 'Coordonnées des communes : GeoNames, CC BY 4.0, et IGN.'],
        ],
      },
      {
        title: 'Signaler un contenu ou une faille',
        paragraphs: [
          `Écrivez à : ${contactOf(site)}. Décrivez ce que vous avez vu et comment, sans le publier avant une réponse.`,
        ],
      },
    ],
  }),

  privacy: (site) => ({
    title: 'Données personnelles (RGPD)',
    sections: [
      {
        title: 'Qui en répond',
        paragraphs: [
          `L’exploitant de ce serveur (${site.publisher ?? MISSING}) répond des comptes et de la sécurité. Chaque commerçant répond des données de ses stations, de ses clients et de ses recharges ; l’exploitant les traite pour lui, et un mainteneur public agit pour le commerçant qui l’a choisi.`,
        ],
      },
      {
        title: 'Ce qui est enregistré, et pourquoi',
        paragraphs: [
          [
            'Compte d’un utilisateur : nom, identifiant, adresse mail et mobile facultatifs, langue, profil et restrictions. Pour lui donner accès (contrat).',
            'Mot de passe et codes de secours : leur empreinte seulement. Clé de la double authentification, si elle est activée. Pour la sécurité (intérêt légitime).',
            'Connexions : date, adresse du réseau, famille de navigateur. Pour que chacun voie et ferme les siennes.',
            'Journal des actes : qui a changé quoi et quand, jamais les valeurs. Pour que l’administrateur en réponde (intérêt légitime).',
            'Recharges et messages des bornes : badge, lieu, heures, énergie. Pour fournir, facturer et dépanner (contrat, obligation légale).',
            'Mails et SMS envoyés : destinataire et texte. Pour prouver et reprendre un envoi.',
          ],
        ],
      },
      {
        title: 'Combien de temps',
        paragraphs: [
          [
            'Compte : tant que l’abonnement dure ; un compte supprimé reste 30 jours dans la corbeille, puis disparaît.',
            'Connexion : 7 jours au plus. Lien de mot de passe : une heure, ou 72 heures s’il vient d’un administrateur.',
            'Messages des bornes : 3 mois pour le détail technique, 2 ans pour le reste.',
            'Mails et SMS : un an.',
            'Recharges : jusqu’à 30 jours après la suppression de leur station ; montants payés : le temps qu’impose la comptabilité (10 ans).',
          ],
        ],
      },
      {
        title: 'Qui les voit',
        paragraphs: [
          'Les utilisateurs du même abonnement, selon leur profil ; le mainteneur que le commerçant a choisi ; l’exploitant de la plateforme. Il peut entrer dans un compte pour l’aider : chaque entrée est inscrite au journal des actes de ce compte. Les prestataires qui acheminent les mails et les SMS reçoivent ce qu’ils transportent. Rien n’est vendu, et rien ne sert à la publicité.',
        ],
      },
      {
        title: 'Cookies',
        paragraphs: [
          'Seuls les cookies nécessaires sont posés, sans mesure d’audience ni tiers : votre consentement n’est donc pas demandé.',
          [
            'vigie : votre connexion, 7 jours ;',
            'language, theme, layout : votre langue, votre thème et votre version de page, un an.',
          ],
        ],
      },
      {
        title: 'Vos droits',
        paragraphs: [
          'Vous pouvez demander l’accès à vos données, leur copie, leur rectification, leur effacement, la limitation de leur usage, leur portabilité, ou vous opposer à leur traitement. Une réponse vous est due en un mois. La page « Mon compte » montre et change les vôtres.',
          `Pour l’exploitant, écrivez à : ${contactOf(site)}. Pour les données d’un commerçant, adressez-vous d’abord à lui.`,
          'Si la réponse ne vous convient pas, vous pouvez saisir la CNIL (www.cnil.fr).',
        ],
      },
    ],
  }),
};
