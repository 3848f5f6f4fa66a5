/** The page of the demonstration that disturbs its simulated chargers. */
export const frenchWeather = {
  'weather.title': 'Bornes simulées',
  'weather.intro':
    'Ces curseurs changent tout de suite la simulation en cours, kits Pulse compris : regardez ce qu’en font l’état du parc, le journal et les alertes.',
  'weather.lossPercent': 'Messages perdus',
  'weather.delayMs': 'Retard moyen d’un message',
  'weather.skewSeconds': 'Horloge des bornes (avance, ou retard si négatif)',
  'weather.duplicatesPercent': 'Messages reçus deux fois',
  'weather.reorderPercent': 'Messages dépassés par d’autres',
  'weather.unit.lossPercent': '%',
  'weather.unit.delayMs': 'ms',
  'weather.unit.skewSeconds': 's',
  'weather.unit.duplicatesPercent': '%',
  'weather.unit.reorderPercent': '%',
  'weather.apply': 'Appliquer',
  'weather.calm': 'Retour au calme',
  'weather.applied': 'La simulation suit ces réglages.',
  'weather.wrong': 'Un réglage sort de ses limites : rien n’a changé.',
  'weather.command-line': 'Le même essai contre n’importe quel serveur :',
  'weather.command-line-kits': 'Pour des kits Pulse, chacun sur sa ligne avec son numéro de série et sa clé :',
} as const;
