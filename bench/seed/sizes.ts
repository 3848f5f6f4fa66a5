/** How much a seeded database holds. */
export type Sizes = {
  readonly merchants: number;
  readonly companiesEach: number;
  readonly stationsEach: number;
  /** Customers of each merchant; each has a badge and a wallet. */
  readonly peopleEach: number;
  readonly usersEach: number;
  readonly maintainers: number;
  /** Companies that the first maintainer looks after. */
  readonly maintained: number;
  readonly events: number;
  readonly sessions: number;
  readonly reviews: number;
  readonly audits: number;
  readonly deletionsEach: number;
};

/** Issue « how fast, how small »: 200 merchants, 20,000 stations, 200,000 customers, 5 million events. */
export const FULL: Sizes = {
  merchants: 200,
  companiesEach: 5,
  stationsEach: 100,
  peopleEach: 1_000,
  usersEach: 20,
  maintainers: 6,
  maintained: 400,
  events: 5_000_000,
  sessions: 500_000,
  reviews: 4_000,
  audits: 100_000,
  deletionsEach: 10,
};

/** A tenth of it, for trying. */
export const SMALL: Sizes = {
  ...FULL,
  merchants: 20,
  maintained: 40,
  events: 200_000,
  sessions: 50_000,
  reviews: 400,
  audits: 10_000,
};

export function stationsOf({ merchants, stationsEach }: Sizes): number {
  return merchants * stationsEach;
}

export function peopleOf({ merchants, peopleEach }: Sizes): number {
  return merchants * peopleEach;
}
