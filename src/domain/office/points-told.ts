import { foldedKey } from '../forced-keys.ts';
import type { Values } from './field.ts';
import { defaultPoint, EVSES_MAX, OUTLET_NUMBERS, outletsOf, type OutletNumber } from './points.ts';

/** STA-25: the points that people have described, beside what their charger tells of itself. */

/** OCPP 1.6 §9.1: how many connectors there are; they are numbered from 1 on. */
const COUNTING_KEY = 'NumberOfConnectors';
/** No charger has more; a key that says so is not believed. */
const CONNECTORS_MAX = 99;

export type DescribedPoint = { readonly inactive: boolean; readonly values: Values };
export type ToldPoints = {
  /** The connectors, or the points of a Pulse kit, that it has spoken of. */
  readonly spokenOf: readonly number[];
  /** Null until it has told. */
  readonly counted: number | null;
  /** Of a kit alone, whose points are known by their numbers: the sockets that it spoke of, by point. */
  readonly sockets: ReadonlyMap<number, readonly number[]> | null;
};

export type PointDifference =
  /** It speaks of these, and no point or socket here has them. */
  | { readonly why: 'not-declared'; readonly connectorIds: readonly number[] }
  /** They are in use here, and it says that it has no more than `counted`. */
  | { readonly why: 'not-counted'; readonly connectorIds: readonly number[]; readonly counted: number }
  /** They are in use here, and it has told nothing of them yet. */
  | { readonly why: 'not-spoken-of'; readonly connectorIds: readonly number[] }
  | { readonly why: 'socket-not-declared'; readonly point: number; readonly sockets: readonly number[] };

/** One step towards the points as the charger tells them. `outlet` null: of the point as a whole. */
export type PointChange =
  | {
      readonly type: 'connector';
      readonly point: number;
      readonly outlet: OutletNumber | null;
      readonly from: number | null;
      readonly to: number;
    }
  | { readonly type: 'add'; readonly point: number; readonly connectorId: number }
  /** What the charger does not have is kept, and treated as though it were not there (MOD-06). */
  | { readonly type: 'inactive'; readonly point: number; readonly outlet: OutletNumber | null }
  | { readonly type: 'outlet'; readonly point: number; readonly outlet: OutletNumber };

/** Reads what a charger has told; `told` is a kit's own words as they came, of which what cannot be read is left out. */
export function toldPoints(of: {
  readonly isKit: boolean;
  readonly spokenOf: readonly number[];
  readonly configuration: readonly { readonly key: string; readonly value?: string | undefined }[];
  readonly told: Readonly<Record<string, string>>;
}): ToldPoints {
  const spoken = of.spokenOf.filter((one) => one > 0);
  if (!of.isKit) {
    const said = of.configuration.find(({ key }) => foldedKey(key) === foldedKey(COUNTING_KEY))?.value ?? '';
    const counted = /^\d{1,2}$/.test(said.trim()) ? Number(said) : 0;
    return { spokenOf: inOrder(spoken), counted: counted > 0 ? counted : null, sockets: null };
  }
  const sockets = new Map<number, readonly number[]>();
  for (let point = 1; point <= EVSES_MAX; point++) {
    const text = of.told[`point/${point}`];
    if (text !== undefined) sockets.set(point, socketsIn(text));
  }
  return { spokenOf: inOrder([...spoken, ...sockets.keys()]), counted: null, sockets };
}

/** In what the two differ, the plainest first; nothing is said of a charger that has told nothing. */
export function differencesOf(points: readonly DescribedPoint[], told: ToldPoints): readonly PointDifference[] {
  const differences: PointDifference[] = [];
  const strange = notDeclared(points, told);
  if (strange.length > 0) differences.push({ why: 'not-declared', connectorIds: strange });
  const absent = notTold(points, told);
  if (absent.length > 0 && told.counted !== null)
    differences.push({ why: 'not-counted', connectorIds: absent, counted: told.counted });
  else if (absent.length > 0) differences.push({ why: 'not-spoken-of', connectorIds: absent });
  for (const { point, sockets } of strangeSockets(points, told))
    differences.push({ why: 'socket-not-declared', point, sockets });
  return differences;
}

/**
 * What would make the points as the charger tells them: a connector that it does not have becomes one that nobody here
 * has, else its point or socket is put out of use; then points are added, as far as there may be more. A connector that
 * it has only not spoken of yet stays: it may speak of it at its next start.
 */
export function proposedChanges(points: readonly DescribedPoint[], told: ToldPoints): readonly PointChange[] {
  const strange = [...notDeclared(points, told)];
  const absent = told.counted === null ? [] : [...notTold(points, told)];
  const changes: PointChange[] = [];
  while (strange.length > 0 && absent.length > 0) {
    const [to, from] = [strange.shift() ?? 0, absent.shift() ?? 0];
    for (const { point, outlet } of slotsOf(points).filter((slot) => slot.connectorId === from))
      changes.push({ type: 'connector', point, outlet, from, to });
  }
  changes.push(...outOfUse(points, absent));
  const bare = told.sockets === null ? points.filter((point) => !point.inactive && isBare(point)) : [];
  for (const point of bare) {
    const to = strange.shift();
    if (to !== undefined) changes.push({ type: 'connector', point: numberOf(point), outlet: null, from: null, to });
  }
  // The points of a kit have no gaps: where it speaks of the third, there are three.
  const more = told.sockets === null ? strange : upTo(points.length + 1, Math.max(0, ...strange));
  for (const [index, connectorId] of more.slice(0, EVSES_MAX - points.length).entries())
    changes.push({ type: 'add', point: points.length + index + 1, connectorId });
  for (const { point, sockets } of strangeSockets(points, told))
    changes.push(...sockets.map((outlet): PointChange => ({ type: 'outlet', point, outlet })));
  return changes;
}

