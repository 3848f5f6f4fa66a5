import { plural } from './plural.ts';

const n = plural('fr');

/** The words of a station's form beyond its fields: its points beside what its charger tells. */
export const frenchStations = {
  'station.keys': 'Les changer sur sa page',
  'station.keys.see': 'Voir la page de la borne',
  'points-told.same': (ids: readonly number[]) => `Comme la borne les dit : ${connectors(ids)}.`,
  'points-told.silent': 'La borne n’a encore rien dit de ses connecteurs.',
  'points-told.differs': 'La borne ne dit pas la même chose de ses points de charge :',
  'points-told.not-declared': (ids: readonly number[]) =>
    n(ids.length, {
      one: `elle parle du ${connectors(ids)}, qui n’est ici ni un point ni une prise`,
      other: `elle parle des ${connectors(ids)}, qui ne sont ici ni des points ni des prises`,
    }),
  'points-told.not-counted': (ids: readonly number[], counted: number) =>
    `elle dit avoir ${n(counted, { one: `${counted} connecteur`, other: `${counted} connecteurs` })} (NumberOfConnectors), sans ${connectors(ids)}`,
  'points-told.not-spoken-of': (ids: readonly number[]) =>
    n(ids.length, {
      one: `elle n’a encore rien dit du ${connectors(ids)}`,
      other: `elle n’a encore rien dit des ${connectors(ids)}`,
    }),
  'points-told.socket-not-declared': (point: number, sockets: readonly number[]) =>
    n(sockets.length, {
      one: `elle parle de la prise ${listed(sockets)} du point ${point}, qui n’est pas décrite ici`,
      other: `elle parle des prises ${listed(sockets)} du point ${point}, qui ne sont pas décrites ici`,
    }),
  'points-told.read-keys': 'Lire ses clés de configuration dira combien elle en a',
  'points-told.propose': 'Proposer les points comme elle les dit',
  'points-told.look': 'Voir les points de la station',
  'points-told.title': 'Les points comme la borne les dit',
  'points-told.would': 'Ce qui serait corrigé',
  'points-told.hint': 'Rien n’est enregistré avant que vous ne le demandiez.',
  'points-told.nothing': 'Il n’y a rien à corriger.',
  'points-told.changed': 'Les points ou la borne ont changé entre-temps : voici ce qui serait corrigé maintenant.',
  'points-told.saved': 'Les points sont enregistrés comme la borne les dit.',
  'points-told.save': 'Enregistrer ces points',
  'points-told.change.connector': (place: string, from: number | null, to: number) =>
    from === null ? `${place} : connecteur ${to}` : `${place} : connecteur ${to} au lieu de ${from}`,
  'points-told.change.add': (point: number, connectorId: number) =>
    `Point ${point} ajouté, connecteur ${connectorId}, avec une prise à décrire`,
  'points-told.change.inactive': (place: string) => `${place} : inactif, sa description est conservée`,
  'points-told.change.outlet': (place: string) => `${place} ajoutée, de type non précisé`,
  'points-told.place': (point: number, outlet: number) => `Point ${point}, prise ${outlet}`,
  'points-told.left': (ids: readonly number[]) =>
    n(ids.length, {
      one: `Il ne reste pas de point pour le ${connectors(ids)} (quatre au plus) : décrivez-le comme une prise.`,
      other: `Il ne reste pas de point pour les ${connectors(ids)} (quatre au plus) : décrivez-les comme des prises.`,
    }),
} as const;

function listed(numbers: readonly number[]): string {
  return new Intl.ListFormat('fr').format(numbers.map(String));
}

function connectors(ids: readonly number[]): string {
  return n(ids.length, { one: `connecteur ${listed(ids)}`, other: `connecteurs ${listed(ids)}` });
}
