/** Chargers that are called where they listen: the words of « injoignable », and of what is refused on those ports. */
export const frenchSoap = {
  'cause.unreachable': 'la borne est injoignable',
  'box.unreachable': (why: string, address: string) =>
    `Injoignable : nous entendons cette borne, mais ne pouvons pas l’appeler${address === '' ? '' : ` à ${address}`} (${why}).`,
  'box.unreachable.fix':
    'Vérifiez dans « Configuration borne » comment la joindre : WS-Addressing, url fixe ou adresse de l’émetteur.',
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
  'refusal.unknown-path': 'chemin inconnu : la borne doit appeler /ModuleOCPP15.svc ou /ModuleOCPP16.svc',
  'refusal.envelope-too-large': 'message trop long',
  'refusal.malformed-xml': 'XML mal formé',
  'refusal.not-soap': 'ce n’est pas un message SOAP',
  'refusal.not-soap-1.2': 'autre version de SOAP : réglez la borne sur SOAP 1.2',
  'refusal.wrong-namespace': 'autre version d’OCPP : réglez la borne sur le port et le chemin de sa version',
  'refusal.declared-1.6-json': 'déclarée en OCPP 1.6 JSON : changez « Version OCPP » sur la fiche de la station',
  'remark.declared-1.5-soap': '(déclarée en OCPP 1.5 SOAP)',
  'remark.declared-1.6-soap': '(déclarée en OCPP 1.6 SOAP)',
} as const;