/** The points after these changes, new ones last; null where a change does not fit them any more. */
export function withChanges(
  points: readonly DescribedPoint[],
  changes: readonly PointChange[],
): readonly DescribedPoint[] | null {
  const after = points.map(({ inactive, values }) => ({ inactive, values: { ...values } }));
  for (const change of changes) {
    if (change.type === 'add') {
      if (change.point !== after.length + 1 || change.point > EVSES_MAX) return null;
      const values = { ...defaultPoint(change.point), connectorId: change.connectorId };
      after.push({ inactive: false, values });
      continue;
    }
    const point = after.find(({ values }) => values['number'] === change.point);
    if (point === undefined) return null;
    const cell = change.outlet === null ? null : `outlet${change.outlet}`;
    if (change.type === 'outlet') {
      if ((point.values[`${cell}Type`] ?? null) !== null) return null;
      point.values = { ...point.values, [`${cell}Type`]: 'unspecified' };
    } else if (change.type === 'inactive') {
      if (cell === null) point.inactive = true;
      else point.values = { ...point.values, [`${cell}Inactive`]: true };
    } else {
      const name = cell === null ? 'connectorId' : `${cell}ConnectorId`;
      if ((point.values[name] ?? null) !== change.from) return null;
      point.values = { ...point.values, [name]: change.to };
    }
  }
  return after;
}

type Slot = {
  readonly point: number;
  readonly outlet: OutletNumber | null;
  readonly connectorId: number;
  readonly isInUse: boolean;
};

/** Where connectorIds stand (OCP-06). */
function slotsOf(points: readonly DescribedPoint[]): readonly Slot[] {
  return points.flatMap((described) => {
    const { inactive, values } = described;
    const point = numberOf(described);
    const own = values['connectorId'];
    const whole: Slot[] =
      typeof own === 'number' ? [{ point, outlet: null, connectorId: own, isInUse: !inactive }] : [];
    const outlets = outletsOf(values).flatMap(({ number, connectorId, inactive: isOff }): Slot[] =>
      connectorId === null ? [] : [{ point, outlet: number, connectorId, isInUse: !inactive && !isOff }],
    );
    return [...whole, ...outlets];
  });
}

/** A kit knows its points by their numbers. */
function declaredBy(points: readonly DescribedPoint[], { sockets }: ToldPoints): readonly Omit<Slot, 'outlet'>[] {
  if (sockets === null) return slotsOf(points);
  return points.map((one) => ({ point: numberOf(one), connectorId: numberOf(one), isInUse: !one.inactive }));
}

function notDeclared(points: readonly DescribedPoint[], told: ToldPoints): readonly number[] {
  const declared = new Set(declaredBy(points, told).map(({ connectorId }) => connectorId));
  return connectorsOf(told).filter((one) => !declared.has(one));
}

function notTold(points: readonly DescribedPoint[], told: ToldPoints): readonly number[] {
  const known = new Set(connectorsOf(told));
  if (known.size === 0) return [];
  const used = declaredBy(points, told).flatMap(({ connectorId, isInUse }) => (isInUse ? [connectorId] : []));
  return inOrder(used.filter((one) => !known.has(one)));
}

/** Those that it has, by its own words. */
export function connectorsOf({ spokenOf, counted }: ToldPoints): readonly number[] {
  return inOrder([...spokenOf, ...upTo(1, counted ?? 0)]).filter((one) => one <= CONNECTORS_MAX);
}

/** A point whose every connector is absent goes out of use as a whole. */
function outOfUse(points: readonly DescribedPoint[], absent: readonly number[]): readonly PointChange[] {
  const slots = slotsOf(points).filter(({ isInUse }) => isInUse);
  return points.flatMap((described): readonly PointChange[] => {
    const point = numberOf(described);
    const own = slots.filter((slot) => slot.point === point);
    const gone = own.filter(({ connectorId }) => absent.includes(connectorId));
    if (gone.length === 0) return [];
    if (gone.length === own.length) return [{ type: 'inactive', point, outlet: null }];
    return gone.map(({ outlet }) => ({ type: 'inactive', point, outlet }));
  });
}

function strangeSockets(points: readonly DescribedPoint[], { sockets }: ToldPoints) {
  return points.flatMap((described) => {
    const point = numberOf(described);
    const known = new Set<number>(outletsOf(described.values).map(({ number }) => number));
    const spoken = sockets?.get(point) ?? [];
    const strange = OUTLET_NUMBERS.filter((number) => spoken.includes(number) && !known.has(number));
    return strange.length === 0 ? [] : [{ point, sockets: strange }];
  });
}

function isBare(point: DescribedPoint): boolean {
  return slotsOf([point]).length === 0;
}

function numberOf({ values }: DescribedPoint): number {
  return Number(values['number']);
}

function socketsIn(text: string): readonly number[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  const { sockets } = (value ?? {}) as { readonly sockets?: unknown };
  if (!Array.isArray(sockets)) return [];
  return inOrder(sockets.map((one: unknown) => Number((one as { readonly socket?: unknown } | null)?.socket)));
}

function inOrder(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].filter((one) => Number.isSafeInteger(one)).toSorted((a, b) => a - b);
}

function upTo(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
