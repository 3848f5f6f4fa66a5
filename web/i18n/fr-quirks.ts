import { plural } from './plural.ts';

const n = plural('fr');

/** What is forgiven to chargers, explained to whoever maintains them. */
export const frenchQuirks = {
  'nav.quirks': 'Passeport des écarts',
  'quirks.title': 'Passeport des écarts',
  'quirks.intro':
    'Ce que le serveur a dû pardonner à vos bornes pour les comprendre, par marque, modèle et logiciel. Transmettez cette liste au constructeur : chaque écart y est expliqué, avec un exemple.',
  'quirks.none': 'Aucun écart relevé : vos bornes parlent comme la norme le demande.',
  'quirks.csv': 'Exporter en CSV',
  'quirks.unnamed': 'Marque non annoncée',
  'quirks.firmware': (firmware: string) => `Logiciel ${firmware}`,
  'quirks.no-firmware': 'Logiciel non annoncé',
  'quirks.chargers': (count: number, text: string) => n(count, { one: `${text} borne`, other: `${text} bornes` }),
  'quirks.tolerance': 'Écart',
  'quirks.explained': 'Ce que cela veut dire',
  'quirks.count': 'Utilisations',
  'quirks.charge-points': 'Bornes',
  'quirks.last': 'Dernière fois',
  'quirks.example': 'Exemples',
  'quirks.example.of': (chargePointId: string) => `dans le journal de ${chargePointId}`,
  'habit.title': 'Profils de charge : ce que ces bornes acceptent',
  'habit.purpose': (asked: string, taken: string) => `${taken} à la place de ${asked}`,
  'habit.level': (level: number) => `niveau de pile ${level} au plus`,
  'habit.unit': (unit: string) => `limites en ${unit} seulement`,
  'habit.zero': 'pas de limite à 0 : la plus petite intensité la remplace',
  'habit.composite': 'pas de planning composite',
  'quirks.make': 'Marque',
  'quirks.model': 'Modèle',
  'quirks.firmware.column': 'Logiciel',
  'quirks.last-by': 'Dernière borne',
  'quirk.repaired-json':
    'La trame n’est pas du JSON valide : une virgule, un crochet ou une valeur manquait. Le serveur l’a réparée.',
  'quirk.message-id-not-text': 'Le numéro de message est un nombre ; la norme demande un texte entre guillemets.',
  'quirk.message-id-reused': 'Le même numéro de message a servi à deux demandes différentes sur une même connexion.',
  'quirk.null-payload': 'Le contenu de la demande est « null » ; la norme demande un objet, même vide.',
  'quirk.coerced-type':
    'Un champ n’a pas le type demandé, par exemple un nombre écrit entre guillemets. Il a été converti.',
  'quirk.over-long': 'Un texte dépasse la longueur permise par la norme. Il a été gardé.',
  'quirk.padded-text': 'Un texte est entouré d’espaces ou contient des caractères de contrôle. Ils ont été retirés.',
  'quirk.unknown-enum':
    'Un mot n’est pas dans la liste de la norme (état, erreur, motif…). Il a été lu comme « autre ».',
  'quirk.extra-property': 'Un champ que la norme ne connaît pas a été envoyé. Il a été ignoré.',
  'quirk.missing-property': 'Un champ obligatoire manque. Une valeur prudente l’a remplacé.',
  'quirk.odd-timestamp': 'Une date n’est pas écrite comme la norme le demande, ou ne peut pas être vraie.',
  'quirk.odd-transaction-id':
    'Un numéro de transaction ne peut pas venir de ce serveur. La recharge a été retrouvée autrement.',
  'quirk.odd-unit': 'Une unité n’est pas celle de la norme. La mesure a été convertie.',
  'quirk.odd-value': 'Une valeur est hors de ce qui est possible. Elle a été corrigée ou laissée de côté.',
  'quirk.unknown-message-type': 'La trame n’est ni une demande, ni une réponse, ni une erreur. Elle a été ignorée.',
  'quirk.no-subprotocol': 'La borne n’annonce pas « ocpp1.6 » en se connectant. OCPP 1.6 a été supposé.',
  'quirk.unsupported-subprotocol':
    'La borne annonce un autre sous-protocole que « ocpp1.6 » en se connectant. OCPP 1.6 a été supposé, comme le demande sa fiche.',
  'quirk.no-connection-upgrade':
    'La borne demande un WebSocket sans l’en-tête « Connection: Upgrade », obligatoire. Il a été ajouté.',
  'quirk.odd-path': 'L’adresse appelée finit par une barre, ou porte deux fois l’identité de la borne.',
  'quirk.missing-header':
    'Un en-tête SOAP que la norme demande manque (Action ou MessageID). La demande a été lue d’après son contenu.',
  'quirk.odd-namespace':
    'L’espace de noms XML n’est pas celui de la norme, à la lettre. Le contenu a été lu quand même.',
  'quirk.bad-frame':
    'La trame ne peut pas être lue : la borne a reçu l’erreur du protocole, et la liaison a été gardée.',
} as const;
