import { plural } from './plural.ts';

const n = plural('fr');

/** The words of the door and of everybody's own account, in French. */
export const frenchAccount = {
  'account.title': 'Mon compte',
  'account.copy': 'Copier',
  'account.operator':
    'Ce compte vient de la configuration du serveur : son nom et son mot de passe s’y changent. Sa langue est celle du navigateur.',
  'account.password.hint': 'Laissez ces champs vides pour garder votre mot de passe.',
  'account.old.hint': 'Demandé si vous changez de mot de passe ou d’adresse.',
  'account.rights': 'Vos droits',
  'account.rights.hint': 'Votre administrateur les a fixés ; lui seul les change.',

  'login.code.title': 'Votre code',
  'login.code': 'Code à six chiffres',
  'login.code.hint': 'Ouvrez l’application d’authentification de votre téléphone et tapez le code qu’elle affiche.',
  'login.code.lost':
    'Téléphone perdu ? Tapez un de vos codes de secours. Sans eux, votre administrateur peut retirer la double authentification.',
  'login.code.back': 'Recommencer avec un autre identifiant',
  'login.code.wrong': 'Ce code est faux, périmé ou a déjà servi. Attendez le suivant et tapez-le.',
  'login.code.late': 'Plus de cinq minutes ont passé. Identifiez-vous de nouveau.',

  'factor.title': 'Double authentification',
  'factor.why':
    'Un code de votre téléphone est demandé après votre mot de passe : qui le devinerait ne pourrait toujours pas entrer.',
  'factor.off-now': 'Elle n’est pas activée : votre mot de passe suffit pour entrer.',
  'factor.on-since': (when: string) => `Elle est activée depuis le ${when}.`,
  'factor.turn-on': 'Activer la double authentification',
  'factor.turn-off': 'Désactiver',
  'factor.manage': 'Gérer',
  'factor.manage.hint': 'Tapez votre mot de passe pour renouveler vos codes de secours ou pour désactiver.',
  'factor.step.app':
    'Installez sur votre téléphone une application d’authentification (codes TOTP), par exemple FreeOTP ou Aegis.',
  'factor.step.scan': 'Avec elle, visez ce code.',
  'factor.step.type': 'Si vous ne pouvez pas viser, tapez cette clé :',
  'factor.open-app': 'Sur ce téléphone : ouvrir l’application',
  'factor.step.code': 'Tapez le code à six chiffres qu’elle affiche, et votre mot de passe.',
  'factor.qr': 'Code à viser avec votre application d’authentification',
  'factor.code': 'Code à six chiffres',
  'factor.on-now': 'La double authentification est activée.',
  'factor.codes.title': 'Vos codes de secours',
  'factor.codes.hint':
    'Gardez-les hors de votre téléphone : chacun remplace une fois le code si vous le perdez. Ils ne seront plus affichés.',
  'factor.codes.kept': 'Je les ai gardés',
  'factor.codes-left': (count: number) =>
    n(count, { one: `Il vous reste ${count} code de secours.`, other: `Il vous reste ${count} codes de secours.` }),
  'factor.renew': 'Nouveaux codes de secours',

  'logins.title': 'Connexions ouvertes',
  'logins.browser': 'Navigateur',
  'logins.address': 'Adresse',
  'logins.since': 'Depuis',
  'logins.unknown': 'Navigateur inconnu',
  'logins.this': 'Celle-ci',
  'logins.end': 'Mettre fin',
  'logins.end-others': 'Mettre fin à toutes les autres',

  'user-access.title': 'Accès de cet utilisateur',
  'user-access.factor.none': 'Double authentification : non activée.',
  'user-access.factor.since': (when: string) => `Double authentification : activée depuis le ${when}.`,
  'user-access.factor.why': 'Retirez-la s’il a perdu son téléphone et ses codes de secours.',
  'user-access.factor.off': 'Retirer la double authentification',
  'user-access.logins': (shown: string, count: number) =>
    n(count, { one: `${shown} connexion ouverte.`, other: `${shown} connexions ouvertes.` }),
  'user-access.logins.end': 'Mettre fin à toutes ses connexions',
  'user-access.did.password-set': 'Mot de passe temporaire enregistré. Il devra le changer à sa prochaine connexion.',
  'user-access.did.factor-off': 'Double authentification retirée.',
  'user-access.did.logins-ended': 'Ses connexions sont terminées.',

  'password.link.recovery': 'Récupération mot de passe',
  'role.new-user': 'Nouvel utilisateur',
  'role.new-user.for': (name: string) => `Nouvel utilisateur avec le profil ${name}`,
  'password.link.for': (name: string) => `Créer un lien de mot de passe pour ${name}`,
  'password.temporary': 'Mot de passe temporaire',
  'password.temporary.why':
    'Tapez-en un, ou laissez vide pour qu’il soit tiré au sort. Ses connexions prennent fin et il devra le changer à la prochaine.',
  'password.temporary.make': 'Donner un mot de passe temporaire',
  'password.temporary.title': (name: string) => `Mot de passe temporaire de ${name}`,
  'password.temporary.hint': (username: string) =>
    `Remettez-le à son destinataire, dont l’identifiant est « ${username} ». Il n’est plus affiché ensuite, et devra être changé à la première connexion.`,

  'audit.act.password-changed': 'Mot de passe changé',
  'audit.act.password-set': 'Mot de passe temporaire donné',
  'audit.act.link-made': 'Lien de mot de passe créé',
  'audit.act.factor-on': 'Double authentification activée',
  'audit.act.factor-off': 'Double authentification retirée',
  'audit.act.codes-renewed': 'Codes de secours renouvelés',
  'audit.act.recovery-used': 'Connexion par code de secours',
  'audit.act.logins-ended': 'Connexions terminées',
  'audit.act.entered': 'Accès au compte',

  'login.forgotten': 'Mot de passe oublié ?',
  'forgotten.title': 'Identifiants oubliés',
  'forgotten.hint': 'Tapez l’adresse de votre compte : vous recevrez un lien pour réinitialiser votre mot de passe.',
  'forgotten.submit': 'Recevoir',
  'forgotten.sent': (email: string) =>
    `Si un compte a l’adresse ${email}, un message lui est envoyé. Son lien sert une fois, pendant une heure.`,
  'forgotten.no-address':
    'Rien reçu, ou pas d’adresse dans votre compte ? L’administrateur de votre abonnement peut vous rendre l’accès.',
  'forgotten.back': 'Revenir à la connexion',
  'forgotten.locked': (minutes: string) => `Trop de demandes. Réessayez dans ${minutes} minutes.`,

  'mail.no-limit': 'sans limite',
  'mail.forgotten.subject': 'Vos identifiants Vigie',
  'mail.forgotten.text': (name: string, username: string, link: string) => `Bonjour ${name},

Vous avez demandé vos identifiants. Votre identifiant est : ${username}

Pour choisir un nouveau mot de passe, ouvrez ce lien. Il sert une fois, pendant une heure :
${link}

Si vous n’avez rien demandé, ne faites rien : votre mot de passe reste le même.`,
  'mail.welcome.subject': 'Votre compte Vigie',
  'mail.welcome.text': (name: string, username: string, link: string) => `Bonjour ${name},

Un compte vient d’être créé pour vous. Votre identifiant est : ${username}

Pour choisir votre mot de passe, ouvrez ce lien. Il sert une fois, pendant 72 heures :
${link}

Passé ce délai, utilisez « Mot de passe oublié ? » sur la page de connexion.`,
  'mail.subscription.subject': (subscriber: string) => `Votre abonnement Vigie : ${subscriber}`,
  'mail.subscription.text': (name: string, username: string, recap: string, link: string) => `Bonjour ${name},

Votre abonnement est ouvert. Vous en êtes l’administrateur, avec tous les droits, y compris celui de supprimer.

${recap}

Votre identifiant est : ${username}
Pour choisir votre mot de passe, ouvrez ce lien. Il sert une fois, pendant 72 heures :
${link}

Passé ce délai, utilisez « Mot de passe oublié ? » sur la page de connexion.`,
  'mail.notice.subject': 'Votre compte Vigie a changé',
  'mail.notice.text': (name: string, username: string, what: string) => `Bonjour ${name},

${what} Compte : ${username}

Si ce n’est pas vous, prévenez tout de suite l’administrateur de votre abonnement.`,
  'mail.notice.password': 'Votre mot de passe a été changé.',
  'mail.notice.factor-on': 'La double authentification a été activée.',
  'mail.notice.factor-off': 'La double authentification a été retirée.',
  'mail.notice.address': 'L’adresse de votre compte a été changée.',

  'access.title': 'Accès',
  'access.inside': (name: string) => `Vous êtes dans le compte de ${name}.`,
  'access.home': 'Accueil : revenir à votre compte',
  'access.enter': 'Entrer dans ce compte',
  'access.why':
    'Vous y travaillez comme son administrateur, sous votre nom : le journal des actes de ce compte le garde.',

  'footer.title': 'Informations légales',
  'footer.terms': 'CGU',
  'footer.legal': 'Mentions légales',
  'footer.privacy': 'RGPD',
  'footer.mobile': 'Version mobile',
  'footer.desktop': 'Version bureau',
} as const;
