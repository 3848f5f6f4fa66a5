import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { departmentOf, distanceM, plainName, type Commune, type Position } from '#src/domain/places.ts';

/** Beyond, a position is in no commune of ours: at sea, or abroad. */
const NEAREST_M_MAX = 30_000;
/** Chargers are answered between two bites of the list. */
const LINES_AT_ONCE = 500;
const CELL_DEGREES = 0.2;
/** A cell of 0.2° is 11 km wide even at 60° north, so that three of them reach further than `NEAREST_M_MAX`. */
const CELLS_AROUND = 3;
/** By how much of a word it is looked up. */
const KEY_CHARACTERS = 2;
/** Postcodes of Corsica begin with 20, its departments are 2A and 2B. */
const CORSICA = '20';

type Entry = { readonly commune: Commune; readonly plain: string; readonly words: readonly string[] };

/** Every commune of France in memory, found by its name, its postcode or its place. */
export class Gazetteer {
  readonly #byName = new Map<string, Entry[]>();
  readonly #byPostcode = new Map<string, Entry[]>();
  readonly #byWord = new Map<string, Set<Entry>>();
  readonly #byCell = new Map<string, Entry[]>();

  add(commune: Commune): void {
    const plain = plainName(commune.name);
    const entry = { commune, plain, words: [...plain.split(' '), ...commune.postcodes] };
    push(this.#byName, plain, entry);
    for (const postcode of commune.postcodes) push(this.#byPostcode, postcode, entry);
    for (const word of entry.words) {
      const key = word.slice(0, KEY_CHARACTERS);
      this.#byWord.set(key, (this.#byWord.get(key) ?? new Set()).add(entry));
    }
    push(this.#byCell, cellOf(commune.position, 0, 0), entry);
  }

  /** The commune of this name at this postcode; else of this name in the department of the postcode. */
  named(postcode: string, city: string): Commune | null {
    const name = plainName(city.replace(/\bcedex\b.*$/i, ''));
    if (name === '') return null;
    const there = this.#byPostcode.get(postcode) ?? [];
    const same = this.#byName.get(name) ?? [];
    return (
      largest(there.filter(({ plain }) => plain === name)) ??
      // « Paris 11e », « Saint-Denis » for « Saint-Denis-en-Val »: what is written begins the name, or goes on after it.
      largest(there.filter(({ plain }) => `${name} `.startsWith(`${plain} `) || plain.startsWith(`${name} `))) ??
      largest(same.filter(({ commune }) => postcode === '' || departmentBegins(postcode, commune)))
    );
  }

  /** The largest commune of a postcode. */
  atPostcode(postcode: string): Commune | null {
    return largest(this.#byPostcode.get(postcode) ?? []);
  }

  nearest(position: Position): Commune | null {
    let best: Commune | null = null;
    let bestM = NEAREST_M_MAX;
    for (let north = -CELLS_AROUND; north <= CELLS_AROUND; north++) {
      for (let east = -CELLS_AROUND; east <= CELLS_AROUND; east++) {
        for (const { commune } of this.#byCell.get(cellOf(position, north, east)) ?? []) {
          const awayM = distanceM(position, commune.position);
          if (awayM > bestM) continue;
          bestM = awayM;
          best = commune;
        }
      }
    }
    return best;
  }

  /** Every typed word begins a word or a postcode of each; the whole name first, then its beginning, then the largest. */
  suggest(typed: string, limit: number): readonly Commune[] {
    const plain = plainName(typed);
    const words = plain.split(' ');
    const key = words.find((word) => word.length >= KEY_CHARACTERS)?.slice(0, KEY_CHARACTERS);
    if (key === undefined) return [];
    const rank = (entry: Entry): number => (entry.plain === plain ? 0 : entry.plain.startsWith(plain) ? 1 : 2);
    return [...(this.#byWord.get(key) ?? [])]
      .filter((entry) => words.every((word) => entry.words.some((one) => one.startsWith(word))))
      .toSorted((one, other) => rank(one) - rank(other) || other.commune.population - one.commune.population)
      .slice(0, limit)
      .map(({ commune }) => commune);
  }
}

/** Reads the lists beside this file, in bites. */
export async function readGazetteer(): Promise<Gazetteer> {
  const [communes, departments] = await Promise.all(['communes.tsv', 'departments.tsv'].map(rowsOf));
  const names = new Map(departments?.map(([code = '', name = '']) => [code, name]));
  const gazetteer = new Gazetteer();
  for (const [index, row] of (communes ?? []).entries()) {
    if (index % LINES_AT_ONCE === 0) await nextTurn();
    const [code = '', name = '', postcodes = '', population, latitude, longitude] = row;
    const department = departmentOf(code);
    gazetteer.add({
      code,
      name,
      postcodes: postcodes.split(' '),
      department: { code: department, name: names.get(department) ?? '' },
      population: Number(population),
      position: { latitude: Number(latitude), longitude: Number(longitude) },
    });
  }
  return gazetteer;
}

async function rowsOf(file: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(new URL(file, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
}

function cellOf({ latitude, longitude }: Position, north: number, east: number): string {
  return `${Math.floor(latitude / CELL_DEGREES) + north} ${Math.floor(longitude / CELL_DEGREES) + east}`;
}

function departmentBegins(postcode: string, { department }: Commune): boolean {
  return postcode.startsWith(CORSICA)
    ? department.code.startsWith('2') && /[AB]$/.test(department.code)
    : postcode.startsWith(department.code);
}

function largest(entries: readonly Entry[]): Commune | null {
  let best: Commune | null = null;
  for (const { commune } of entries) if (best === null || commune.population > best.population) best = commune;
  return best;
}

function push(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = index.get(key);
  if (entries === undefined) index.set(key, [entry]);
  else entries.push(entry);
}
