/** Words that seeded records are made of: accents and all, so that searches meet what they meet in life. */
const CITIES =
  'Rennes,Brest,Quimper,Lorient,Vannes,Saint-Malo,Nantes,Angers,Le Mans,Laval,Évreux,Rouen,Le Havre,Caen,Cherbourg,Lille,Roubaix,Calais,Amiens,Reims,Châlons,Metz,Nancy,Strasbourg,Mulhouse,Besançon,Dijon,Mâcon,Lyon,Saint-Étienne,Grenoble,Chambéry,Annecy,Nîmes,Montpellier,Béziers,Perpignan,Toulouse,Albi,Pau,Bayonne,Bordeaux,Périgueux,Limoges,Poitiers,Tours,Orléans,Blois,Bourges,Nevers'.split(
    ',',
  );
const STREETS =
  'rue de la Gare,avenue du Général-Leclerc,quai de la Douane,place de la République,rue des Écoles,boulevard de la Liberté,chemin du Moulin,impasse des Hêtres,allée des Chênes,route de l’Océan,rue Victor-Hugo,place du Marché,cours de Vincennes,rue Pasteur,avenue Jean-Jaurès'.split(
    ',',
  );
const FIRST_NAMES =
  'Camille,Hélène,Yann,Soizic,Inès,Léa,Hugo,Chloé,Théo,Zoé,Noël,Aurélie,Gaëlle,François,Benoît,Sébastien,Agnès,Mathilde,Loïc,Maëlle,Jérôme,Anaïs,Élodie,Rémi,Nicolas,Sophie,Pierre,Marie,Paul,Jeanne'.split(
    ',',
  );
const LAST_NAMES =
  'Roux,Kervella,Guillou,Moreau,Lefèvre,Dupont,Durand,Petit,Bernard,Thomas,Robert,Richard,Dubois,Laurent,Simon,Michel,Garcia,David,Bertrand,Fournier,Girard,Bonnet,Lambert,Fontaine,Rousseau,Vincent,Müller,Leclerc,Gautier,Perrin,Morin,Mathieu,Clément,Gauthier,Dumont,López,Fontenay,Chevalier,Blanc,Guérin,Boyer,Garnier,Chauvin,François,Rivière,Noël,Mercier,Jean,Barbier,Arnaud'.split(
    ',',
  );

/** Spreads neighbouring numbers, always in the same way: the same recipe makes the same database. */
function spread(n: number, salt: number): number {
  let mixed = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

/** A whole number below `below`. */
export function pick(n: number, salt: number, below: number): number {
  return spread(n, salt) % below;
}

export type Place = { readonly address: string; readonly postcode: string; readonly city: string };

export function placeOf(n: number): Place {
  const city = pick(n, 1, CITIES.length);
  const number = 1 + pick(n, 2, 180);
  return {
    address: `${number} ${STREETS[pick(n, 3, STREETS.length)] ?? ''}`,
    postcode: String(10_000 + city * 1_700 + pick(n, 4, 90) * 10),
    city: CITIES[city] ?? '',
  };
}

export function personOf(n: number): string {
  return `${FIRST_NAMES[pick(n, 5, FIRST_NAMES.length)] ?? ''} ${LAST_NAMES[pick(n, 6, LAST_NAMES.length)] ?? ''}`;
}

/** The badge of a customer. */
export function badgeOf(person: number): string {
  return `CLIENT${String(person).padStart(6, '0')}`;
}
