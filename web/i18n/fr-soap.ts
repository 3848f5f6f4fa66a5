/** Chargers that are called where they listen: the words of « injoignable », and of what is refused on those ports. */
export const frenchSoap = {
  'cause.unreachable': 'la borne est injoignable',
  'box.unreachable': 'Injoignable depuis',
  'box.unreachable.why': (why: string, address: string) =>
    `Nous entendons cette borne, mais ne pouvons pas l’appeler${address === '' ? '' : ` à ${address}`} (${why}).`,
  'box.unreachable.fix':
    'Vérifiez dans «\u00a0Configuration borne\u00a0» comment la joindre : WS-Addressing, url fixe ou adresse de l’émetteur.',
  'unreachable.no-address': 'elle ne donne pas son adresse, et aucune n’est renseignée',
  'unreachable.bad-address': 'cette adresse n’est pas une adresse http',
  'unreachable.forbidden-address': 'cette adresse désigne le serveur lui-même',
  'unreachable.unknown-host': 'ce nom n’existe pas',
  'unreachable.connection-refused': 'connexion refusée',
  'unreachable.no-route': 'aucun chemin réseau n’y mène',
  'unreachable.timed-out': 'aucune réponse du réseau',
  'unreachable.hung-up': 'la connexion a été coupée',
  'unreachable.bad-certificate': 'son certificat n’est pas reconnu',
  'unreachable.not-soap': 'ce n’est pas une borne qui répond',
  'protocol.ocpp-1.6-json': 'OCPP 1.6 JSON',
  'protocol.ocpp-1.6-soap': 'OCPP 1.6 SOAP',
  'protocol.ocpp-1.5-soap': 'OCPP 1.5 SOAP',
  'protocol.lafonpulse': 'LafonPulse',
  'connector.status.Occupied': 'Occupé',
  'refusal.unknown-path': 'chemin inconnu : la borne doit appeler /ModuleOCPP15.svc ou /ModuleOCPP16.svc',
  'refusal.envelope-too-large': 'message trop long',
  'refusal.malformed-xml': 'XML mal formé',
  'refusal.not-soap': 'ce n’est pas un message SOAP',
  'refusal.not-soap-1.2': 'autre version de SOAP : réglez la borne sur SOAP 1.2',
  'refusal.wrong-namespace': 'autre version d’OCPP : réglez la borne sur le port et le chemin de sa version',
  'refusal.declared-1.6-json':
    'déclarée en OCPP 1.6 JSON : changez «\u00a0Version OCPP\u00a0» sur la fiche de la station',
  'remark.declared-1.5-soap': '(déclarée en OCPP 1.5 SOAP)',
  'remark.declared-1.6-soap': '(déclarée en OCPP 1.6 SOAP)',
} as const;
