/** How chargers prove who they are, and the onboarding radar: who was refused, why, and what mends it. */
export const frenchSecurity = {
  'nav.radar': 'Radar',
  'radar.title': 'Radar de mise en service',
  'radar.intro':
    'Les bornes qui frappent et n’entrent pas, ou qui entrent sans rien dire : pourquoi, et ce qu’il faut changer. La page se tient à jour d’elle-même.',
  'radar.empty': 'Aucune connexion refusée ni inachevée depuis le démarrage du serveur.',
  'radar.empty.next':
    'Pour mettre une borne en service, déclarez sa station, puis réglez sur la borne l’adresse du serveur et son identité.',
  'radar.who': 'Borne',
  'radar.why': 'Raison',
  'radar.fix': 'Que faire',
  'radar.when': 'Dernier essai',
  'radar.from': 'Depuis',
  'radar.count': (count: number) => (count < 2 ? '1 essai' : `${count} essais`),
  'radar.no-identity': 'sans identité',
  'radar.solved': 'admise depuis',
  'radar.address': (address: string, path: string) => `${address} → ${path}`,
  'radar.certificates': 'Certificats',
  'radar.certificates.none': 'Aucun certificat : le port TLS est fermé et aucune borne n’en a reçu.',
  'radar.certificates.server': 'Serveur',
  'radar.certificates.expired': (when: string) => `expiré depuis le ${when}`,
  'radar.certificates.soon': (when: string) => `expire bientôt : le ${when}`,
  'radar.certificates.until': (when: string) => `valable jusqu’au ${when}`,
  'refusal.password-missing': 'sans mot de passe',
  'refusal.password-wrong': 'mot de passe faux',
  'refusal.password-username': 'nom d’utilisateur autre que l’identité',
  'refusal.password-too-often': 'trop de mots de passe faux',
  'refusal.said-nothing': 'connectée sans rien dire',
  'refusal.tls-failed': 'liaison TLS refusée',
  'refusal.certificate-unknown': 'certificat inconnu',
  'refusal.certificate-expired': 'certificat expiré',
  'refusal.certificate-other': 'certificat d’une autre borne',
  'refusal.drop-unknown': 'dépôt de fichiers : clé inconnue',
  'refusal.drop-expired': 'dépôt de fichiers : clé expirée',
  'refusal.drop-other-charger': 'dépôt de fichiers : clé d’une autre borne',
  'refusal.drop-closed': 'dépôt de fichiers : déjà servi',
  'refusal.drop-file-gone': 'dépôt de fichiers : fichier disparu',
  'refusal.drop-too-large': 'dépôt de fichiers : trop volumineux',
  'refusal.drop-broken': 'dépôt de fichiers : envoi interrompu',
  'refusal.drop-busy': 'dépôt de fichiers : trop de transferts',
  'refusal.drop-wrong-way': 'dépôt de fichiers : sens inverse',
  'fix.unknown-identity':
    'Déclarez une station avec exactement cette identité (onglet « Borne »), ou corrigez l’identité réglée sur la borne.',
  'fix.inactive': 'La station, la société ou la borne est inactive : décochez « Inactif » sur sa fiche.',
  'fix.identity-missing':
    'L’adresse réglée sur la borne doit finir par son identité : ws://serveur:8189/IDENTITE. Certaines bornes l’ajoutent seules : retirez alors ce qui suit le port.',
  'fix.identity-too-long': 'Raccourcissez l’identité à 48 caractères, sur la borne et sur la station.',
  'fix.identity-malformed':
    'L’identité contient des caractères interdits : gardez lettres, chiffres et . : + * ~ @ = - _, sur la borne et sur la station.',
  'fix.unsupported-subprotocol':
    'Réglez la borne sur OCPP 1.6 JSON (sous-protocole ocpp1.6) : elle en propose un autre.',
  'fix.not-a-websocket':
    'Ce port attend une borne OCPP 1.6 JSON. Une borne SOAP s’adresse au port 8181 (1.5) ou 8187 (1.6) ; un navigateur, aux pages.',
  'fix.storage-failure':
    'Le serveur ne pouvait pas lire sa base à ce moment : la borne recommencera. Voyez « Santé du serveur ».',
  'fix.password-missing':
    'La station a un mot de passe et la borne n’en envoie pas : réglez-le sur la borne (profil de sécurité 1 ou 2), ou retirez-le de la station.',
  'fix.password-wrong':
    'Le mot de passe de la borne n’est pas celui de la station : saisissez le même des deux côtés, en texte ou en hexadécimal.',
  'fix.password-username': 'La borne doit envoyer son identité, exactement, comme nom d’utilisateur.',
  'fix.password-too-often':
    'Corrigez le mot de passe réglé sur la borne ; elle sera de nouveau écoutée une minute après son dernier essai.',
  'fix.said-nothing':
    'La liaison s’ouvre puis se ferme sans message : vérifiez la version d’OCPP réglée sur la borne, et qu’aucun équipement intermédiaire ne coupe les WebSockets.',
  'fix.tls-failed':
    'La borne n’accepte pas le certificat ou le chiffrement du serveur : installez sur elle l’autorité qui a signé le certificat ci-dessous, et mettez-la à l’heure. TLS 1.2 est le minimum.',
  'fix.certificate-unknown':
    'Le certificat présenté n’a pas été signé par ce serveur : demandez à la borne d’en demander un (« Demander un message », SignChargePointCertificate).',
  'fix.certificate-expired':
    'Renouvelez le certificat de la borne : connectez-la avec son mot de passe et demandez-lui SignChargePointCertificate.',
  'fix.certificate-other':
    'Le certificat présenté est celui d’une autre borne : vérifiez l’identité réglée, ou renouvelez le certificat.',
  'fix.drop-unknown': 'Relancez le transfert depuis la page de la borne : chaque adresse ne sert qu’une fois.',
  'fix.drop-expired': 'L’adresse a expiré avant que la borne ne s’en serve : relancez le transfert.',
  'fix.drop-other-charger': 'Une borne s’est servie de l’adresse d’une autre : vérifiez leurs identités.',
  'fix.drop-closed': 'Ce fichier est déjà arrivé : rien à faire, ou relancez la demande.',
  'fix.drop-file-gone': 'Déposez de nouveau le fichier du logiciel, dans « Logiciels ».',
  'fix.drop-too-large': 'Demandez une période plus courte.',
  'fix.drop-broken': 'La liaison de la borne s’est coupée : elle recommencera, ou relancez la demande.',
  'fix.drop-busy': 'Trop de transferts à la fois : la borne recommencera.',
  'fix.drop-wrong-way': 'La borne confond envoi et téléchargement : relancez la commande qui convient.',
  'fix.unknown-path': 'Réglez sur la borne le chemin /ModuleOCPP15.svc (OCPP 1.5) ou /ModuleOCPP16.svc (OCPP 1.6).',
  'fix.envelope-too-large': 'La borne envoie un message trop long : mettez son logiciel à jour.',
  'fix.malformed-xml': 'La borne, ou un équipement intermédiaire, abîme les messages : voyez la trame dans le journal.',
  'fix.not-soap': 'Réglez la borne sur OCPP par SOAP, ou adressez-la au port 8189 si elle parle OCPP 1.6 JSON.',
  'fix.not-soap-1.2': 'Réglez la borne sur SOAP 1.2.',
  'fix.wrong-namespace': 'Réglez la borne sur le port et le chemin de sa version d’OCPP.',
  'fix.declared-1.6-json': 'Changez « Version OCPP » sur la fiche de la station, ou réglez la borne sur OCPP 1.6 JSON.',
  'fix.other': 'Voyez la ligne du journal des événements : elle porte l’adresse et la demande de la borne.',
  'credential.title': 'Mot de passe de la borne',
  'credential.hint':
    'Avec un mot de passe, seule la borne qui le présente est admise (OCPP 1.6 JSON, profil de sécurité 1, ou 2 en TLS). Il n’est jamais réaffiché.',
  'credential.none': 'Aucun : la borne est admise par sa seule identité, sa liaison n’est pas sécurisée.',
  'credential.set': (who: string, when: string) => `Défini par ${who}, ${when}.`,
  'credential.changing': 'Un nouveau a été envoyé à la borne : l’ancien reste admis jusqu’à ce qu’elle se reconnecte.',
  'credential.password': 'Nouveau mot de passe',
  'credential.password.hint':
    'De 16 à 40 caractères, ou 32 à 80 chiffres hexadécimaux : la borne peut l’envoyer sous l’une ou l’autre forme.',
  'credential.password.wrong': 'Écrivez de 16 à 40 caractères, ou de 32 à 80 chiffres hexadécimaux.',
  'credential.save': 'Enregistrer le mot de passe',
  'credential.rotate': 'En générer un et l’envoyer à la borne',
  'credential.rotate.offline':
    'La borne n’a pas de liaison ouverte : elle ne peut pas recevoir de nouveau mot de passe.',
  'credential.clear': 'Retirer le mot de passe',
  'credential.saved': 'C’est enregistré : la borne devra le présenter à sa prochaine connexion.',
  'credential.cleared': 'Le mot de passe est retiré.',
  'box.fact.security': 'Sécurité',
  'security-profile.0': 'aucune : identité seule',
  'security-profile.1': 'profil 1 : mot de passe',
  'security-profile.2': 'profil 2 : TLS et mot de passe',
  'security-profile.3': 'profil 3 : TLS et certificat',
  'form.authorization-key': 'Écrivez de 32 à 40 chiffres hexadécimaux.',
} as const;
